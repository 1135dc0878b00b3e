"""Find the sheet of paper that lies on a desk. Needs SciPy."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.array_types import Array
from cnn.preprocessing.background import fit_illumination
from cnn.preprocessing.grayscale import resize_picture, shrink_picture
from cnn.preprocessing.sheet_edges import find_reaching_sheet, is_large

Mask = npt.NDArray[np.bool_]

COARSE_PX = 160  # longer side on which the sheet is looked for
SMALL_PX = 20  # shorter side: what has fewer of them is no photo
STEPS = (0.1, 0.05, 0.025, 0.012)  # brightness a px: steeper is an edge; falling, until the desk lies apart
SMALLEST = 0.06  # of the picture: no smaller sheet is looked for
SQUARE = 0.86  # of its bounding rectangle that a sheet fills; an ellipse, as the hole in a nought, fills 0.79
TURNS = np.deg2rad(np.arange(-45, 45, 3))  # of that rectangle
SEEN_SIDES = 3  # of the picture, where the desk must be seen; at fewer it may be a shadow with an edge
DESK = 0.85  # of a side of the picture that is desk where the desk is seen
CUT_OFF = 0.5  # of a side that is desk, at least, where corners of the sheet are cut off by all sides
STANDS_OUT = 0.05  # of the largest brightness: how much the desk differs from the paper, in any colour
AROUND_PX, ALL_AROUND = (2, 4), 0.75  # so near around it, at least that much differs
INSET = 0.02  # of the longer side: what is dropped along the sheet's edge, which casts a shadow


def find_sheet(colours: Array) -> Mask | None:
    """Find a flat rectangle, turned in any way, with the desk around it.

    Args:
        colours: float32 (height, width, 3) in [0, 1].
    Returns: bool (height, width), where the paper is; None where all of the picture may be paper.
    """
    height, width = colours.shape[:2]
    small = np.stack([shrink_picture(colours[..., channel], COARSE_PX) for channel in range(3)], axis=-1)
    if min(small.shape[:2]) < SMALL_PX or max(height, width) < COARSE_PX // 2:
        return None
    flat = _median(_median(small, 0), 1)
    sheets = (region for step in STEPS for region in _flat_regions(flat, step) if _is_sheet(region, flat))
    sheet = next(sheets, None)
    if sheet is None:
        sheet = find_reaching_sheet(flat)
        return None if sheet is None else resize_picture(sheet.astype(np.float32), height, width) > 0.5
    inset = max(1, round(INSET * max(sheet.shape)))
    inside = ndimage.binary_erosion(sheet, np.ones((3, 3), bool), iterations=inset, border_value=1)
    return resize_picture(inside.astype(np.float32), height, width) > 0.5


def extend_sheet(colours: Array, sheet: Mask) -> Array:
    """Let the paper go on around the sheet, in its own light: float32 of the shape of `colours`."""
    small = np.stack([shrink_picture(colours[..., channel], COARSE_PX) for channel in range(3)], axis=-1)
    light = np.clip(fit_illumination(small, shrink_picture(sheet.astype(np.float32), COARSE_PX) > 0.99), 0, 1)
    around = np.stack([resize_picture(light[..., channel], *sheet.shape) for channel in range(3)], axis=-1)
    return np.where(sheet[..., None], colours, around)


def _median(picture: Array, axis: int) -> Array:
    """Take the median of five neighbours along an axis, without sorting: rules and thin ink vanish, edges stay."""
    padded = np.pad(picture, [(2, 2) if axis == i else (0, 0) for i in range(3)], mode="edge")
    count = picture.shape[axis]
    a, b, middle, d, e = (padded.take(range(i, i + count), axis) for i in range(5))
    low = np.maximum(np.minimum(a, b), np.minimum(d, e))  # of a, b, d and e, the median lies from low to high
    high = np.minimum(np.maximum(a, b), np.maximum(d, e))
    return np.asarray(np.maximum(np.minimum(low, high), np.minimum(middle, np.maximum(low, high))), np.float32)


def _flat_regions(flat: Array, step: float) -> Iterator[Mask]:
    """Yield each large region without an edge of `step`, what stands on it filled in."""
    slope = np.max([np.hypot(*np.gradient(flat[..., channel])) for channel in range(3)], axis=0)
    labels, count = ndimage.label(slope < step)
    for number in 1 + np.flatnonzero(np.bincount(labels.ravel(), minlength=count + 1)[1:] > SMALLEST * labels.size):
        region = ndimage.binary_opening(labels == number, np.ones((3, 3), bool))  # paths through the desk's grain
        labels_within, parts = ndimage.label(region)
        if not parts:
            continue
        region = labels_within == 1 + np.bincount(labels_within.ravel())[1:].argmax()
        yield ndimage.binary_dilation(_hull(region), np.ones((3, 3), bool))  # its edge was too steep


def _hull(region: Mask) -> Mask:
    """Fill what lies between two px of the region, in a row and in a column."""
    across = np.maximum.accumulate(region, axis=1) & np.maximum.accumulate(region[:, ::-1], axis=1)[:, ::-1]
    down = np.maximum.accumulate(region, axis=0) & np.maximum.accumulate(region[::-1], axis=0)[::-1]
    return np.asarray(across & down, np.bool_)


def _is_sheet(region: Mask, flat: Array) -> bool:
    """Tell whether it is a rectangle, and the picture's frame mostly something else."""
    area = np.count_nonzero(region)
    sides = [~region[0], ~region[-1], ~region[:, 0], ~region[:, -1]]
    free = np.array([side.mean() for side in sides])  # shares of the picture's sides without paper
    corners = region[[0, 0, -1, -1], [0, -1, 0, -1]].any()
    if area < SMALLEST * region.size or ((free > DESK).sum() < SEEN_SIDES and (corners or (free < CUT_OFF).any())):
        return False
    if (free < 1).any() and not is_large(region):  # the desk, where the sheet is larger than the picture
        return False
    paper = np.median(flat[region], axis=0)
    frame = np.concatenate([flat[0][sides[0]], flat[-1][sides[1]], flat[:, 0][sides[2]], flat[:, -1][sides[3]]])
    if np.median(np.abs(frame - paper).max(axis=1)) < STANDS_OUT:
        return False
    rows = np.flatnonzero(region.any(axis=1))
    left, right = region[rows].argmax(axis=1), region.shape[1] - 1 - region[rows, ::-1].argmax(axis=1)
    y, x = np.concatenate([rows, rows])[:, None], np.concatenate([left, right])[:, None]  # its ends in every row
    across, down = x * np.cos(TURNS) + y * np.sin(TURNS), y * np.cos(TURNS) - x * np.sin(TURNS)  # (ends, turns)
    smallest = (np.ptp(across, axis=0) * np.ptp(down, axis=0)).min()
    return bool(area > SQUARE * smallest) and _stands_out(region, flat)


def _stands_out(region: Mask, flat: Array) -> bool:
    """Tell whether what is around it is no paper; around the hole in a nought there is, behind a thin line."""
    square = np.ones((3, 3), bool)
    near = ndimage.binary_dilation(region, square, iterations=AROUND_PX[0])
    ring = ndimage.binary_dilation(region, square, iterations=AROUND_PX[1]) & ~near
    inside = ndimage.binary_erosion(region, square, iterations=2)
    if not ring.any() or not inside.any():
        return False
    off = np.abs(flat - fit_illumination(flat, inside))[ring].max(axis=1)
    return float((off > STANDS_OUT).mean()) > ALL_AROUND
