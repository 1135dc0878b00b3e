"""What is found out about a network's reasons; what the worker sends back and a page shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class AttributionMap:
    """Evidence, float32 (height, width) in [0, 1], as fine as its method is, and the milliseconds it took."""

    values: Array
    milliseconds: float


@dataclass(frozen=True, slots=True, eq=False)
class FaithfulnessCurves:
    """How a class' probability follows a heat map, against pixels in a random order.

    Attributes:
        shares: of the pixels, float64 (n,), from 0 to 1.
        deletion: probability when that share is taken away, the strongest first, float64 (n,).
        insertion: the same when that share is brought back.
        random_deletion: as `deletion`, in a random order.
        random_insertion: as `insertion`, in a random order.
    """

    shares: npt.NDArray[np.float64]
    deletion: npt.NDArray[np.float64]
    insertion: npt.NDArray[np.float64]
    random_deletion: npt.NDArray[np.float64]
    random_insertion: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RandomizationResult:
    """What is left of a heat map when weights are shuffled from the last layer down.

    Attributes:
        layers: the deepest layer that is shuffled in each stage; "" for none, the first.
        maps: float32 (height, width) in [0, 1], one a stage.
        ranks: rank correlation of each with the first, in [-1, 1].
        similarity: SSIM of each with the first, in [-1, 1].
    """

    layers: tuple[str, ...]
    maps: tuple[Array, ...]
    ranks: tuple[float, ...]
    similarity: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FeatureVisualization:
    """A picture that excites a unit.

    Attributes:
        pixels: uint8 (height, width, channels).
        first: the unit's mean activation, before its ReLU, on the noise that it began with.
        last: the same on `pixels`.
    """

    pixels: Pixels
    first: float
    last: float


@dataclass(frozen=True, slots=True, eq=False)
class AdversarialNudge:
    """A picture that was changed as little as needed for another answer.

    Attributes:
        image: the changed one, float32 (height, width, channels) in [0, 1].
        label: the answer before.
        answer: the answer now; `label` where nothing turned it.
    """

    image: Array
    label: int
    answer: int
