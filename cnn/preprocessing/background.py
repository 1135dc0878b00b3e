"""Tell the paper in a picture, its light and its shadows from what stands on it. Needs SciPy."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.preprocessing.grayscale import resized, shrunk
from cnn.preprocessing.rasterize import Array

Values = npt.NDArray[np.float64]

COARSE_PX = 128  # longer side on which paper and light are judged
MEDIAN_PX = 64  # longer side for a local median, which is slow
BORDER = 0.04  # of the longer side: the frame that tells what paper looks like
NIB = 0.35  # of the longer side: what is narrower is ink, what is wider is paper or shadow
UNEVEN = 0.1  # brightness: a frame that leaves its smooth light by more holds the edge of a shadow, or ink
DARKEST = 0.1  # no paper is taken to be darker, lest noise in the dark look like ink
RULED = 0.1  # share of a row or column that a printed line may miss


def above_paper(grey: Array) -> tuple[Array, bool]:
    """Subtract the paper, find out whether ink is darker or lighter.

    Args:
        grey: float32 (height, width) in [0, 1], 1 is white.
    Returns: float32 (height, width), 0 for paper and up to 1 for ink; and whether ink is the darker of the two.
    """
    light, even = _light(grey)
    dark = _is_dark(grey, light if even else _middle(grey))
    flat = np.ones((1, 1), np.float32) if dark else np.zeros((1, 1), np.float32)
    return _without_rules(_residual(grey, light if even else flat, dark)), dark


def _light(grey: Array) -> tuple[Array, bool]:
    """Guess how bright bare paper is everywhere: a curved surface through the picture's frame.

    Returns: float32 of at most 128 px a side, 1 is white; and whether the frame is like that, with no edge of a shadow.
    """
    small = shrunk(grey, COARSE_PX)
    height, width = small.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=-1)  # (height, width, 6)
    edge = max(1, round(BORDER * max(height, width)))
    frame = np.ones(small.shape, bool)
    frame[edge:-edge, edge:-edge] = False
    surface = terms @ _surface(terms[frame], small[frame])
    off = np.abs(small - surface)[frame]
    return np.asarray(surface, np.float32), float(np.quantile(off, 0.9)) < UNEVEN


def _surface(terms: Values, values: Array) -> Values:
    """Fit by least squares, twice more without the half that fits worst, as ink may cross the frame."""
    keep = np.ones(len(values), bool)
    for _ in range(3):
        some = terms[keep]  # (points, 6)
        weights = np.linalg.pinv(some.T @ some) @ (some.T @ values[keep])
        off = np.abs(values - terms @ weights)
        keep = off <= np.median(off) + 1e-6
    return weights


def _middle(grey: Array) -> Array:
    """Guess the paper where shadows have edges: the median around each place, since ink is the minority."""
    small = shrunk(grey, MEDIAN_PX)
    return np.asarray(ndimage.median_filter(small, round(NIB * max(small.shape)), mode="nearest"), np.float32)


def _is_dark(grey: Array, paper: Array) -> bool:
    """Tell whether what differs most from the paper is darker; cubed, so that a shadow weighs less than ink."""
    return bool(((shrunk(grey, max(paper.shape)) - paper) ** 3).sum() < 0)


def _residual(grey: Array, light: Array, dark: bool) -> Array:
    """Take the paper away: its light first, then all that is wider than a thick marker, as shadows are.

    Paper in half the light makes its ink fainter by half, so dark ink is a share of the light, not a difference.
    """
    light = resized(light, *grey.shape)
    bright = 1 - grey / np.maximum(light, DARKEST) if dark else grey - light
    coarse = shrunk(bright.astype(np.float32), COARSE_PX)
    nib = max(3, round(NIB * max(coarse.shape)))
    shade = resized(ndimage.grey_opening(coarse, size=(nib, nib), mode="nearest"), *grey.shape)
    left = np.maximum(bright - shade, 0)
    return np.asarray(left / np.maximum(1 - shade, DARKEST) if dark else left, np.float32)


def _without_rules(residual: Array) -> Array:
    """Take away straight lines from edge to edge, as of ruled paper; no digit fills a whole row."""
    for axis in (0, 1):
        residual = np.maximum(residual - np.quantile(residual, RULED, axis=axis, keepdims=True), 0)
    return np.asarray(residual, np.float32)
