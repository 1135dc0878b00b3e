"""Find the ink in a picture, whatever the paper and the light, and the digits in the ink. Needs SciPy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.preprocessing import segmentation
from cnn.preprocessing.background import above_paper
from cnn.preprocessing.rasterize import Array

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
Extents = npt.NDArray[np.int64]

FAINTEST = 12 / 255  # ink must differ from paper by this much
STRONG, WEAK = 0.45, 0.25  # of the darkest ink: ink starts at STRONG and goes on down to WEAK
GRAINY = 0.2  # share of neighbours that differ: ink on paper stays under 0.12, noise has 0.5
SPECK = 0.15  # of the largest spot's extent: a smaller spot is dirt
TALL = 0.5  # of the largest spot's extent: as large as another digit might be
MOST_SPOTS = 60  # more of them are no digits; the largest are kept
AROUND = np.ones((3, 3), bool)  # a pixel's neighbours, the diagonal ones too


@dataclass(frozen=True, slots=True)
class Ink:
    """What was found in a picture.

    Attributes:
        upright: float32 (height, width) in [0, 1]: the picture turned so that ink is bright.
        ink: float32 of that shape in [0, 1]: 0 is paper, 1 is full ink.
        spots: bool of that shape for each digit, from left to right: where its ink is; none for no ink.
        dark: whether ink was darker than paper.
    """

    upright: Array
    ink: Array
    spots: tuple[Mask, ...]
    dark: bool


def find_ink(grey: Array, part: bool = True) -> Ink:
    """Tell ink from paper.

    Args:
        grey: float32 (height, width) in [0, 1], 1 is white.
        part: whether ink that lies apart makes several digits.
    """
    residual, dark = above_paper(grey)
    upright = 1 - grey if dark else grey
    level = float(np.quantile(residual, 0.998))
    if level < FAINTEST:
        return Ink(upright, np.zeros_like(grey), (), dark)
    labels, count = _strokes_of(residual, level)
    if not count or _grain(labels > 0) > GRAINY:
        return Ink(upright, np.zeros_like(grey), (), dark)
    ink = _levelled(residual, labels > 0, level)
    return Ink(upright, ink, tuple(_digits(labels, count, part)), dark)


def _strokes_of(residual: Array, level: float) -> tuple[Labels, int]:
    """Label connected ink: weak ink counts where it touches strong ink, specks do not."""
    found, count = ndimage.label(residual > WEAK * level, AROUND)
    labels = found.astype(np.int32)
    strong = np.zeros(count + 1, bool)
    strong[labels[residual > STRONG * level]] = True
    sides = [max(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in _boxes(labels)]
    extents = np.where(strong, np.array([0, *sides]), 0)  # (1 + spots,): 0 stands for paper
    extents = _without_edges(labels, extents)
    large = np.sort(extents)[-MOST_SPOTS:][0]
    keep = (extents > SPECK * extents.max()) & (extents >= large) & (extents > 0)
    number = np.where(keep, keep.cumsum(), 0)
    return number[labels].astype(np.int32), int(keep.sum())


def _without_edges(labels: Labels, extents: Extents) -> Extents:
    """Drop what runs out of the picture, a shadow or a table, where something as large does not."""
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    inside = extents.copy()
    inside[edges] = 0
    return inside if inside.max() > TALL * extents.max() else extents


def _boxes(labels: Labels) -> list[tuple[slice, slice]]:
    return [(box[0], box[1]) for box in ndimage.find_objects(labels)]


def _grain(mask: Mask) -> float:
    """Share of neighbouring pixels that differ."""
    if min(mask.shape) < 2:
        return 1.0
    return float(max((mask[1:] != mask[:-1]).mean(), (mask[:, 1:] != mask[:, :-1]).mean()))


def _levelled(residual: Array, mask: Mask, level: float) -> Array:
    """Stretch grey so that paper's noise is 0 and most ink is 1."""
    low = min(2 * float(np.median(residual[~mask])), WEAK * level) if not mask.all() else 0.0
    high = max(float(np.quantile(residual[mask], 0.75)), STRONG * level)
    return np.asarray(np.clip((residual - low) / (high - low), 0, 1), np.float32)


def _digits(labels: Labels, count: int, part: bool) -> list[Mask]:
    """Gather spots of ink into digits, each with a rim that holds its soft edge."""
    groups = [[*range(count)]]
    if part and count > 1:
        boxes = _boxes(labels)
        groups = segmentation.group([_points(labels[box] == i + 1, box) for i, box in enumerate(boxes)])
    return [ndimage.binary_dilation(np.isin(labels, np.array(g) + 1), AROUND) for g in groups]


def _points(spot: Mask, box: tuple[slice, slice]) -> segmentation.Points:
    """List a spot's leftmost and rightmost pixel of every row: (points, 2), x and y."""
    rows = np.flatnonzero(spot.any(axis=1))
    left = spot[rows].argmax(axis=1)
    right = spot.shape[1] - spot[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([left, right]) + box[1].start, np.concatenate([rows, rows + 1]) + box[0].start
    return np.stack([x, y], axis=1).astype(np.float64)
