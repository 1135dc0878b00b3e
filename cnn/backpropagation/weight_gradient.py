"""The gradient of one weight of a kernel as a sum over places, and what an optimizer makes of it. No TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.runs.settings import OptimizerName

MOMENTUM: Final = 0.9  # as `cnn.runs.learner` trains
BETA_1: Final = 0.9  # Keras' defaults of Adam
BETA_2: Final = 0.999
EPSILON: Final = 1e-7


@dataclass(frozen=True, slots=True)
class WeightPlace:
    """Which weight of a unit's kernel: its row and column, and the channel that it reads."""

    row: int
    column: int
    channel: int


@dataclass(frozen=True, slots=True)
class WeightUpdate:
    """How an optimizer changes a weight.

    Attributes:
        before: the weight.
        gradient: of the loss by it.
        velocity: what is kept of earlier gradients: the running step of momentum, the running mean of Adam; 0 of SGD.
        scale: the running mean of squares of Adam; 0 of the others. Both after this step, corrected for their start.
        change: what is added to the weight.
    """

    before: float
    gradient: float
    velocity: float
    scale: float
    change: float

    @property
    def after(self) -> float:
        """Give the new weight."""
        return self.before + self.change


@dataclass(frozen=True, slots=True)
class ConvolutionWindow:
    """How a kernel moves: its height and width, its steps down and right, and whether zeros are put around the input.

    `same`: padded as TensorFlow's "same" pads; else not at all.
    """

    size: tuple[int, int]
    strides: tuple[int, int]
    same: bool


def read_by_weight(inputs: Array, place: WeightPlace, window: ConvolutionWindow, made: tuple[int, int]) -> Array:
    """Give what a weight reads for each place of its unit's map: float32 `made`.

    Args:
        inputs: of the layer, float32 (height, width, channels).
        place: of the weight.
        window: of its kernel.
        made: height and width of the unit's map.
    """
    padded = inputs[..., place.channel]
    if window.same:
        missing = [
            max(0, (out - 1) * stride + size - side)
            for out, stride, size, side in zip(made, window.strides, window.size, padded.shape, strict=True)
        ]
        padded = np.pad(padded, [(one // 2, one - one // 2) for one in missing])  # the odd one at the far end
    down, right = window.strides
    return padded[place.row :: down, place.column :: right][: made[0], : made[1]]


def gradient_terms(read: Array, deltas: Array) -> npt.NDArray[np.float64]:
    """Give what each place adds to the gradient of a weight, float64 (height, width); their sum is the gradient.

    Source: LeCun et al. 1989, doi:10.1162/neco.1989.1.4.541, on weights that are shared.
    """
    return read.astype(np.float64) * deltas


def optimizer_update(optimizer: OptimizerName, rate: float, before: float, gradients: Sequence[float]) -> WeightUpdate:
    """Say how an optimizer changes a weight.

    Args:
        optimizer: its name.
        rate: the learning rate.
        before: the weight before this step.
        gradients: of all steps so far, this one's last.
    Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5, as Keras writes it; Kingma & Ba 2015, arXiv:1412.6980.
    """
    last = gradients[-1]
    if optimizer == "sgd":
        return WeightUpdate(before, last, 0.0, 0.0, -rate * last)
    if optimizer == "momentum":
        velocity = 0.0
        for gradient in gradients:
            velocity = MOMENTUM * velocity - rate * gradient
        return WeightUpdate(before, last, velocity, 0.0, velocity)
    mean = square = 0.0
    for gradient in gradients:
        mean = BETA_1 * mean + (1 - BETA_1) * gradient
        square = BETA_2 * square + (1 - BETA_2) * gradient**2
    of_mean, of_square = 1 - BETA_1 ** len(gradients), 1 - BETA_2 ** len(gradients)
    small = EPSILON / math.sqrt(of_square)  # Keras adds it before the correction: the paper's "epsilon hat", section 2
    mean, square = mean / of_mean, square / of_square
    return WeightUpdate(before, last, mean, square, -rate * mean / (math.sqrt(square) + small))
