"""Pictures of few pixels, as scanners and data sets give them: bring them to a size at which strokes can be told."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.array_types import Pixels

Places = npt.NDArray[np.int64]

FEWEST_PX = 24  # longer side: a digit in fewer is read off a smooth enlargement; MNIST's 28 px are not touched
ENLARGED_PX = 64  # longer side that it is given: twice as much adds nothing but blur
BLOCKS = (8, 64)  # longer side: a picture of as few squares was enlarged by repeating pixels
PROBED = 64  # rows and columns that are looked at first, which tell a photo


def enlarged(picture: Pixels) -> Pixels:
    """Enlarge smoothly (Keys 1981) what has few pixels, also where each of them was repeated.

    Args:
        picture: uint8 (height, width, 1 to 4).
    Returns: uint8 of as many channels; the picture itself where it is no such.
    """
    own = _without_repeats(picture)
    height, width, channels = own.shape
    share = ENLARGED_PX / max(height, width)
    if max(height, width) >= FEWEST_PX:
        return own
    size = (max(1, round(width * share)), max(1, round(height * share)))
    image = Image.fromarray(own[..., 0] if channels == 1 else np.ascontiguousarray(own))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC)).reshape(size[1], size[0], channels)


def _without_repeats(picture: Pixels) -> Pixels:
    """Undo an enlargement that repeated pixels: nothing is lost, and the edge of ink has no steps any more."""
    height, width = picture.shape[:2]
    some_columns, some_rows = picture[:, :: max(1, width // PROBED)], picture[:: max(1, height // PROBED)]
    if _block(_changes(some_columns), _changes(some_rows.swapaxes(0, 1)), max(height, width)) == 1:
        return picture
    rows, columns = _changes(picture), _changes(picture.swapaxes(0, 1))
    block = _block(rows, columns, max(height, width))
    if block == 1 or max(height, width) > block * BLOCKS[1]:
        return picture
    return picture[_one_a_block(rows, block, height)][:, _one_a_block(columns, block, width)]


def _changes(picture: Pixels) -> Places:
    """List the rows that differ from the one before."""
    return 1 + np.flatnonzero((picture[1:] != picture[:-1]).any(axis=(1, 2)))


def _block(rows: Places, columns: Places, longest: int) -> int:
    """Find the side in px of the largest squares whose edges all changes lie on; 1 where every pixel is its own."""
    gaps = np.concatenate([np.diff(rows), np.diff(columns)])
    common = int(np.gcd.reduce(gaps)) if len(gaps) else 1
    return max(step for step in range(1, max(1, longest // BLOCKS[0]) + 1) if common % step == 0)


def _one_a_block(changes: Places, block: int, length: int) -> Places:
    """List one row of each block; the first block may be cut by the picture's edge."""
    phase = int(changes[0]) % block if len(changes) else 0
    return np.arange(phase - block if phase else 0, length, block).clip(0)
