"""How far a measured accuracy is to be trusted, and whether one network is really better. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]

CONFIDENCE_LEVEL: Final = 0.95  # of confidence, for every interval that the app shows
SIGNIFICANCE_LEVEL: Final = 0.05  # p from which on a difference may well be chance


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """From the least to the greatest share that fits what was measured, both in [0, 1]."""

    low: float
    high: float


def wilson_interval(right: int, asked: int, level: float = CONFIDENCE_LEVEL) -> ConfidenceInterval:
    """Say which true shares fit `right` out of `asked`.

    Args:
        right: from 0 to `asked`.
        asked: at least 1.
        level: how often such intervals hold the true share, in (0, 1).
    Raises: ValueError: one of them is out of its range.
    Source: Wilson 1927, Journal of the American Statistical Association 22 (158), 209-212.
    """
    if not 0 <= right <= asked or asked < 1 or not 0 < level < 1:
        raise ValueError(f"{right} right out of {asked} asked at the level {level} is no measurement.")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = right / asked, z * z / asked
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / asked + spread / asked / 4)
    return ConfidenceInterval(0.0 if right == 0 else middle - half, 1.0 if right == asked else middle + half)


@dataclass(frozen=True, slots=True)
class McNemarResult:
    """Two networks that answered the same pictures.

    Attributes:
        asked: pictures.
        first, second: how many the one alone got right.
        exact: how often chance alone would part them so unevenly, if both were equally good, in [0, 1] ...
        mid: ... and the same less half of what falls on the line: less timid, and the one to go by.
    """

    asked: int
    first: int
    second: int
    exact: float
    mid: float

    @property
    def better(self) -> int | None:
        """Say which is better, 0 or 1; None where it may well be chance."""
        return None if self.mid >= SIGNIFICANCE_LEVEL else int(self.second > self.first)


def mcnemar_test(first: Bools, second: Bools) -> McNemarResult:
    """Compare two networks by the pictures that only one of them gets right.

    Args:
        first: bool (n,), whether each answer of the one is right.
        second: bool (n,), the same of the other, in the same order.
    Source: McNemar 1947, Psychometrika 12, 153-157; mid-p as Fagerland et al. 2013,
        BMC Medical Research Methodology 13:91, recommends it.
    """
    one, other = int((first & ~second).sum()), int((second & ~first).sum())
    parted, least = one + other, min(one, other)
    ways, line = _ways(parted, least)
    if one == other:  # at the middle, both tails would count it
        return McNemarResult(len(first), one, other, 1.0, 1 - line / 2 ** (parted + 1) if parted else 1.0)
    return McNemarResult(len(first), one, other, 2 * ways / 2**parted, (2 * ways - line) / 2**parted)


def _ways(parted: int, least: int) -> tuple[int, int]:
    """Count how many of the 2**parted ways to part give the one at most `least`, and how many exactly `least`.

    Whole numbers are exact, and spare the server scipy.stats: 44 MB and 1.4 s at first use on two busy cores.
    """
    ways = line = 1
    for k in range(least):
        line = line * (parted - k) // (k + 1)  # C(parted, k + 1)
        ways += line
    return ways, line


def describe_comparison(paired: McNemarResult, first: str, second: str) -> str:
    """Say a comparison in plain words; `first` and `second` are what people call the two."""
    if paired.first + paired.second == 0:
        return f"{first} and {second} are right and wrong on the very same {paired.asked:,} pictures."
    alone = (
        f"Of {paired.asked:,} pictures, {paired.first:,} are read right by {first} alone "
        f"and {paired.second:,} by {second} alone."
    )
    if paired.better is None:
        return (
            f"{alone} Two equally good networks would part at least so unevenly in {describe_p_value(paired.mid)}: "
            "these pictures do not tell which one is better."
        )
    return (
        f"{alone} Two equally good networks would part so unevenly in only {describe_p_value(paired.mid)}: "
        f"{(first, second)[paired.better]} is the better one."
    )


def describe_p_value(p: float) -> str:
    """Say a probability as people count, such as "3 of 100 such tests"."""
    if p < 1e-6:
        return "less than one of a million such tests"
    if p < 0.01:
        return f"one of {float(f'{1 / p:.2g}'):,.0f} such tests"
    return f"{round(p * 100)} of 100 such tests"
