"""How a number came about, in a sentence; and what the two kinds of layer do that every network is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cnn.layers.activation_function import LINEAR
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
)
from ui.text.layer_text import channel_word

CONVOLUTION: Final = (
    "**Conv2D** lays a small grid of weights, the kernel, over each place of its input, multiplies each number with "
    "the weight above it, and adds all products and a bias. One kernel makes one map: large where the input looks like "
    "the kernel, and also where it is merely bright, if the weights add up to more than 0. The same weights serve "
    "every place, so that a pattern is found wherever it stands. What the weights are, training decides."
)
POOLING: Final = (
    "**MaxPooling2D** has no weights. It keeps the largest number of each window and forgets the rest, so that the map "
    "becomes smaller, and a pattern may move a little without a change in what follows. With a stride of 2 each side "
    "is halved, and the next layer has a quarter of the work."
)


def digits(number: float) -> str:
    """Write a number with five digits that count, as the page does."""
    size = abs(number)
    if size == 0:
        return "0"
    return f"{number:.2e}" if size < 1e-4 else f"{number:#.5g}".rstrip(".")


def unit_sentence(made: UnitArithmetic) -> str:
    """Say how a number came about, and what the network computed."""
    place = made.place
    where = f" at row {place.y}, column {place.x}" if made.layer.has_maps else ""
    how = HOW[type(made.step)](made.step)
    whose = f"{made.layer.name}, {channel_word(made.layer)} {place.unit}{where}"
    return f"{whose}: {how} The network computed {digits(made.computed)}."


def probability_sentence(step: SoftmaxStep, name: str) -> str:
    """Say how the probability of the class `name` came about."""
    return (
        f"{name}: e to the power of its logit, {digits(float(step.logits[step.unit]))}, over the temperature "
        f"{digits(step.temperature)}, divided by the sum of all such powers, is {digits(step.value)}."
    )


def _summed(step: ConvolutionStep | DenseStep) -> str:
    bias = f"; with the bias {digits(step.bias)} that is {digits(step.before)}" if step.bias else ""
    squash = "" if step.squash.name == LINEAR else f"; {step.squash.title} makes {digits(step.value)} of it"
    return f"{step.products.size:,} products add up to {digits(step.total)}{bias}{squash}."


def _pooled(step: PoolingStep) -> str:
    if step.largest:
        return f"the largest of {step.count} numbers is {digits(step.value)}."
    return f"{step.count} numbers add up to {digits(step.total)}; their mean is {digits(step.value)}."


def _normalised(step: BatchNormStep) -> str:
    return (
        f"{digits(step.given)} minus the mean {digits(step.mean)}, divided by the deviation {digits(step.spread)}, "
        f"times {digits(step.gamma)} plus {digits(step.beta)} is {digits(step.value)}."
    )


def _added(step: AdditionStep) -> str:
    terms = " plus ".join(f"{digits(number)} of {place.layer}" for place, number in step.terms)
    return f"{terms} is {digits(step.value)}."


def _copied(step: CopyStep) -> str:
    return "padding, 0." if step.source is None else f"unchanged from {_name(step.source)}, {digits(step.value)}."


def _name(place: UnitPlace) -> str:
    return f"{place.layer}, channel {place.unit}, row {place.y}, column {place.x}"


def _responded(step: LocalResponseStep) -> str:
    return (
        f"{digits(step.given)} divided by ({digits(step.k)} + {digits(step.alpha)} times {digits(step.energy)}, the "
        f"sum of {len(step.neighbours)} squared neighbours) to the power 0.75 is {digits(step.value)}."
    )


HOW: Final[Mapping[type, Callable[[Any], str]]] = {
    AdditionStep: _added,
    ConvolutionStep: _summed,
    CopyStep: _copied,
    InputStep: lambda step: f"the input itself, {digits(step.value)}.",
    BatchNormStep: _normalised,
    PoolingStep: _pooled,
    LocalResponseStep: _responded,
    RescalingStep: lambda step: (
        f"{digits(step.given)} times {digits(step.scale)} plus {digits(step.offset)} is {digits(step.value)}."
    ),
    ActivationStep: lambda step: f"{step.squash.title} makes {digits(step.value)} of {digits(step.given)}.",
    DenseStep: _summed,
}
