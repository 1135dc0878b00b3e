"""What a heat map says: where its strongest part is, as a box and in words. No TensorFlow."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from cnn.array_types import Array

Box = tuple[float, float, float, float]

BOX_THRESHOLD: Final = 0.2  # of the greatest value, at the box's edge (Zhou et al. 2016, arXiv:1512.04150, 3.2)
BOX_GRID_PX: Final = 112  # px, to which a coarse map is smoothed before a box is drawn
STRONG_THRESHOLD: Final = 0.5  # of the greatest value
EVERYWHERE_SHARE: Final = 0.6  # share of places that are strong
EVEN_SHARE: Final = 1 / 9  # of what is strong, were it spread over all ninths alike
NOWHERE, ALL_OVER, SCATTERED = "nowhere", "all over the picture", "in several places"
PLACES: Final = (
    ("in the upper left", "at the top", "in the upper right"),
    ("on the left", "in the middle", "on the right"),
    ("in the lower left", "at the bottom", "in the lower right"),
)


def normalize_heatmap(heat: npt.NDArray[np.floating[Any]], percentile: float = 100) -> Array:
    """Keep what is positive and make its greatest value 1; what is no number is 0.

    Args:
        heat: of any shape.
        percentile: of the values that becomes 1, where it is above 0; what lies higher is 1, too.
    """
    positive = np.maximum(np.nan_to_num(heat), 0)
    top = np.percentile(positive, percentile) or positive.max()
    return np.asarray(np.minimum(positive / top, 1) if top > 0 else positive, np.float32)


def min_max_upsample(values: Array, size: tuple[int, int]) -> Array:
    """Smooth a map to (height, width), then stretch it to [0, 1]; a constant one becomes 0.

    In this order: between the places of a coarse map the values lie nearer to each other, and would not reach 0 and 1.
    """
    whole = resize_bilinear(values, size)
    low, high = float(whole.min()), float(whole.max())
    if not (high > low and values.max() > values.min()):  # a constant map may round while it is smoothed
        return np.zeros(size, np.float32)
    return (whole - low) / (high - low)


def resize_bilinear(values: Array, size: tuple[int, int]) -> Array:
    """Smooth a map to (height, width), between its neighbours in straight lines."""
    whole = Image.fromarray(np.asarray(values, np.float32)).resize(size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(whole, np.float32)


def upsample_heatmap(heat: Array, size: int) -> Array:
    """Smooth a heat map to (size, size), still in [0, 1]."""
    whole = Image.fromarray(np.asarray(heat, np.float32)).resize((size, size), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(whole, np.float32), 0, 1)


def heatmap_box(heat: Array) -> Box | None:
    """Find the box around the largest connected part above SHARE of the greatest value.

    Args:
        heat: float32 (height, width) in [0, 1].
    Returns: left, top, width, height as shares of the picture; None where nothing speaks for the class.
    """
    fine = upsample_heatmap(heat, BOX_GRID_PX)
    if not fine.max() > 0:
        return None
    parts, count = ndimage.label(fine > BOX_THRESHOLD * fine.max())
    sizes = ndimage.sum_labels(np.ones_like(fine), parts, range(1, count + 1))
    rows, columns = ndimage.find_objects(parts)[int(np.argmax(sizes))]
    left, top = columns.start / BOX_GRID_PX, rows.start / BOX_GRID_PX
    return left, top, columns.stop / BOX_GRID_PX - left, rows.stop / BOX_GRID_PX - top


def describe_location(heat: Array) -> str:
    """Say where the evidence lies, such as "in the upper left"; "nowhere" where there is none."""
    return describe_locations(heat[..., None])[0]


def describe_locations(strengths: Array) -> tuple[str, ...]:
    """Say of several maps where each is strong: in which ninth the middle of its strong part lies.

    Args:
        strengths: float32 (height, width, maps), at least 0.
    Returns: a word a map, of PLACES; NOWHERE, ALL_OVER, or SCATTERED where its middle itself is not strong, such as
        that of what lies along two edges.
    """
    most = strengths.max((0, 1))  # (maps,)
    strong = strengths > STRONG_THRESHOLD * most
    weights = np.where(strong, strengths, 0)
    rows, columns = weights.sum(1, np.float64), weights.sum(0, np.float64)  # (height, maps), (width, maps)
    total = np.where(most > 0, rows.sum(0), 1)
    down, across = _middle_third(rows, total), _middle_third(columns, total)
    bands = np.tensordot(_thirds(strengths.shape[0]), weights, 1)  # (3, width, maps)
    held = (bands[down, :, range(len(most))].T * _thirds(strengths.shape[1])[across].T).sum(0) / total
    everywhere = strong.mean((0, 1)) > EVERYWHERE_SHARE
    return tuple(map(_word, most > 0, everywhere, held < EVEN_SHARE, down, across))


def _thirds(side: int) -> Array:
    """Say which share of each place lies in which third: (3, side), in [0, 1]."""
    first, third = 3 * np.arange(side) / side, np.arange(3)[:, None]  # of each place, counted in thirds
    inside = np.minimum(first + 3 / side, third + 1) - np.maximum(first, third)
    return np.asarray(np.maximum(inside, 0) * side / 3, np.float32)


def _middle_third(weights: Array, total: Array) -> npt.NDArray[np.int_]:
    """Find in which third the centre of mass lies, for each map: of weights (side, maps)."""
    side = len(weights)
    centre = (weights * np.arange(side)[:, None]).sum(0) / total
    return np.asarray(3 * (centre + 0.5) / side, int)


def _word(some: bool, everywhere: bool, scattered: bool, row: int, column: int) -> str:
    if not some:
        return NOWHERE
    if everywhere:
        return ALL_OVER
    return SCATTERED if scattered else PLACES[row][column]
