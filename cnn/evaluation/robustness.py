"""How far pictures may be changed before networks no longer know them: an accuracy curve each. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.datasets.dataset import Split
from cnn.errors import Cancelled
from cnn.evaluation.dataset_predictions import chunk_size
from cnn.metrics.significance import ConfidenceInterval, wilson_interval
from cnn.perturbations import Perturbation
from cnn.zoo import Network

STRENGTH_LEVELS: Final = 11  # strengths of a curve
SAMPLE_SIZE: Final = 1_000  # pictures of a set, always the same ones: an accuracy is then known to about 2 points
CHUNK: Final = 250  # pictures between two looks at progress and cancelling


@dataclass(frozen=True, slots=True)
class RobustnessCurve:
    """The right answers of one network at each strength.

    Attributes:
        network: its name.
        levels: the strengths, rising.
        correct: how many answers were right at each of them ...
        count: ... out of so many.
    """

    network: str
    levels: tuple[float, ...]
    correct: tuple[int, ...]
    count: int

    @property
    def accuracy(self) -> tuple[float, ...]:
        """Give the share of right answers at each strength, in [0, 1]."""
        return tuple(right / self.count for right in self.correct)

    @property
    def intervals(self) -> tuple[ConfidenceInterval, ...]:
        """Give the 95 % interval of each of them."""
        return tuple(wilson_interval(right, self.count) for right in self.correct)


def sample_split(split: Split, count: int = SAMPLE_SIZE) -> Split:
    """Take at most `count` pictures of a set at random, always the same ones."""
    chosen = np.sort(np.random.default_rng(5).permutation(len(split.labels))[:count])
    return Split(split.images[chosen], split.labels[chosen])


def measure_robustness(
    networks: Sequence[Network],
    split: Split,
    change: Perturbation,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[RobustnessCurve, ...]:
    """Ask every network every picture of `split` at STRENGTH_LEVELS strengths of a change; all see the same pictures.

    Args:
        networks: of the data set of `split`.
        split: at least one picture.
        change: what is done to them.
        on_progress: called with how many pictures were changed, and how many there are to change.
        stopped: asked now and then whether to give up.
    Raises: Cancelled: it said so.
    """
    levels, asked, step = change.levels(STRENGTH_LEVELS), len(split.labels), chunk_size(split, CHUNK)
    right = np.zeros((len(networks), STRENGTH_LEVELS), int)
    for at, level in enumerate(levels):
        for start in range(0, asked, step):
            if stopped():
                raise Cancelled(f"{change.title} was stopped at strength {at + 1} of {STRENGTH_LEVELS}.")
            right[:, at] += _right(networks, split, slice(start, start + step), change, level)
            on_progress(at * asked + min(start + step, asked), STRENGTH_LEVELS * asked)
    return tuple(
        RobustnessCurve(network.name, levels, tuple(int(one) for one in row), asked)
        for network, row in zip(networks, right, strict=True)
    )


def _right(
    networks: Sequence[Network], split: Split, part: slice, change: Perturbation, level: float
) -> npt.NDArray[np.int64]:
    images = change(split.images[part].astype(np.float32) / np.float32(255), level, seed=part.start)
    return np.array([(network.runner(images).argmax(axis=1) == split.labels[part]).sum() for network in networks])


def breaking_strengths(
    curve: RobustnessCurve, change: Perturbation, lost: float = 0.5
) -> tuple[float | None, float | None]:
    """Say at which strengths below and above rest a network first falls under a share of its accuracy at rest.

    Returns: a strength, or None where it never falls so far on that side.
    """
    rest = curve.levels.index(change.rest)
    fallen = [one < lost * curve.accuracy[rest] for one in curve.accuracy]
    below = next((curve.levels[at] for at in range(rest, -1, -1) if fallen[at]), None)
    above = next((curve.levels[at] for at in range(rest, len(fallen)) if fallen[at]), None)
    return below, above
