"""One unit of a layer as the browser needs it: maps, kernels and settings as numbers, so that it moves by itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from cnn.array_types import Array
from cnn.graph import INPUT_KIND, Graph, Layer
from cnn.graph.sliding_window import layer_window
from cnn.inference.predict import calibrated_probabilities
from cnn.layers import channel_contributions, unit_arithmetic
from cnn.layers.activations import InspectableNetwork
from cnn.layers.unit_arithmetic import UnitArithmetic
from cnn.layers.unit_steps import (
    ActivationStep,
    AdditionStep,
    BatchNormStep,
    ConvolutionStep,
    CopyStep,
    DenseStep,
    InputStep,
    LocalResponseStep,
    PoolingStep,
    RescalingStep,
    SoftmaxStep,
    UnitPlace,
    UnitStep,
)
from ui.resources import network_cache
from ui.resources.visitor_cache import visitor_cache
from ui.text.layer_text import channel_word

Scene = dict[str, Any]

MOST_NUMBERS: Final = 60_000  # of maps in a message: 320 kB as text
FEWEST, MOST_PARTS = 3, 24  # channels that are sent where not all are
ROWS: Final = 12  # contributions that are listed one by one
COLOURS: Final = ("red", "green", "blue")


def unit_name(layer: Layer, unit: int) -> str:
    """Call a unit of a layer, such as "conv1, channel 3"."""
    if layer.units == 1:
        return layer.name
    if layer.kind == INPUT_KIND and layer.units == len(COLOURS):
        return f"{layer.name}, {COLOURS[unit]}"
    return f"{layer.name}, {channel_word(layer)} {unit}"


@visitor_cache(max_entries=24, spinner="Gathering the numbers")
def arithmetic_scene(network: str, key: str, layer: str, unit: int, _image: Array) -> Scene:
    """Gather what one unit of a layer needs in the browser, wherever the window stands; nobody changes it.

    Args:
        network: its name.
        key: of the input.
        layer: its name.
        unit: of that layer.
    Returns: no lists, as Streamlit would load pandas for them.
    """
    opened, maps = network_cache.opened_network(network), network_cache.activation_maps(network, key, _image)
    place = UnitPlace(layer, unit)
    made = unit_arithmetic.compute_unit(opened, maps, place)
    own = maps[layer][..., unit] if made.layer.has_maps else maps[layer][unit].reshape(1, 1)
    return {
        "scene": f"{network} {key} {layer} {unit}",
        "output": _map(unit_name(made.layer, unit), own),
        **GATHER[type(made.step)](opened, maps, made),
    }


def _map(title: str, values: Array) -> Scene:
    """Write a map, (height, width)."""
    return {"title": title, "height": values.shape[0], "width": values.shape[1], "values": float32_base64(values)}


def float32_base64(values: Array) -> str:
    """Write numbers as base64 of float32, little-endian."""
    return b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii")


def _sources(graph: Graph, maps: Mapping[str, Array], places: Sequence[UnitPlace]) -> tuple[Scene, ...]:
    return tuple(_map(unit_name(graph.layer(one.layer), one.unit), maps[one.layer][..., one.unit]) for one in places)


def _rule(kind: str, **settings: object) -> Scene:
    return {"rule": {"name": kind, **settings}}


def _convolved(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    layer, step = made.layer, _as(ConvolutionStep, made.step)
    source = opened.graph.layer(layer.inputs[0])
    every, numbers = len(step.channels), source.shape[0] * source.shape[1]
    most = every if every * numbers <= MOST_NUMBERS else min(MOST_PARTS, max(FEWEST, MOST_NUMBERS // numbers))
    weights = opened.weights(layer.name)
    found = channel_contributions.strongest_channels(layer, weights["kernel"], maps[source.name], made.place.unit, most)
    return {
        "sources": _sources(opened.graph, maps, [UnitPlace(source.name, channel) for channel in found.chosen]),
        **_rule(
            "convolve",
            **_slides(made.layer, source),
            kernels=float32_base64(found.kernels),
            channels=found.chosen,
            others=found.others,
            rest=float32_base64(found.rest) if found.others else "",
            bias=step.bias if "bias" in weights else None,
            squash=_squash(step),
        ),
    }


def _slides(layer: Layer, source: Layer) -> Scene:
    at = layer_window(layer, source.shape)
    return {key: tuple(getattr(at, key)) for key in ("size", "strides", "dilation", "before", "after")}


def _squash(step: ConvolutionStep | DenseStep | ActivationStep) -> Scene:
    return asdict(step.squash) | {"title": step.squash.title}


def _pooled(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    source = opened.graph.layer(made.layer.inputs[0])
    whole = {"size": source.shape[:2], "strides": (1, 1), "dilation": (1, 1), "before": (0, 0), "after": (0, 0)}
    slides = _slides(made.layer, source) if "pool_size" in made.layer.config else whole
    kind = "largest" if _as(PoolingStep, made.step).largest else "mean"
    return {
        "sources": _sources(opened.graph, maps, [UnitPlace(source.name, made.place.unit)]),
        **_rule(kind, **slides),
    }


def _point(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    """Gather what turns one number into one number at the same place."""
    kind, settings = _settings(made.step)
    source = getattr(made.step, "source", None) or UnitPlace(made.layer.inputs[0], made.place.unit)
    if not made.layer.has_maps:
        return _single(opened, maps, made, kind, settings)
    return {"sources": _sources(opened.graph, maps, [source]), **_rule(kind, **settings)}


def _single(
    opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic, kind: str, settings: Scene
) -> Scene:
    """Gather the same for a layer that gives a row of numbers."""
    source = opened.graph.layer(made.layer.inputs[0])
    given = maps[source.name][made.place.unit].reshape(1, 1)
    return {"sources": (_map(unit_name(source, made.place.unit), given),), **_rule(kind, **settings)}


def _settings(step: UnitStep) -> tuple[str, Scene]:
    if isinstance(step, ActivationStep):
        return "squash", {"squash": _squash(step)}
    numbers = asdict(_as(BatchNormStep | RescalingStep, step))
    kind = "normalised" if isinstance(step, BatchNormStep) else "scaled"
    return kind, {key: value for key, value in numbers.items() if key not in ("given", "source")}


def _added(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    places = [source for source, _ in _as(AdditionStep, made.step).terms]
    return {"sources": _sources(opened.graph, maps, places), **_rule("add")}


def _responded(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    step, source = _as(LocalResponseStep, made.step), made.layer.inputs[0]
    units = range(step.first, step.first + len(step.neighbours))
    places = [UnitPlace(source, unit) for unit in units]
    return {
        "sources": _sources(opened.graph, maps, places),
        **_rule("respond", k=step.k, alpha=step.alpha, own=made.place.unit - step.first),
    }


def _copied(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    """Gather what only moves: from a place `shift` rows and columns away, or from nowhere."""
    source = _as(CopyStep, made.step).source
    if made.layer.kind == "ZeroPadding2D":
        (above, _), (left, _) = made.layer.config["padding"]
        places, shift = [UnitPlace(made.layer.inputs[0], made.place.unit)], (-above, -left)
        return {"sources": _sources(opened.graph, maps, places), **_rule("copy", shift=shift)}
    if source is None:
        return {"sources": (), **_rule("copy", shift=(0, 0))}
    if maps[source.layer].ndim == 1:
        return _single(opened, maps, made, "copy", {"shift": (0, 0)})
    return {"sources": _sources(opened.graph, maps, [source]), **_rule("copy", shift=(source.y, source.x))}


def _given(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    return {"sources": (), **_rule("given")}


def _weighted(opened: InspectableNetwork, maps: Mapping[str, Array], made: UnitArithmetic) -> Scene:
    """List the strongest contributions of a dense layer's inputs."""
    step, source = _as(DenseStep, made.step), made.layer.inputs[0]
    listed = channel_contributions.largest_indices(step.products.tolist(), ROWS)
    rows = tuple(
        {"title": f"unit {i}", "given": float(step.inputs[i]), "weight": float(step.weights[i])} for i in listed
    )
    rest = float(step.total - step.products[listed].sum())
    others = len(step.inputs) - len(listed)
    return {
        "sources": (),
        **_rule("weigh", reads=source, rows=rows, others=others, rest=rest, bias=step.bias, squash=_squash(step)),
    }


def softmax_shares(network: str, key: str, unit: int, image: Array) -> tuple[Scene, SoftmaxStep]:
    """Gather the softmax of a network's logits, with its card's temperature."""
    opened, card = network_cache.opened_network(network), network_cache.cached_card(network)
    logits = network_cache.activation_maps(network, key, image)[opened.graph.logits.name]
    step = unit_arithmetic.build_softmax_step(logits, card.temperature, unit)
    answered = calibrated_probabilities(card, logits)[unit]
    listed = [int(i) for i in np.argsort(-logits, kind="stable")[:ROWS]]
    listed += [unit] if unit not in listed else []
    rows = tuple({"title": card.classes[i], "logit": float(logits[i]), "own": i == unit} for i in listed)
    powers = step.powers
    return {
        "scene": f"{network} {key} softmax {unit}",
        "output": _map(card.classes[unit], np.full((1, 1), answered, np.float32)),
        "sources": (),
        **_rule(
            "softmax",
            rows=rows,
            others=len(logits) - len(listed),
            rest=float(powers.sum() - powers[listed].sum()),
            largest=float(logits.max()),
            temperature=card.temperature,
        ),
    }, step


def exact_contributions(made: UnitArithmetic) -> Scene:
    """Write what every channel adds at a place, the strongest first, where the browser has only a few of them."""
    if not isinstance(made.step, ConvolutionStep):
        return {}
    parts = made.step.partial
    listed = channel_contributions.largest_indices(parts.tolist(), ROWS)
    return {
        "channels": tuple(made.step.channels[i] for i in listed),
        "parts": tuple(float(parts[i]) for i in listed),
        "y": made.place.y,
        "x": made.place.x,
    }


def _as(kind: Any, step: UnitStep) -> Any:
    """Hold that a step is of a kind, as the table below promises."""
    if not isinstance(step, kind):
        raise TypeError(f"{step!r} is no {kind}.")
    return step


GATHER: Final[Mapping[type, Callable[[InspectableNetwork, Mapping[str, Array], UnitArithmetic], Scene]]] = {
    AdditionStep: _added,
    ConvolutionStep: _convolved,
    CopyStep: _copied,
    InputStep: _given,
    BatchNormStep: _point,
    PoolingStep: _pooled,
    LocalResponseStep: _responded,
    RescalingStep: _point,
    ActivationStep: _point,
    DenseStep: _weighted,
}
