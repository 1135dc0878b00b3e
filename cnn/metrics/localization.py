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
NOWHERE, ALL_OVER = "nowhere", "all over the picture"
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
    if not heat.max() > 0:
        return NOWHERE
    strong = heat > STRONG_THRESHOLD * heat.max()
    if strong.mean() > EVERYWHERE_SHARE:
        return ALL_OVER
    y, x = ndimage.center_of_mass(np.where(strong, heat, 0))
    row, column = (int(3 * (at + 0.5) / side) for at, side in zip((y, x), heat.shape, strict=True))
    return PLACES[row][column]
