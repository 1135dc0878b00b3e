"""What made one number, kind by kind: each step holds what went in, and works the rest out in float64."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.layers.activation_function import ActivationFunction

Sums = npt.NDArray[np.float64]
TapMask = npt.NDArray[np.bool_]

RESPONSE_POWER: Final = 0.75  # beta of local response normalisation (Krizhevsky et al. 2012, section 3.3)


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """Where a number stands: a unit of a layer, and the row and column in its map (0, 0 where it has none)."""

    layer: str
    unit: int
    y: int = 0
    x: int = 0


@dataclass(frozen=True, slots=True)
class InputStep:
    """A number of the input itself."""

    value: float


class _Weighing(ABC):
    """A sum of products and a bias, squashed: what a convolution and a unit of a dense layer have in common."""

    __slots__ = ()
    bias: float
    squash: ActivationFunction

    @property
    @abstractmethod
    def products(self) -> Sums:
        """Multiply each number with its weight."""

    @property
    def total(self) -> float:
        """Add all products."""
        return float(self.products.sum())

    @property
    def before(self) -> float:
        """Add the bias; this goes into `squash`."""
        return self.total + self.bias

    @property
    def value(self) -> float:
        """Give the result."""
        return self.squash(self.before)


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionStep(_Weighing):
    """A convolution, dense (Conv2D) or of one map (DepthwiseConv2D).

    Attributes:
        channels: of the input that the kernel reads.
        start: row and column of the input where the window begins; under 0 in the padding.
        patch: (rows, columns, channels), 0 where there is padding.
        real: (rows, columns), False where there is padding.
        kernel: of the patch's shape.
        bias: 0 without one.
        squash: what is made of the sum.
    """

    channels: tuple[int, ...]
    start: tuple[int, int]
    patch: Array
    real: TapMask
    kernel: Array
    bias: float
    squash: ActivationFunction

    @property
    def products(self) -> Sums:
        """Multiply each number of the patch with its weight."""
        return np.multiply(self.patch, self.kernel, dtype=np.float64)

    @property
    def partial(self) -> Sums:
        """Add the products of each channel, (channels,)."""
        return np.asarray(self.products.sum((0, 1)))


@dataclass(frozen=True, slots=True, eq=False)
class DenseStep(_Weighing):
    """One unit of a dense layer: `inputs` and `weights` are (n,); see `ConvolutionStep` for the rest."""

    inputs: Array
    weights: Array
    bias: float
    squash: ActivationFunction

    @property
    def products(self) -> Sums:
        """Multiply each input with its weight."""
        return np.multiply(self.inputs, self.weights, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class PoolingStep:
    """The largest or the mean number of a window; padding counts for neither.

    Attributes:
        largest: it is max pooling, else the mean.
        start, patch, real: as in `ConvolutionStep`, without the axis of channels.
    """

    largest: bool
    start: tuple[int, int]
    patch: Array
    real: TapMask

    @property
    def winner(self) -> tuple[int, int]:
        """Say in which row and column of the window the largest number stands; the first of equals."""
        row, column = divmod(int(np.argmax(np.where(self.real, self.patch, -np.inf))), int(self.patch.shape[1]))
        return row, column

    @property
    def total(self) -> float:
        """Add all numbers."""
        return float(self.patch.sum(dtype=np.float64))

    @property
    def count(self) -> int:
        """Count the numbers that are no padding."""
        return int(self.real.sum())

    @property
    def value(self) -> float:
        """Give the result."""
        return float(self.patch[self.winner]) if self.largest else self.total / self.count


@dataclass(frozen=True, slots=True)
class BatchNormStep:
    """Batch normalisation: (given - mean) / sqrt(variance + epsilon) * gamma + beta.

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 2.
    """

    given: float
    mean: float
    variance: float
    epsilon: float
    gamma: float
    beta: float

    @property
    def spread(self) -> float:
        """Give the standard deviation."""
        return float(np.sqrt(self.variance + self.epsilon))

    @property
    def value(self) -> float:
        """Give the result."""
        return (self.given - self.mean) / self.spread * self.gamma + self.beta


@dataclass(frozen=True, slots=True)
class ActivationStep:
    """A function of one number."""

    given: float
    squash: ActivationFunction

    @property
    def value(self) -> float:
        """Give the result."""
        return self.squash(self.given)


@dataclass(frozen=True, slots=True)
class RescalingStep:
    """A number times `scale` plus `offset`, such as what brings pixels to where a network was trained."""

    source: UnitPlace
    given: float
    scale: float
    offset: float

    @property
    def value(self) -> float:
        """Give the result."""
        return self.given * self.scale + self.offset


@dataclass(frozen=True, slots=True)
class AdditionStep:
    """The sum of what several layers have at the same place."""

    terms: tuple[tuple[UnitPlace, float], ...]

    @property
    def value(self) -> float:
        """Give the result."""
        return sum(number for _, number in self.terms)


@dataclass(frozen=True, slots=True)
class CopyStep:
    """A number that only moves; it comes from `source`, or from nowhere (None) where it is padding, 0."""

    source: UnitPlace | None
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class LocalResponseStep:
    """Local response normalisation: given / (k + alpha * sum of the squared neighbours) ^ 0.75.

    Attributes:
        given: the number itself.
        first: the unit that `neighbours` begin with.
        neighbours: of the units around it, itself included, at the same place.
        k, alpha: settings.

    Source: Krizhevsky, Sutskever & Hinton 2012, section 3.3.
    """

    given: float
    first: int
    neighbours: Array
    k: float
    alpha: float

    @property
    def energy(self) -> float:
        """Add the squared neighbours."""
        return float(np.square(self.neighbours, dtype=np.float64).sum())

    @property
    def value(self) -> float:
        """Give the result."""
        return float(self.given / (self.k + self.alpha * self.energy) ** RESPONSE_POWER)


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxStep:
    """The probability of class `unit`: exp(logit / temperature) over the sum of all such powers."""

    logits: Array
    temperature: float
    unit: int

    @property
    def powers(self) -> Sums:
        """Raise e to each logit over the temperature, the largest one taken off first: (classes,), at most 1."""
        scaled = self.logits.astype(np.float64) / self.temperature
        return np.asarray(np.exp(scaled - scaled.max()))

    @property
    def shares(self) -> Sums:
        """Divide each power by their sum: (classes,), in [0, 1]."""
        return np.asarray(self.powers / self.powers.sum())

    @property
    def value(self) -> float:
        """Give the result."""
        return float(self.shares[self.unit])


UnitStep: TypeAlias = (
    InputStep
    | ConvolutionStep
    | DenseStep
    | PoolingStep
    | BatchNormStep
    | ActivationStep
    | RescalingStep
    | AdditionStep
    | CopyStep
    | LocalResponseStep
    | SoftmaxStep
)
