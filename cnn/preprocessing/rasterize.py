"""Pen strokes: smooth them, fit them in a box, draw them. No TensorFlow.

A stroke is float32 (points, 2), x to the right and y downwards.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

SIZE_PX = 28  # an MNIST picture is 28x28
BOX_PX = 20  # MNIST fits a digit in 20x20 (LeCun et al. 1998, section III.A)
PEN_PX = 2.6  # what strokes in a 20 px box need to carry as much ink as an MNIST digit
SMOOTH_STEP = 0.04  # of the drawing's longer side: points farther apart get a curve between them
MOST_POINTS = 1_000  # of a drawing: those a careful hand leaves; more cost time and show nothing new in 28x28
WIDEST = 1e6  # px: a wider pen leaves no pixel without ink, and float32 holds it
CHUNK_PX = 32 * 28 * 28  # distances measured at once: what fits in a processor's cache, and bounds the memory


def thin_points(strokes: Sequence[Array]) -> list[Array]:
    """Leave out points of a drawing that has more than MOST_POINTS, evenly along its lines.

    Args:
        strokes: each of at least one point, in any unit.
    Returns: about MOST_POINTS of the old points; every stroke keeps its first and its last.
    """
    if sum(map(len, strokes)) <= MOST_POINTS:
        return list(strokes)
    step = _length(strokes) / MOST_POINTS
    return [stroke[_spread(stroke, step)] for stroke in strokes]


def _spread(points: Array, step: float) -> npt.NDArray[np.bool_]:
    """Say which points are the first in their `step` along the line, or the last of all: (points,)."""
    along = np.concatenate([[0], np.cumsum(_chords(points))]) // max(step, 1e-9)
    return np.concatenate([[True], (np.diff(along[:-1]) > 0), [True]])[-len(points) :]


def _chords(points: Array) -> npt.NDArray[np.float64]:
    return np.asarray(np.hypot(*np.diff(points, axis=0).T), np.float64)


def _length(strokes: Sequence[Array]) -> float:
    return float(sum(_chords(stroke).sum() for stroke in strokes))


def smooth_strokes(strokes: Sequence[Array]) -> list[Array]:
    """Put a curve through points that lie far apart, as a slow tablet leaves them.

    Args:
        strokes: at least one, each of at least one point, in any unit.
    Returns: the same strokes with at most about MOST_POINTS more; every old point is kept.
    Source: Catmull & Rom 1974, with tangents half the chord between the neighbours.
    """
    step = max(SMOOTH_STEP * max(strokes_extent(strokes).max(), 1e-6), _length(strokes) / MOST_POINTS)
    return [_curve(stroke, step) for stroke in strokes]


def _curve(points: Array, step: float) -> Array:
    if len(points) < 3:
        return points
    p1, p2 = points[:-1], points[1:]
    p0 = np.vstack([points[:1], points[:-2]])
    p3 = np.vstack([points[2:], points[-1:]])
    steps = np.clip(np.ceil(np.hypot(*(p2 - p1).T) / step), 1, 32).astype(np.int64)  # (segments,)
    which = np.repeat(np.arange(len(steps)), steps)  # (new points,)
    first = np.cumsum(steps) - steps
    t = ((np.arange(len(which)) - first[which]) / steps[which]).astype(np.float32)[:, None]  # (new points, 1)
    p0, p1, p2, p3 = p0[which], p1[which], p2[which], p3[which]
    bend = (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * (p1 - p2) + p3 - p0) * t**3
    return np.vstack([p1 + ((p2 - p0) * t + bend) / 2, points[-1:]]).astype(np.float32)


def strokes_extent(strokes: Sequence[Array]) -> Array:
    """Measure the strokes' width and height: float32 (2,), in their own unit."""
    points = np.vstack(strokes)
    return np.asarray(np.ptp(points, axis=0), np.float32)


def fit_strokes(strokes: Sequence[Array], box: float, size: float = SIZE_PX) -> list[Array]:
    """Scale the strokes so that the longer side is `box`, in the middle of a square of `size`.

    Args:
        strokes: at least one, not all at the same point.
        box: longer side of the lines' own bounds, in px of the square.
        size: side of the square, in px.
    Returns: new strokes in px of the square.
    """
    points = np.vstack(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = box / max(float((high - low).max()), 1e-6)
    return [((stroke - (low + high) / 2) * scale + size / 2).astype(np.float32) for stroke in strokes]


def rasterize_strokes(strokes: Sequence[Array], pen: float, size: int = SIZE_PX) -> Array:
    """Draw round-ended lines: every pixel by its distance from the nearest line.

    Args:
        strokes: in px; the first pixel spans 0 to 1.
        pen: width of the line in px.
        size: height and width of the picture in px.
    Returns: float32 (size, size) in [0, 1], 1 is full ink.
    """
    starts = np.vstack([_starts(stroke) for stroke in strokes])  # (segments, 2)
    ends = np.vstack([stroke[-1:] if len(stroke) == 1 else stroke[1:] for stroke in strokes])
    step = max(1, CHUNK_PX // size**2)
    chunks = [slice(first, first + step) for first in range(0, len(starts), step)]
    nearest = np.min([_distance(starts[chunk], ends[chunk], size) for chunk in chunks], axis=0)
    return np.asarray(np.clip(min(pen, WIDEST) / 2 + 0.5 - nearest, 0, 1), np.float32)


def _distance(starts: Array, ends: Array, size: int) -> Array:
    """Measure how far each pixel's middle is from the nearest segment: float32 (size, size), in px."""
    axis = np.arange(size, dtype=np.float32) + 0.5
    along = ends - starts
    square = np.maximum((along**2).sum(axis=1), 1e-9)
    dx = axis[None, None, :] - starts[:, 0, None, None]  # (segments, 1, size)
    dy = axis[None, :, None] - starts[:, 1, None, None]  # (segments, size, 1)
    part = dx * along[:, 0, None, None] + dy * along[:, 1, None, None]  # (segments, size, size)
    part /= square[:, None, None]
    np.clip(part, 0, 1, out=part)
    x, y = part * along[:, 0, None, None], part * along[:, 1, None, None]
    for beside, middle in ((x, dx), (y, dy)):  # in place: what is written anew costs more than the sums
        np.subtract(middle, beside, out=beside)
        np.square(beside, out=beside)
    x += y
    return np.asarray(np.sqrt(x.min(axis=0)), np.float32)


def _starts(stroke: Array) -> Array:
    return stroke if len(stroke) == 1 else stroke[:-1]


def centre_of_mass(picture: Array) -> Array:
    """Find the centre of mass of the ink: float32 (2,), x and y in px.

    The middle of an empty picture.
    """
    height, width = picture.shape
    mass = float(picture.sum())
    if mass <= 0:
        return np.array([width / 2, height / 2], np.float32)
    x = float(picture.sum(axis=0) @ (np.arange(width) + 0.5)) / mass
    y = float(picture.sum(axis=1) @ (np.arange(height) + 0.5)) / mass
    return np.array([x, y], np.float32)


def centre_strokes(strokes: Sequence[Array], pen: float) -> list[Array]:
    """Move the strokes so that their ink's centre of mass is the middle of the 28x28 square."""
    shift = SIZE_PX / 2 - centre_of_mass(rasterize_strokes(strokes, pen))
    return [stroke + shift for stroke in strokes]


def strokes_to_mnist(strokes: Sequence[Array], pen: float = PEN_PX) -> Array:
    """Draw strokes the MNIST way: 20 px box, MNIST's pen, centre of mass in the middle.

    Args:
        strokes: at least one, not all at the same point, in any unit.
        pen: width of the line in px of the 28x28 square.
    Returns: float32 (28, 28) in [0, 1].
    Source: LeCun et al. 1998, section III.A.
    """
    return rasterize_strokes(centre_strokes(fit_strokes(strokes, BOX_PX - pen), pen), pen)
