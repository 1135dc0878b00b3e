"""The sum that made one number of a network, for every kind of layer. No TensorFlow.

maps = opened.maps(image)
made = arithmetic.compute(opened, maps, Place("conv1", unit=3, y=10, x=12))
made.step.total, made.step.bias, made.step.value, made.computed
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from cnn.architectures.imagenet_mean import CAFFE_MEAN
from cnn.array_types import Array
from cnn.errors import BadInput, UnknownName
from cnn.graph import INPUT_KIND, Layer, sliding_window
from cnn.layers import activation_function
from cnn.layers.activations import InspectableNetwork
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

LayerWeights: TypeAlias = Mapping[str, Array]
GIVEN_LEVELS: Final = 255.0  # that a pixel in [0, 1] has for `CaffeInput`


@dataclass(frozen=True, slots=True, eq=False)
class UnitArithmetic:
    """One number and how it came about.

    Attributes:
        layer: that gives it.
        place: where it stands.
        step: how it came about; `step.value` is the result.
        computed: what the network itself computed there.
    """

    layer: Layer
    place: UnitPlace
    step: UnitStep
    computed: float


def compute_unit(opened: InspectableNetwork, maps: Mapping[str, Array], place: UnitPlace) -> UnitArithmetic:
    """Work out one number again.

    Args:
        opened: the network.
        maps: what every layer made of an input, from `opened.maps`.
        place: which number.
    Raises: UnknownName: there is no such layer.
        BadInput: the place lies outside of it.
    """
    layer = opened.graph.layer(place.layer)
    given = [maps[name] for name in layer.inputs] if layer.inputs else [maps[layer.name]]
    return UnitArithmetic(
        layer, place, build_step(layer, opened.weights(layer.name), given, place), value_at(maps[layer.name], place)
    )


def unknown_in(layer: Layer) -> str:
    """Name what keeps a layer from being worked out again, its kind or its activation; "" where nothing does."""
    if layer.kind not in STEP_BUILDERS:
        return layer.kind
    try:
        activation_function.activation_function_of(layer)
    except UnknownName:
        return str(layer.config["activation"])
    return ""


def build_step(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> UnitStep:
    """Gather what goes into one number of a layer.

    Args:
        layer: of any kind in STEPS.
        weights: its arrays, by name.
        given: what it reads, in the order of `layer.inputs`; the input layer reads itself.
        place: which number.
    Raises: UnknownName: a kind of layer that is not in STEPS.
        BadInput: the place lies outside of the layer.
    """
    if layer.kind not in STEP_BUILDERS:
        raise UnknownName("kind of layer", layer.kind, STEP_BUILDERS)
    shape = layer.shape if layer.has_maps else (1, 1, layer.units)
    if not all(0 <= i < side for i, side in zip((place.y, place.x, place.unit), shape, strict=True)):
        raise BadInput(f"{layer.name} has {shape} rows, columns and units; {place} lies outside.")
    return STEP_BUILDERS[layer.kind](layer, weights, given, place)


def build_softmax_step(logits: Array, temperature: float, unit: int) -> SoftmaxStep:
    """Turn logits, (classes,), into the probability of class `unit`; `temperature` is the network's card's."""
    return SoftmaxStep(logits, temperature, unit)


def value_at(maps: Array, place: UnitPlace) -> float:
    """Look a number up in (height, width, channels) or (units,)."""
    return float(maps[place.y, place.x, place.unit] if maps.ndim == 3 else maps[place.unit])


def _given(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> InputStep:
    return InputStep(value_at(given[0], place))


def _convolved(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> ConvolutionStep:
    kernel, channels = unit_kernel(layer, weights["kernel"], place.unit)
    window = sliding_window.layer_window(layer, given[0].shape)
    patch, real = sliding_window.window_patch(given[0][..., channels], window, place.y, place.x)
    reads = tuple(range(channels.start, channels.stop))
    return ConvolutionStep(
        reads,
        window.start(place.y, place.x),
        patch,
        real,
        kernel,
        _bias(weights, place),
        activation_function.activation_function_of(layer),
    )


def unit_kernel(layer: Layer, kernel: Array, unit: int) -> tuple[Array, slice]:
    """Cut the kernel of one unit out of its layer's, and say which channels of the input it reads.

    Returns: (rows, columns, channels), and those channels.
    """
    if layer.kind == "DepthwiseConv2D":  # (rows, columns, channels, multiplier)
        channel, which = divmod(unit, kernel.shape[3])
        return kernel[:, :, channel : channel + 1, which], slice(channel, channel + 1)
    reads = kernel.shape[2]
    first = unit // (layer.units // layer.config.get("groups", 1)) * reads
    return kernel[..., unit], slice(first, first + reads)


def _weighted(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> DenseStep:
    return DenseStep(
        given[0],
        weights["kernel"][:, place.unit],
        _bias(weights, place),
        activation_function.activation_function_of(layer),
    )


def _bias(weights: LayerWeights, place: UnitPlace) -> float:
    return float(weights["bias"][place.unit]) if "bias" in weights else 0.0


def _pooled(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> PoolingStep:
    window = sliding_window.layer_window(layer, given[0].shape)
    patch, real = sliding_window.window_patch(given[0][..., place.unit, None], window, place.y, place.x)
    return PoolingStep(layer.kind == "MaxPooling2D", window.start(place.y, place.x), patch[..., 0], real)


def _averaged(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> PoolingStep:
    whole = given[0][..., place.unit]
    return PoolingStep(False, (0, 0), whole, np.ones(whole.shape, np.bool_))


def _normalised(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> BatchNormStep:
    mean, variance = (float(weights[f"moving_{name}"][place.unit]) for name in ("mean", "variance"))
    gamma, beta = (
        float(weights[name][place.unit]) if name in weights else idle for name, idle in (("gamma", 1.0), ("beta", 0.0))
    )
    return BatchNormStep(value_at(given[0], place), mean, variance, layer.config["epsilon"], gamma, beta)


def _squashed(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> ActivationStep:
    return ActivationStep(value_at(given[0], place), activation_function.activation_function_of(layer))


def _rescaled(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> RescalingStep:
    source = UnitPlace(layer.inputs[0], place.unit, place.y, place.x)
    scale, offset = (_for_unit(layer.config[name], place.unit) for name in ("scale", "offset"))
    return RescalingStep(source, value_at(given[0], source), scale, offset)


def _of_length_one(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> RescalingStep:
    """Scale by what the whole row is divided by: its length."""
    source = UnitPlace(layer.inputs[0], place.unit)
    length = float(np.linalg.norm(given[0].astype(np.float64)))
    return RescalingStep(source, value_at(given[0], source), 1 / length if length else 1.0, 0.0)


def _for_unit(setting: float | Sequence[float], unit: int) -> float:
    return float(setting if isinstance(setting, int | float) else setting[unit])


def _caffe(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> RescalingStep:
    source = UnitPlace(layer.inputs[0], layer.units - 1 - place.unit, place.y, place.x)
    return RescalingStep(source, value_at(given[0], source), GIVEN_LEVELS, -CAFFE_MEAN[place.unit])


def _added(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> AdditionStep:
    sources = (UnitPlace(name, place.unit, place.y, place.x) for name in layer.inputs)
    return AdditionStep(tuple((source, value_at(maps, source)) for source, maps in zip(sources, given, strict=True)))


def _same(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> CopyStep:
    return _copied(given[0], UnitPlace(layer.inputs[0], place.unit, place.y, place.x))


def _copied(maps: Array, source: UnitPlace) -> CopyStep:
    return CopyStep(source, value_at(maps, source))


def _joined(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> CopyStep:
    """Find the branch that a unit came from."""
    first = 0
    for name, maps in zip(layer.inputs, given, strict=True):
        if place.unit < first + maps.shape[-1]:
            return _copied(maps, UnitPlace(name, place.unit - first, place.y, place.x))
        first += maps.shape[-1]
    raise BadInput(f"{layer.name} joins {first} units; there is no unit {place.unit}.")


def _padded(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> CopyStep:
    """Find what a place was before padding, of rows and columns (ZeroPadding2D) or of all axes (Pad)."""
    if layer.kind == "Pad":
        _, above, left, front = layer.config["pad_width"]
    else:
        (above, left), front = layer.config["padding"], (0, 0)
    source = UnitPlace(layer.inputs[0], place.unit - front[0], place.y - above[0], place.x - left[0])
    inside = zip((source.y, source.x, source.unit), given[0].shape, strict=True)
    return _copied(given[0], source) if all(0 <= i < side for i, side in inside) else CopyStep(None, 0.0)


def _flattened(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> CopyStep:
    if given[0].ndim == 1:
        return _same(layer, weights, given, place)
    y, x, unit = (int(i) for i in np.unravel_index(place.unit, given[0].shape))
    return _copied(given[0], UnitPlace(layer.inputs[0], unit, y, x))


def _responded(layer: Layer, weights: LayerWeights, given: Sequence[Array], place: UnitPlace) -> LocalResponseStep:
    half = layer.config["N"] // 2
    first = max(0, place.unit - half)
    neighbours = given[0][place.y, place.x, first : place.unit + half + 1]
    return LocalResponseStep(value_at(given[0], place), first, neighbours, layer.config["K"], layer.config["ALPHA"])


STEP_BUILDERS: Final[Mapping[str, Callable[[Layer, LayerWeights, Sequence[Array], UnitPlace], UnitStep]]] = {
    INPUT_KIND: _given,
    "Activation": _squashed,
    "Add": _added,
    "AveragePooling2D": _pooled,
    "BatchNormalization": _normalised,
    "CaffeInput": _caffe,
    "Concatenate": _joined,
    "Conv2D": _convolved,
    "Dense": _weighted,
    "DepthwiseConv2D": _convolved,
    "Dropout": _same,
    "Flatten": _flattened,
    "GlobalAveragePooling2D": _averaged,
    "LocalResponseNormalization": _responded,
    "MaxPooling2D": _pooled,
    "Pad": _padded,
    "ReLU": _squashed,
    "Rescaling": _rescaled,
    "UnitNormalization": _of_length_one,
    "ZeroPadding2D": _padded,
}
