"""Which number of a network one looks at: a layer, a unit and a place, kept in the address."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.graph import INPUT_KIND, Graph, Layer
from cnn.layers.unit_steps import UnitPlace
from ui.inspect.arithmetic_data import COLOURS
from ui.selection.address import COLUMN, LAYER, ROW, UNIT, drop_from_address, keep_in_address
from ui.text.layer_text import channel_word
from ui.text.whole_number import whole_number

ADDRESS: Final = (LAYER, UNIT, ROW, COLUMN)
KEPT: Final = "numbers:layer"  # in the session, since a widget forgets on a change of page
TIMES: Final = " \N{MULTIPLICATION SIGN} "
SOFTMAX: Final = "softmax"  # stands behind the last layer


def layer_title(layer: Layer) -> str:
    """Call a layer with its kind and shape, such as "conv1: Conv2D, 28 x 28 x 16"."""
    return f"{layer.name}: {layer.kind}, {TIMES.join(map(str, layer.shape))}"


def choose_layer(graph: Graph, classifier: bool = True) -> str:
    """Let a person choose a layer, or the softmax of the last one where that gives logits; the address keeps it."""
    titles = {layer.name: layer_title(layer) for layer in graph.layers}
    titles |= {SOFTMAX: "softmax: logits to probabilities"} if classifier else {}
    names = list(titles)
    asked = st.query_params.get(LAYER, "")
    if asked and asked not in names:  # of another network: the unit and the place are, too
        drop_from_address(*ADDRESS)
    if asked in names:
        st.session_state[LAYER] = asked
    elif st.session_state.get(LAYER) not in names:
        before = st.session_state.get(KEPT)  # on this page, before another
        st.session_state[LAYER] = before if before in names else first_convolution(graph)
    st.session_state[KEPT] = st.session_state[LAYER]
    at, last = names.index(st.session_state[LAYER]), len(names) - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("Previous layer", "layer-before", on_click=_go, args=(names[max(0, at - 1)],), disabled=at == 0)
        st.button("Next layer", "layer-after", on_click=_go, args=(names[min(last, at + 1)],), disabled=at == last)
        return str(st.selectbox("Layer", names, format_func=titles.__getitem__, key=LAYER, on_change=_chosen))


def first_convolution(graph: Graph) -> str:
    """Name the layer to begin with: the first convolution."""
    return next(layer.name for layer in graph.layers if layer.kind == "Conv2D")


def _go(name: str) -> None:
    st.session_state[LAYER] = name
    _chosen()


def _chosen() -> None:
    keep_in_address(LAYER, st.session_state[LAYER])
    drop_from_address(ROW, COLUMN, UNIT)


def choose_unit(layer: Layer, classes: tuple[str, ...], maps: Array) -> int:
    """Let a person choose a unit of a layer; the address keeps it. At first it is the one with the largest number."""
    strongest = int(np.argmax(maps.max((0, 1)) if maps.ndim == 3 else maps))
    asked = whole_number(st.query_params.get(UNIT, ""), layer.units)
    unit = strongest if asked is None else asked
    key = f"unit of {layer.name} in {len(classes)} {layer.shape}"
    st.session_state[key] = unit
    if layer.units == 1:
        return 0
    names = unit_names(layer, classes)
    if names:
        st.selectbox(
            "Colour" if layer.kind == INPUT_KIND else "Class",
            range(len(names)),
            format_func=names.__getitem__,
            key=key,
            on_change=_kept,
            args=(key,),
        )
    else:
        label = f"{channel_word(layer).capitalize()}, 0 to {layer.units - 1:,}"
        st.number_input(label, 0, layer.units - 1, step=1, key=key, on_change=_kept, args=(key,))
    return int(st.session_state[key])


def unit_names(layer: Layer, classes: tuple[str, ...]) -> tuple[str, ...]:
    """Name the units of a layer that gives classes or colours; () for any other."""
    if layer.units == len(classes) and not layer.has_maps:
        return classes
    return COLOURS if layer.kind == INPUT_KIND and layer.units == len(COLOURS) else ()


def _kept(key: str) -> None:
    keep_in_address(UNIT, str(st.session_state[key]))


def spot_from_address(layer: Layer, own: Array) -> tuple[tuple[int, int], bool]:
    """Read the place in the address; else the strongest one of a map, (height, width).

    Returns: row and column, and whether the address named them.
    """
    asked = [st.query_params.get(name, "") for name in (ROW, COLUMN)]
    y, x = map(whole_number, asked, own.shape)
    if y is not None and x is not None:
        return (y, x), True
    y, x = divmod(int(np.argmax(np.abs(own))), own.shape[1])
    return (y, x), False


def place_query(place: UnitPlace) -> dict[str, str]:
    """Name a number as addresses do."""
    return {LAYER: place.layer, UNIT: str(place.unit), ROW: str(place.y), COLUMN: str(place.x)}


def keep_place(place: UnitPlace) -> None:
    """Write the number to the address, so that a link leads to it."""
    for name, value in place_query(place).items():
        keep_in_address(name, value)
