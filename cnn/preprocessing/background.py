"""Tell the paper in a picture, its light and its shadows from what stands on it. Needs SciPy."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.array_types import Array
from cnn.preprocessing.grayscale import resize_picture, shrink_picture

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

COARSE_PX = 128  # longer side on which paper and light are judged
FINE_PX = 320  # longer side on which small ink is told from paper
BORDER = 0.04  # of the longer side: the frame that tells what paper looks like
NIB = 0.35  # of the longer side: what is narrower is ink, what is wider is paper or shadow
NEAR = 0.15  # of the longer side: around ink there is paper as near
UNEVEN = 0.1  # brightness: a frame that leaves its smooth light by more holds the edge of a shadow, or ink
DARKEST = 0.1  # no paper is taken to be darker, lest noise in the dark look like ink
TONES = 64  # steps of brightness that Otsu's method tells apart
PARTED = 0.6  # of the variance that two tones must account for
EVEN = 0.25  # of the contrast: nine tenths of the paper are nearer to its light
BARE = 0.3  # of the paper: where less lies apart from ink, most of it is half ink
STEADY = 8.0  # px of paper: with as few, light is taken to be about the same everywhere
ALONG = 0.23  # of the frame: a thick stroke lies along less of it, a shadow along more


def subtract_background(grey: Array) -> tuple[Array, bool]:
    """Subtract the paper, find out whether ink is darker or lighter.

    Args:
        grey: float32 (height, width) in [0, 1], 1 is white.
    Returns: float32 (height, width), 0 for paper and up to 1 for ink; and whether ink is the darker of the two.
    """
    small = shrink_picture(grey, COARSE_PX)
    tones = two_tones(small)
    if tones is not None:
        dark, paper = tones
        bare = _bare(small, paper, dark)
        light = fit_illumination(small, bare)
        if np.quantile(np.abs(small - light)[bare], 0.9) < EVEN * _contrast(small, bare):
            return _above(grey, resize_picture(light, *grey.shape), dark), dark
    dark = _is_dark(shrink_picture(grey, FINE_PX))
    return subtract_known_background(grey, dark), dark


def subtract_known_background(grey: Array, dark: bool) -> Array:
    """Subtract paper and shadows for ink that is darker, or lighter; as `subtract_background` returns it."""
    light, even = _light(shrink_picture(grey, COARSE_PX))
    flat = np.ones((1, 1), np.float32) if dark else np.zeros((1, 1), np.float32)
    return _residual(grey, light if even else flat, dark)


def two_tones(small: Array) -> tuple[bool, Mask] | None:
    """Part a picture into ink and paper by one threshold (Otsu 1979), if one of the two is made of strokes.

    Ink may touch the frame, but has less of it than the paper; unless it is the other of the two that is made of
    strokes, as on a sheet with a wide frame.

    Args:
        small: float32 (height, width).
    Returns: whether ink is darker, and where paper is; None where two tones do not describe the picture, as beside the
        edge of a shadow, or where light that fades describes it better.
    """
    threshold, parted = otsu_threshold(small)
    if parted < max(PARTED, _smoothness(small)):
        return None
    dark = small < threshold
    frame = np.concatenate([dark[0], dark[1:, -1], dark[-1, -2::-1], dark[-2:0:-1, 0]])  # clockwise
    first = bool(frame.mean() < 0.5)
    for ink_is_dark in (first, not first):
        ink = dark if ink_is_dark else ~dark
        if 2 * float(ndimage.distance_transform_edt(ink).max()) < NIB * max(small.shape):
            return ink_is_dark, ~ink
        if ink_is_dark == first and _longest_run(frame == ink_is_dark) < ALONG * len(frame):
            return ink_is_dark, ~ink
    return None


def _longest_run(ring: npt.NDArray[np.bool_]) -> int:
    """Count the most neighbours that are true, around a closed ring."""
    gaps = np.flatnonzero(~ring)
    return len(ring) if not len(gaps) else int(np.diff(np.append(gaps, gaps[0] + len(ring))).max()) - 1


def otsu_threshold(small: Array) -> tuple[float, float]:
    """Find the threshold that leaves the least variance on both sides, and the share of the variance between them."""
    low, high = float(small.min()), float(small.max())
    step = max(high - low, 1e-6) / TONES
    counts = np.bincount(np.minimum((small.ravel() - low) / step, TONES - 1).astype(np.int64), minlength=TONES)
    values = low + step * (np.arange(TONES) + 0.5)
    below, mass = counts.cumsum()[:-1], (counts * values).cumsum()
    above = small.size - below
    with np.errstate(invalid="ignore", divide="ignore"):
        between = np.nan_to_num(below * above * (mass[:-1] / below - (mass[-1] - mass[:-1]) / above) ** 2)
    total = small.size * float((counts * (values - mass[-1] / small.size) ** 2).sum())
    plateau = np.flatnonzero(between >= between.max() * (1 - 1e-9))  # empty bins: its middle is farthest from both
    best = int(plateau[len(plateau) // 2])
    return low + step * (best + 1), float(between[best] / total) if total > 0 else 0.0


def _bare(small: Array, paper: Mask, dark: bool) -> Mask:
    """Choose paper without the soft edge of ink; where there is little, as in few pixels, the half least like it."""
    apart = ndimage.binary_erosion(paper, np.ones((3, 3), bool), border_value=1)
    if np.count_nonzero(apart) >= BARE * np.count_nonzero(paper):
        return np.asarray(apart, np.bool_)
    middle = np.median(small[paper])
    return paper & (small >= middle if dark else small <= middle)


def _contrast(small: Array, paper: Mask) -> float:
    return abs(float(np.median(small[paper])) - float(np.median(small[~paper])))


def _light(small: Array) -> tuple[Array, bool]:
    """Guess how bright bare paper is everywhere: a curved surface through the picture's frame.

    Returns: float32, 1 is white; and whether the frame is like that, with no edge of a shadow.
    """
    edge = max(1, round(BORDER * max(small.shape)))
    frame = np.ones(small.shape, bool)
    frame[edge:-edge, edge:-edge] = False
    light = fit_illumination(small, frame)
    return light, float(np.quantile(np.abs(small - light)[frame], 0.9)) < UNEVEN


def fit_illumination(small: Array, paper: Mask, rounds: int = 3) -> Array:
    """Fit a curved surface through what is paper: float32 of the shape of `small`, (height, width) or with colours.

    Args:
        small: float32, with one value or several a pixel.
        paper: bool (height, width).
        rounds: of fitting; in each but the first, without the half that is farthest off.
    """
    height, width = paper.shape
    y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j])
    terms = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=1)  # (px, 6)
    flat, mask = small.reshape(height * width, -1), paper.ravel()
    return np.asarray(terms @ _surface(terms[mask], flat[mask], rounds), np.float32).reshape(small.shape)


def _smoothness(small: Array) -> float:
    """Say what share of the variance a curved surface accounts for, in [0, 1]."""
    left = small - fit_illumination(small, np.ones(small.shape, bool), rounds=1)
    return 1 - float(left.var() / max(float(small.var()), 1e-12))


def _surface(terms: Values, values: Array, rounds: int) -> Values:
    """Fit values (points, channels) by least squares, then again without the worse half, as ink may cross the frame."""
    keep = np.ones(len(values), bool)
    penalty = STEADY * np.diag([0.0, 1, 1, 1, 1, 1])  # of all terms but the constant: ridge regression
    for _ in range(rounds):
        some = terms[keep]  # (points, 6)
        weights = np.linalg.pinv(some.T @ some + penalty) @ (some.T @ values[keep])
        off = np.abs(values - terms @ weights).max(axis=1)
        keep = off <= np.median(off) + 1e-6
    return weights


def _is_dark(small: Array) -> bool:
    """Tell whether what differs most from its surroundings is darker; cubed, so that an edge weighs on both sides."""
    near = max(3, round(NEAR * max(small.shape)))
    return bool(((small - ndimage.uniform_filter(small, near, mode="nearest")) ** 3).sum() < 0)


def _above(grey: Array, light: Array, dark: bool) -> Array:
    """Measure how far ink is from paper.

    Paper in half the light makes its ink fainter by half, so dark ink is a share of the light, not a difference.
    """
    away = 1 - grey / np.maximum(light, DARKEST) if dark else grey - light
    return np.asarray(np.maximum(away, 0), np.float32)


def _residual(grey: Array, light: Array, dark: bool) -> Array:
    """Take the paper away: its light first, then all that is wider than a thick marker, as shadows are."""
    bare = resize_picture(light, *grey.shape)
    away = 1 - grey / np.maximum(bare, DARKEST) if dark else grey - bare
    coarse = shrink_picture(away.astype(np.float32), COARSE_PX)
    nib = max(3, round(NIB * max(coarse.shape)))
    shade = resize_picture(ndimage.grey_opening(coarse, size=(nib, nib), mode="nearest"), *grey.shape)
    left = np.maximum(away - shade, 0)
    return np.asarray(left / np.maximum(1 - shade, DARKEST) if dark else left, np.float32)
