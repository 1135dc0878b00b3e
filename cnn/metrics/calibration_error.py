"""Whether a network that says 90 % is right nine times out of ten. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

Shares = Array
Bools = npt.NDArray[np.bool_]

BINS: Final = 15  # as Guo et al. 2017, table 1


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """The answers whose confidence lies above `low` and up to `high`.

    Attributes:
        low, high: shares in [0, 1].
        count: how many answers.
        confidence: their mean; the middle of the bin where there are none.
        correct: how many of them are right.
    """

    low: float
    high: float
    count: int
    confidence: float
    correct: int

    @property
    def accuracy(self) -> float:
        """Share of right answers; 0 where there are none at all."""
        return self.correct / self.count if self.count else 0.0


def reliability_bins(confidence: Shares, right: Bools, bins: int = BINS) -> list[ConfidenceBin]:
    """Sort answers by how sure they are.

    Args:
        confidence: float32 (n,), probability of each answer, in [0, 1].
        right: bool (n,), whether it is.
        bins: of the same width.
    Source: Guo et al. 2017, arXiv:1706.04599, section 2.
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.searchsorted(edges, confidence.astype(np.float64), side="left") - 1, 0, bins - 1)
    asked = np.bincount(place, minlength=bins)
    hits = np.bincount(place, right, bins)
    sure = np.bincount(place, confidence, bins)
    middle = (edges[:-1] + edges[1:]) / 2
    means = np.where(asked > 0, sure / np.maximum(asked, 1), middle)
    columns = zip(edges[:-1], edges[1:], asked, means, hits, strict=True)
    return [
        ConfidenceBin(float(low), float(high), int(n), float(mean), int(hit)) for low, high, n, mean, hit in columns
    ]


def expected_calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """Say by how much confidence and accuracy differ, in [0, 1]: the expected calibration error.

    Source: Guo et al. 2017, arXiv:1706.04599, equation 3.
    """
    asked = sum(one.count for one in bins)
    return sum(one.count * abs(one.accuracy - one.confidence) for one in bins) / max(1, asked)
