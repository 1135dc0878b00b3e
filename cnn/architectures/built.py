"""Stacks that a person builds: layers one after the other, named by what they are. No TensorFlow to read them.

An architecture of this kind has its layers for its name, such as "built conv16x3 max2 norm drop25 dense64":

    conv16x3   16 filters of 3x3, padded to the same size, then ReLU
    max2 avg2  the largest, or the mean, of each 2x2 numbers
    norm       batch normalisation (Ioffe & Szegedy 2015, arXiv:1502.03167)
    drop25     dropout of 25 % (Srivastava et al. 2014, jmlr.org/papers/v15/srivastava14a.html)
    dense64    64 numbers, each from all before it, then ReLU

A dense layer that gives the logits comes behind all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cnn.architectures.architecture import Architecture, Shape
from cnn.errors import BadInput

if TYPE_CHECKING:
    import keras

BUILT: Final = "built "  # begins the names of such architectures
MOST_LAYERS: Final = 16
MOST_PARAMETERS: Final = 2_000_000
MOST_FEATURES: Final = 4_096  # that the last layer reads: of 500 pictures, 4 MB a frame
MOST_MULTIPLY_ADDS: Final = 60_000_000  # of one answer: five times the small VGG's
FORM: Final = re.compile(
    r"(?P<conv>conv(\d{1,3})x([1357]))|(?P<pool>max2|avg2)|(?P<norm>norm)|drop(\d\d)|dense(\d{1,3})"
)


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A kind of layer for a stack: what it is called, and the tokens that name it, the usual one first."""

    title: str
    tokens: tuple[str, ...]


KINDS: Final[Mapping[str, LayerKind]] = {
    "conv": LayerKind(
        "Convolution and ReLU",
        tuple(f"conv{filters}x{size}" for size in (3, 5, 1, 7) for filters in (16, 8, 32, 64, 128)),
    ),
    "max": LayerKind("Max pooling", ("max2",)),
    "avg": LayerKind("Average pooling", ("avg2",)),
    "norm": LayerKind("Batch normalisation", ("norm",)),
    "drop": LayerKind("Dropout", ("drop25", "drop10", "drop50")),
    "dense": LayerKind("Dense and ReLU", tuple(f"dense{units}" for units in (64, 16, 32, 128, 256))),
}
FIRST_STACK: Final = ("conv16x3", "max2", "conv32x3", "max2", "dense64")


@dataclass(frozen=True, slots=True)
class StackedLayer:
    """A layer of a stack with what it costs.

    Attributes:
        token: names it in the stack; "" for the one that gives the logits.
        shape: of what it gives: (height, width, channels) or (units,).
        parameters: that it keeps.
        multiply_adds: of one answer.
    """

    token: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


def kind_of(token: str) -> str:
    """Say which kind in KINDS a token names."""
    return next(kind for kind in KINDS if token.startswith(kind))


def check_stack(tokens: tuple[str, ...], shape: Shape, classes: int) -> tuple[StackedLayer, ...]:
    """Work out what each layer of a stack gives and costs; the last one gives the logits.

    Args:
        tokens: of the layers.
        shape: (height, width, channels) of one input.
        classes: how many logits.
    Raises: BadInput: there is no such layer, it cannot stand there, or the whole costs too much.
    """
    if len(tokens) > MOST_LAYERS:
        raise BadInput(f"A stack has up to {MOST_LAYERS} layers, not {len(tokens)}. Take some away.")
    if not any(token.startswith("conv") for token in tokens):
        raise BadInput("A convolutional network has a convolution. Put one on the stack.")
    made = tuple(_stacked((*tokens, ""), shape, classes))
    parameters, multiply_adds = sum(one.parameters for one in made), sum(one.multiply_adds for one in made)
    if parameters > MOST_PARAMETERS or multiply_adds > MOST_MULTIPLY_ADDS:
        raise BadInput(
            f"{parameters:,} parameters and {multiply_adds:,} multiply-adds are too many: up to {MOST_PARAMETERS:,} "
            f"and {MOST_MULTIPLY_ADDS:,} train in minutes. Pool earlier, or take fewer filters."
        )
    read = made[-1].multiply_adds // classes
    if read > MOST_FEATURES:
        raise BadInput(
            f"The last layer would read {read:,} numbers; up to {MOST_FEATURES:,} are kept at every moment. "
            "Pool once more, or put a dense layer on top."
        )
    return made


def _stacked(tokens: tuple[str, ...], shape: tuple[int, ...], classes: int) -> Iterator[StackedLayer]:
    for token in tokens:
        match = FORM.fullmatch(token)
        if token and match is None:
            raise BadInput(
                f"No layer is called {token!r}. Choose one such as conv16x3, max2, avg2, norm, drop25, dense64."
            )
        maps = len(shape) == 3
        if token and kind_of(token) in ("conv", "max", "avg", "norm") and not maps:
            raise BadInput(f"{token} reads maps, and a dense layer before it leaves none. Put it in front of that.")
        layer = _layer(token, match, shape, classes)
        yield layer
        shape = layer.shape


def _layer(token: str, match: re.Match[str] | None, shape: tuple[int, ...], classes: int) -> StackedLayer:
    """Count one layer; `token` can stand here."""
    if match and match["conv"]:
        height, width, channels = shape
        filters, size = int(match[2]), int(match[3])
        weights = size * size * channels * filters
        return StackedLayer(token, (height, width, filters), weights + filters, height * width * weights)
    if match and match["pool"]:
        height, width, channels = shape
        if min(height, width) < 2:
            raise BadInput(f"{token} needs 2x2 numbers; maps of {height}x{width} are left. Pool less often.")
        return StackedLayer(token, (height // 2, width // 2, channels), 0, 0)
    if token == "norm":
        return StackedLayer(token, shape, 4 * shape[-1], 0)
    if token.startswith("drop"):
        return StackedLayer(token, shape, 0, 0)
    units, read = int(token.removeprefix("dense") or classes), 1
    for side in shape:
        read *= side
    if units < 1:
        raise BadInput(f"{token} has no units. Choose at least one.")
    return StackedLayer(token, (units,), read * units + units, read * units)


def stack_name(tokens: tuple[str, ...]) -> str:
    """Name the architecture of a stack."""
    return BUILT + " ".join(tokens)


def stack_tokens(name: str) -> tuple[str, ...]:
    """List the layers of a built architecture by its name."""
    return tuple(name.removeprefix(BUILT).split())


def built_architecture(name: str) -> Architecture:
    """Make the architecture of a stack; whether it fits an input, `check_stack` says.

    Raises: BadInput: a layer has no such name, or there is no convolution.
    """
    tokens = stack_tokens(name)
    pools = sum(token in ("max2", "avg2") for token in tokens)
    side = 2**pools
    layers = check_stack(tokens, (side, side, 1), 2)
    maps = [one.shape[-1] for one in layers if len(one.shape) == 3][-1]
    return Architecture(
        title=f"A stack of {len(tokens) + 1} layers",
        year=0,
        paper="",
        idea=" ".join(tokens),
        min_size=side,
        maps=maps,
        builder=lambda shape, classes: _build(tokens, shape, classes),
    )


def _build(tokens: tuple[str, ...], shape: Shape, classes: int) -> keras.Model:
    """Make a stack; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.batch_norm import BatchNormalization

    check_stack(tokens, shape, classes)
    image = x = keras.Input(shape, name="image")
    for at, token in enumerate(tokens, 1):
        kind, name = kind_of(token), f"{kind_of(token)}{at}"
        if kind == "conv":
            filters, size = map(int, token.removeprefix("conv").split("x"))
            how = {"padding": "same", "activation": "relu", "kernel_initializer": "he_normal"}
            x = layers.Conv2D(filters, size, name=name, **how)(x)
        elif kind == "max":
            x = layers.MaxPooling2D(2, name=name)(x)
        elif kind == "avg":
            x = layers.AveragePooling2D(2, name=name)(x)
        elif kind == "norm":
            x = BatchNormalization(name=name)(x)
        elif kind == "drop":
            x = layers.Dropout(int(token.removeprefix("drop")) / 100, name=name)(x)
        else:
            x = layers.Flatten(name="flatten")(x) if len(x.shape) == 4 else x
            units = int(token.removeprefix("dense"))
            x = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=name)(x)
    x = layers.Flatten(name="flatten")(x) if len(x.shape) == 4 else x
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="built")
