"""Find a sheet of paper that reaches out of the picture: the straight edges along which a desk is seen. Needs SciPy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.array_types import Array
from cnn.preprocessing.background import fit_illumination

Mask = npt.NDArray[np.bool_]

TILTS = np.deg2rad(np.arange(-12.0, 13, 2))  # of an edge, against its side of the picture
FINER = np.deg2rad(np.arange(-1.5, 1.6, 0.5))  # around the best of them
NEAREST, FARTHEST = 0.015, 0.45  # of the picture's height: how far from its side of the picture an edge may be
APART_PX = 2  # brightness is compared so far on both sides of an edge
EVERY_PX = 2  # along a line: so often it is asked whether there is a step
ALIKE = 0.02  # of a line: such a share more is no better
STEP = 0.05  # of the largest brightness: the desk differs from the paper by as much, in some colour
FOUND, CERTAIN = 0.5, 0.88  # of an edge's length that is a step: before, and without, what other edges cut off
NARROWEST = 0.38  # of the picture's longer side: a narrower sheet may be a stroke
OTHER = 0.8  # of the desk that differs from the paper
BARE, WRITTEN = 0.98, 0.15  # so much of the desk is nearer to its own light: there is no ink on it
INSET_PX = 4  # dropped along the edge, which casts a shadow


@dataclass(frozen=True, slots=True)
class _Edge:
    """An edge below the picture's upper side once that is turned `turns` times to the left: y is start + slope x."""

    turns: int
    start: float
    slope: float

    def below(self, shape: tuple[int, int], by: float = 0) -> Mask:
        """Say which pixels of a picture lie on the paper's side, `by` px away from the edge: bool (height, width)."""
        height, width = shape if self.turns % 2 == 0 else shape[::-1]
        y, x = np.mgrid[:height, :width]
        return np.rot90(y > self.start + self.slope * x + by, -self.turns)


def find_reaching_sheet(colours: Array) -> Mask | None:
    """Find paper that fills the picture but for a desk at one to four of its sides.

    A shadow with a straight edge counts as a desk, as long as nothing is written in it.

    Args:
        colours: float32 (height, width, 3) in [0, 1], small, thin ink smoothed away.
    Returns: bool (height, width), where the paper is; None where no such edge is certain.
    """
    shape = (colours.shape[0], colours.shape[1])
    edges = [edge for turns in range(4) if (edge := _best_edge(np.rot90(colours, turns), turns)) is not None]
    while edges:
        shares = [_share(edge, edges, colours) for edge in edges]
        if min(shares) >= CERTAIN:
            break
        del edges[int(np.argmin(shares))]
    if not edges:
        return None
    paper = np.all([edge.below(shape, INSET_PX) for edge in edges], axis=0)
    desk = ~np.all([edge.below(shape, -INSET_PX) for edge in edges], axis=0)
    return paper if is_large(paper) and _is_desk(desk, paper, colours) else None


def _steps(colours: Array) -> Array:
    """Measure how much each pixel's upper and lower neighbours differ, in any colour: float32 (height, width)."""
    padded = np.pad(colours, ((APART_PX, APART_PX), (0, 0), (0, 0)), mode="edge")
    steps = np.abs(padded[2 * APART_PX :] - padded[: -2 * APART_PX]).max(axis=2)
    return np.asarray(steps, np.float32)


def _best_edge(colours: Array, turns: int) -> _Edge | None:
    """Find the line below the upper side along which the most is a step: roughly, then finely."""
    there = _steps(colours) > STEP
    _, start, angle = _most_steps(there, TILTS)
    share, start, angle = _most_steps(there, angle + FINER)
    slope = float(np.tan(angle))
    return _Edge(turns, start - slope * there.shape[1] / 2, slope) if share >= FOUND else None


def _most_steps(there: Mask, angles: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Choose among lines at some angles: the share of it that is a step, its y half way, its angle."""
    height, width = there.shape
    starts = np.arange(int(NEAREST * height), int(FARTHEST * height) + 1)
    x = np.arange(0, width, EVERY_PX)
    rows = np.rint(starts[None, :, None] + np.tan(angles)[:, None, None] * (x - width / 2)).astype(np.int64)
    shares = (there[rows.clip(0, height - 1), x] & (rows >= 0) & (rows < height)).mean(axis=2)  # (angles, starts)
    best = float(shares.max())
    middle = np.median(np.argwhere(shares >= best - ALIKE), axis=0).astype(np.int64)  # a step is several px wide
    return best, float(starts[middle[1]]), float(angles[middle[0]])


def _share(edge: _Edge, edges: Sequence[_Edge], colours: Array) -> float:
    """Say how much of an edge is a step, where no other edge has cut it off."""
    turned = np.rot90(colours, edge.turns)
    height, width = turned.shape[:2]
    x = np.arange(width)
    y = np.rint(edge.start + edge.slope * x).astype(np.int64)
    shape = (colours.shape[0], colours.shape[1])
    others = [np.rot90(other.below(shape, 2 * APART_PX), edge.turns) for other in edges if other is not edge]
    seen = (y >= 0) & (y < height) & np.all([np.ones((height, width), bool), *others], axis=0)[y.clip(0, height - 1), x]
    steps = ndimage.maximum_filter1d(_steps(turned), 3, axis=0)[y.clip(0, height - 1), x]
    return float((steps[seen] > STEP).mean()) if seen.sum() > FOUND * width else 0.0


def is_large(paper: Mask) -> bool:
    """Tell whether it is long and wide enough for a sheet of which the picture shows a part."""
    rows, columns = paper.sum(axis=1), paper.sum(axis=0)
    return bool(min(rows.max(), columns.max()) > NARROWEST * max(paper.shape))


def _is_desk(desk: Mask, paper: Mask, colours: Array) -> bool:
    """Tell whether it differs from the paper all over, and nothing is written on it."""
    if not desk.any():
        return False
    off = np.abs(colours - fit_illumination(colours, paper))[desk].max(axis=1)
    own = np.abs(colours - fit_illumination(colours, desk))[desk].max(axis=1)
    return float((off > STEP).mean()) > OTHER and float(np.quantile(own, BARE)) < WRITTEN
