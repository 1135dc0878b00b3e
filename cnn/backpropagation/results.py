"""What a step of training comes to, as Keras computed it. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cnn.array_types import Array
from cnn.runs.settings import OptimizerName

MOST_STEPS: Final = 20  # that are taken one after the other on one picture


@dataclass(frozen=True, slots=True)
class StepQuestion:
    """What is to be learned from a picture, how, and which numbers are looked at.

    Attributes:
        label: what the picture is said to show.
        layer: a convolution ...
        unit: ... and a channel that it makes.
        optimizer, rate: how a gradient becomes a step; the rate stays.
        taken: steps that come before, at most MOST_STEPS - 1.
    """

    label: int
    layer: str
    unit: int
    optimizer: OptimizerName
    rate: float
    taken: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class TrainingStep:
    """A step on one picture, after others that were taken before; dropout is off, batch statistics stay.

    Attributes:
        inputs: what the layer read, float32 (height, width, channels).
        deltas: gradient of the loss by the sums of the unit, before its activation, float32 (height, width).
        kernel: of the unit before the step, float32 (kernel height, kernel width, channels) ...
        kernel_after: ... and after it.
        gradients: of the loss by the unit's kernel, this step's last: float32 (steps, *kernel.shape).
        logits: before the first step, after it, and so on, after this one: float32 (steps + 1, classes).
        losses: cross-entropy, likewise: (steps + 1,).
    """

    inputs: Array
    deltas: Array
    kernel: Array
    kernel_after: Array
    gradients: Array
    logits: Array
    losses: tuple[float, ...]
