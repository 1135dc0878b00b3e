"""A layer's maps, kernels and receptive fields -> what the browser needs to answer every choice of a unit at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnn.array_types import Array
from cnn.graph import receptive_field
from cnn.layers import ablation, feature_maps
from cnn.layers.feature_maps import ActivationPeak
from ui.images import data_uri
from ui.images.tiling import Pair, maps_across, scale_palette, tile_sheet_uri
from ui.inspect import layers_kernels
from ui.resources import network_cache
from ui.resources.visitor_cache import visitor_cache
from ui.selection.network_and_input import NetworkAndInput
from ui.text import layer_text
from ui.text.layer_text import channel_word


def layer_maps(subject: NetworkAndInput, layer: str) -> Array:
    """Give what the layer makes of the input: float32 (height, width, units); a row of numbers has maps of 1x1."""
    return feature_maps.as_maps(_all(subject)[layer])


def _all(subject: NetworkAndInput) -> dict[str, Array]:
    return network_cache.activation_maps(subject.network.name, subject.key, subject.image)


def layer_view(subject: NetworkAndInput, layer: str, scale: str) -> dict[str, Any]:
    """Gather all that the units' component shows of a layer; nobody changes it.

    Args:
        subject: the network and its input.
        layer: name of one.
        scale: key of `feature_maps.COLOR_SCALES`.
    """
    shared = _view(subject.network.name, layer, scale, subject.key, subject)
    return shared | {"input_name": subject.title}  # one's own name of a picture that somebody else may have brought


@visitor_cache(max_entries=12)
def _view(name: str, layer: str, scale: str, key: str, _subject: NetworkAndInput) -> dict[str, Any]:
    graph = network_cache.opened_network(name).graph
    values = layer_maps(_subject, layer)
    limits = scale_bounds(_subject, layer, scale)
    spots, reach = feature_maps.find_activation_peaks(values), receptive_field.visible_pixels_if_known(graph, layer)
    names = _subject.network.card.classes if layer == graph.logits.name else ()
    return {
        "key": f"{name} {layer} {key} {scale}",
        "word": channel_word(graph.layer(layer)),
        "shape": values.shape,
        "sheet": tile_sheet_uri(values, limits),
        "across": maps_across(values.shape[2]),
        "limits": limits,
        "scale": scale,
        "palette": scale_palette(limits[0]).tobytes().hex(),
        "names": names,
        "spots": tuple(tuple((one.y, one.x, one.value) for one in unit) for unit in spots),
        "sentences": unit_sentences(values, spots, names),
        "kernel": layers_kernels.kernel_sheet(name, layer, scale),
        "input": data_uri.network_input_uri(_subject.image),
        "sides": _subject.image.shape[:2],
        "rows": tuple(map(tuple, reach.rows.tolist())),
        "columns": tuple(map(tuple, reach.columns.tolist())),
    }


def scale_bounds(subject: NetworkAndInput, layer: str, scale: str) -> tuple[Pair, ...]:
    """Give the ends of the colour scale: one pair for all units, or one a unit."""
    return feature_maps.unit_color_bounds(layer_maps(subject, layer), _all(subject).values(), scale)


def sign_sentence(subject: NetworkAndInput, layer: str) -> str:
    """Say what the colours of a layer mean, and what becomes of what is below 0; Markdown."""
    graph = network_cache.opened_network(subject.network.name).graph
    if layer == graph.logits.name:
        return "Blue, below 0, speaks against a class; amber, above 0, speaks for it."
    if layer_maps(subject, layer).min() >= 0:
        return "Black is 0: nothing found there. The brighter the amber, the better what is there fits the filter."
    end = graph.layer(ablation.ablation_point(graph, layer))
    if end.name != layer and layer_text.is_rectifier(end):
        return f"Blue is below 0, amber above. The ReLU of `{end.name}` makes all blue 0: only the amber goes on."
    return "Blue is below 0, amber above, black 0. Both signs go on to the next layer."


def unit_sentences(
    values: Array, spots: Sequence[Sequence[ActivationPeak]], names: Sequence[str] = ()
) -> tuple[str, ...]:
    """Say of each unit where it is strong, for who cannot see it; `spots` are its strongest places."""
    if values.shape[:2] == (1, 1):
        numbers = values[0, 0].tolist()
        return tuple(f"{unit_title('unit', unit, names)} is {number:.3g}." for unit, number in enumerate(numbers))
    found = zip(feature_maps.describe_unit_locations(values), spots, strict=True)
    sides = values.shape[0], values.shape[1]
    return tuple(
        _sentence(unit_title("channel", unit, names), where, strong, sides)
        for unit, (where, strong) in enumerate(found)
    )


def _sentence(name: str, where: str, spots: Sequence[ActivationPeak], sides: tuple[int, int]) -> str:
    if not spots:
        return f"{name} is silent: 0 everywhere."
    best = spots[0]
    at = f"row {best.y}, column {best.x}"
    strongest, strong = ("strongest", "strong") if best.value > 0 else ("farthest below 0", "far from 0")
    if where == feature_maps.describe_peak_location(best, sides):
        return f"{name} is {strongest} {where}: {best.value:.3g} in {at}."
    return f"{name} is {strong} {where}, above all in {at}: {best.value:.3g}."


def unit_title(word: str, unit: int, names: Sequence[str] = ()) -> str:
    """Name a channel or unit, with its class where it has one."""
    title = f"{word.capitalize()} {unit}"
    return f"{title} ({names[unit]})" if names else title
