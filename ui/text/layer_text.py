"""What a layer is, in a few words and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cnn.graph import Layer
from cnn.graph.receptive_field import ReceptiveField

KINDS: Final[Mapping[str, str]] = {
    "InputLayer": "input",
    "Conv2D": "conv",
    "DepthwiseConv2D": "depthwise",
    "MaxPooling2D": "max pool",
    "AveragePooling2D": "average pool",
    "GlobalAveragePooling2D": "average of all",
    "GlobalMaxPooling2D": "greatest of all",
    "Concatenate": "concatenate",
    "BatchNormalization": "norm",
    "LocalResponseNormalization": "LRN",
    "Rescaling": "rescale",
    "CaffeInput": "to BGR",
    "ZeroPadding2D": "pad",
    "ReLU": "ReLU",
    "UnitNormalization": "length 1",
}
NOUNS: Final[Mapping[str, str]] = {
    "InputLayer": "the input",
    "Conv2D": "a convolution",
    "DepthwiseConv2D": "a depthwise convolution, one kernel a channel",
    "MaxPooling2D": "max pooling",
    "AveragePooling2D": "average pooling",
    "GlobalAveragePooling2D": "the average over each whole map",
    "GlobalMaxPooling2D": "the greatest value of each map",
    "Dense": "a dense layer: every unit reads everything before it",
    "Add": "the sum of branches or of a shortcut",
    "Concatenate": "branches side by side",
    "BatchNormalization": "batch normalisation",
    "LocalResponseNormalization": "local response normalisation",
    "ReLU": "a rectifier: what is below 0 becomes 0",
    "Dropout": "dropout, which does nothing once training is over",
    "Flatten": "maps laid out as one row",
    "Rescaling": "the scaling of the input",
    "Pad": "channels of zeros added",
    "ZeroPadding2D": "zeros around the maps",
    "Activation": "an activation, number by number",
    "UnitNormalization": "all numbers divided by their length, so that only their direction counts",
    "CaffeInput": "the input as blue, green and red, less ImageNet's mean",
}


def layer_label(layer: Layer) -> str:
    """Name its kind, its window and its stride: "conv 3x3, /2"."""
    window = _window(layer)
    strides = layer.config.get("strides", (1, 1)) if window else (1, 1)
    size = f" {window[0]}x{window[1]}" if window else ""
    return f"{_kind(layer)}{size}{f', /{strides[0]}' if max(strides) > 1 else ''}"


def _kind(layer: Layer) -> str:
    if layer.kind == "ReLU" and layer.config.get("max_value"):
        return f"ReLU{layer.config['max_value']:g}"
    if layer.kind == "Activation":
        return str(layer.config.get("activation", "activation"))
    return KINDS.get(layer.kind, layer.kind.lower())


def channel_word(layer: Layer) -> str:
    """Call one of its maps a channel, and one of its numbers a unit."""
    return "channel" if layer.has_maps else "unit"


def is_rectifier(layer: Layer) -> bool:
    """Say whether a layer makes 0 of all that is below 0."""
    return layer.kind == "ReLU" or str(layer.config.get("activation", "")).startswith("relu")


def shape_text(layer: Layer) -> str:
    """Write its shape: "14x14x32", or "84"."""
    return "x".join(map(str, layer.shape))


def layer_sentence(layer: Layer, field: ReceptiveField | None, picture: Sequence[int], together: int = 0) -> str:
    """Say what it is, how large, and how much of the `picture`, its shape, one of its values sees; Markdown.

    Args:
        layer: of a network.
        field: receptive field of its values; None where that is not worked out.
        picture: shape of the network's input.
        together: parameters of all that stands in one box with it.
    """
    noun = NOUNS.get(layer.kind, layer.kind)
    window = f" of {size[0]}x{size[1]}" if (size := _window(layer)) else ""
    activation = layer.config.get("activation", "linear")
    then = f", then {activation}" if activation != "linear" and layer.kind != "Activation" else ""
    whole = f", {together:,} with its normalisation" if together > layer.parameters else ""
    learned = f" {layer.parameters:,} parameters{whole}." if layer.parameters else ""
    return f"**{layer.name}**: {noun}{window}{then}. {_amount(layer)}{learned} {_sees(field, picture)}"


def _window(layer: Layer) -> tuple[int, int] | None:
    size: tuple[int, int] | None = layer.config.get("kernel_size") or layer.config.get("pool_size")
    return size


def _amount(layer: Layer) -> str:
    if layer.has_maps:
        return f"{layer.units:,} map{'s' * (layer.units > 1)} of {layer.shape[0]}x{layer.shape[1]}."
    return f"{layer.units:,} numbers."


def _sees(field: ReceptiveField | None, picture: Sequence[int]) -> str:
    if field is None:
        return (
            "What a value sees of the input is not known: a layer before it, or itself, is of no kind worked out here."
        )
    if not max(field.stride):
        return "The receptive field of each: the whole input."
    size = f"{field.size[0]}x{field.size[1]} px"
    more = field.size[0] > picture[0] and field.size[1] > picture[1]
    seen = f"{size}, more than the whole input" if more else f"{size} of the input"
    return f"A value's receptive field: {seen}; stride {field.stride[0]} px."


def name_within(name: str, group: str) -> str:
    """Shorten a name below the name of its group: "conv2" of "block1_1_conv2"."""
    return name.removeprefix(group).lstrip("_") or name
