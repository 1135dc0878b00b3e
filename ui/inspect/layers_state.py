"""The Layers page's choices in the address, and its pictures to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import streamlit as st

from cnn.errors import ConvScopeError
from cnn.graph import CONVOLUTION_KINDS, Graph
from cnn.layers import ablation, feature_maps
from cnn.layers.feature_maps import COLOR_SCALES
from ui.components.feature_map_grid.feature_map_grid import UnitPick, valid_unit_pick
from ui.images import figure_png, tiling
from ui.images.figure_png import FigurePanel, FigureScale
from ui.inspect import layers_data, layers_kernels
from ui.resources import network_cache
from ui.selection.address import COLUMN, LAYER, ROW, UNIT, drop_from_address, keep_in_address
from ui.selection.network_and_input import NetworkAndInput
from ui.text import layer_text
from ui.text.whole_number import whole_number

SCALE: Final = "scale"  # in the address
SCALE_TITLES: Final = {"unit": "channel", "layer": "layer", "network": "network"}


def opens_or_says_why(name: str) -> bool:
    """Open a network; where that fails, say why and what to do."""
    try:
        network_cache.opened_network(name)
    except ConvScopeError as error:
        st.error(str(error))
        return False
    return True


def layer_from_address(graph: Graph) -> str:
    """Read which layer is meant from the address, else from this session; else the first convolution.

    Of that, what goes on from it: before a ReLU what is strongest may be far below 0, and silent behind it.
    """
    first = next((layer.name for layer in graph.layers if layer.kind in CONVOLUTION_KINDS), graph.logits.name)
    first = ablation.ablation_point(graph, first)
    wanted = (st.query_params.get(LAYER, ""), st.session_state.get("layers:layer", ""))
    return next((name for name in wanted if name in graph.names), first)


def unit_from_address(subject: NetworkAndInput, layer: str) -> UnitPick:
    """Read which unit is meant from the address, where it speaks of this layer.

    Else the unit stays while layers follow each other unit by unit, and a new one begins with its most active.
    """
    maps = layers_data.layer_maps(subject, layer)
    shape = (maps.shape[0], maps.shape[1], maps.shape[2])
    if st.query_params.get(LAYER) == layer:
        asked_for = [st.query_params.get(name, "") for name in (ROW, COLUMN, UNIT)]
        *place, unit = map(whole_number, asked_for, shape)
        asked = valid_unit_pick(unit, place, shape)
        if asked is not None:
            return asked
    before, units = st.session_state.get("layers:unit", (0, 0))
    return UnitPick(before if units == shape[2] else feature_maps.most_active_unit(maps))


def remember_unit(layer: str, pick: UnitPick, units: int) -> None:
    """Write what is looked at to the address and to the session."""
    st.session_state["layers:layer"] = layer
    st.session_state["layers:unit"] = (pick.unit, units)
    for name, value in unit_query(layer, pick).items():
        keep_in_address(name, value)
    if pick.place is None:
        drop_from_address(ROW, COLUMN)


def unit_query(layer: str, pick: UnitPick) -> dict[str, str]:
    """Name a layer, a unit and a place as addresses do."""
    place = dict(zip((ROW, COLUMN), map(str, pick.place), strict=True)) if pick.place else {}
    return {LAYER: layer, UNIT: str(pick.unit), **place}


def choose_scale(photo: bool) -> str:
    """Let a person choose what shares one colour scale; the address keeps it where it is not what is chosen at first.

    On a photo that is one scale a channel: on the layer's, a few bright channels leave all others black.
    """
    options, first = list(COLOR_SCALES), "unit" if photo else "layer"
    asked = st.query_params.get(SCALE, first)
    chosen = st.segmented_control(
        "One colour scale for the whole",
        options,
        default=asked if asked in options else first,
        required=True,
        format_func=SCALE_TITLES.__getitem__,
        key=f"scale of {first}",
        help="Channel: each map from its own least to its own greatest value. Layer: maps of a layer can "
        "be compared. Network: layers can be compared, too.",
    )
    if chosen == first:
        drop_from_address(SCALE)
    else:
        keep_in_address(SCALE, str(chosen))
    return str(chosen)


def chosen_spot(view: Mapping[str, Any], pick: UnitPick) -> tuple[int, int] | None:
    """Give the place that is looked at: the chosen one, or the strongest; None where the unit is silent."""
    strong = view["spots"][pick.unit]
    return pick.place or ((strong[0][0], strong[0][1]) if strong else None)


def maps_png(subject: NetworkAndInput, layer: str, of: str) -> bytes:
    """Draw all maps of a layer, with their scale, as a PNG."""
    values, limits = layers_data.layer_maps(subject, layer), layers_data.scale_bounds(subject, layer, of)
    shown = tiling.tile_colored(tiling.quantize_maps(values, limits), tiling.scale_palette(limits[0]))
    words = f"{_whose(subject, layer)}: its {values.shape[2]} maps. One colour scale for {COLOR_SCALES[of]}."
    return figure_png.figure_png([FigurePanel("", shown)], words, _ends(limits, None))


def unit_png(subject: NetworkAndInput, layer: str, of: str, view: Mapping[str, Any], pick: UnitPick) -> bytes:
    """Draw the map of a unit beside the input with what its place sees, and its kernel, as a PNG."""
    values, limits = layers_data.layer_maps(subject, layer), layers_data.scale_bounds(subject, layer, of)
    levels = tiling.quantize_maps(values, limits)[..., pick.unit]
    panels = [
        FigurePanel("Its map", tiling.scale_palette(limits[0])[levels]),
        _seen(subject, view, chosen_spot(view, pick)),
    ]
    words = f"{_whose(subject, layer)}. {view['sentences'][pick.unit]}"
    kernel = layers_kernels.kernel_panel(subject.network.name, layer, of, pick.unit)
    return figure_png.figure_png([*panels, *kernel], words, _ends(limits, pick.unit))


def _seen(subject: NetworkAndInput, view: Mapping[str, Any], at: tuple[int, int] | None) -> FigurePanel:
    image = np.rint(subject.image * 255).astype(np.uint8)
    picture = image[..., 0] if image.shape[2] == 1 else image
    if at is None:
        return FigurePanel(subject.title, picture)
    (top, bottom), (left, right) = view["rows"][at[0]], view["columns"][at[1]]
    high, wide = picture.shape[:2]
    box = (left / wide, top / high, (right - left + 1) / wide, (bottom - top + 1) / high)
    return FigurePanel("What this place sees", picture, box=box)


def _whose(subject: NetworkAndInput, layer: str) -> str:
    shape = layer_text.shape_text(network_cache.opened_network(subject.network.name).graph.layer(layer))
    return f"{subject.network.card.title}, {layer} ({shape}), shown {subject.title}"


def _ends(limits: tuple[tuple[float, float], ...], unit: int | None) -> FigureScale:
    """Write the ends of a scale; without a unit, and one scale for each, they are only words."""
    if unit is None and len(limits) > 1:
        low, high = ("each map's least", "its greatest")
    else:
        low, high = (f"{end:.3g}" for end in limits[unit if unit and len(limits) > 1 else 0])
    return FigureScale(low, high, tiling.scale_ramp(limits[0]))
