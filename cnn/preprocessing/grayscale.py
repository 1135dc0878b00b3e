"""Any picture -> colours of 24 to 640 px at the longer side: float32 (height, width, 3) in [0, 1], 1 is white."""

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.errors import BadInput
from cnn.preprocessing.small_scans import enlarged

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # of red, green and blue (ITU-R BT.601)
OPAQUE = 255
WORK_PX = 640  # longer side of the picture that is worked on: finer detail is lost in 28 px anyway


def to_colours(picture: Pixels) -> Array:
    """Make a picture RGB, at least 24 px and at most 640 px long, on paper where it is transparent.

    Args:
        picture: uint8 (height, width) or (height, width, 1 to 4); transparent is paper.
    Returns: float32 (height, width, 3) in [0, 1].
    Raises: BadInput: not uint8, no such shape, or empty.
    """
    shaped = picture[..., None] if picture.ndim == 2 else picture
    if picture.dtype != np.uint8 or shaped.ndim != 3 or shaped.shape[2] not in (1, 2, 3, 4) or not picture.size:
        raise BadInput(f"A picture has shape {picture.shape} of {picture.dtype}. Give uint8 (height, width, 1 to 4).")
    if shaped.shape[2] in (2, 4) and shaped[..., -1].min() == OPAQUE:
        shaped = shaped[..., :-1]
    shaped = _shrunk_first(enlarged(shaped))
    colours = shaped[..., :1].repeat(3, axis=2) if shaped.shape[2] < 3 else shaped[..., :3]
    level = colours.astype(np.float32) / np.float32(255)
    return _on_paper(level, shaped[..., -1]) if shaped.shape[2] in (2, 4) else level


def _shrunk_first(picture: Pixels) -> Pixels:
    """Shrink (height, width, channels) by area means to 640 px; colour under transparency does not bleed."""
    height, width, channels = picture.shape
    share = WORK_PX / max(height, width)
    if share >= 1:
        return picture
    size = (max(1, round(width * share)), max(1, round(height * share)))
    image = Image.fromarray(picture[..., 0] if channels == 1 else np.ascontiguousarray(picture))
    return np.asarray(image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)).reshape(size[1], size[0], channels)


def _on_paper(colours: Array, alpha: Pixels) -> Array:
    """Lay what is opaque on paper: its own where it fills most of the picture, else white or black."""
    opaque = colours[alpha > 127]  # (pixels, 3)
    if not opaque.size:
        return np.ones_like(colours)
    middle = np.median(opaque, axis=0)
    own = len(opaque) > alpha.size / 2
    paper = middle if own else np.full(3, middle @ LUMA < 0.5, np.float32)
    cover = alpha[..., None].astype(np.float32) / 255
    return np.asarray(colours * cover + paper * (1 - cover), np.float32)


def shrink_picture(picture: Array, longest: int) -> Array:
    """Shrink float32 (height, width) by area means until no side is above `longest`; never enlarge."""
    height, width = picture.shape
    share = longest / max(height, width)
    if share >= 1:
        return picture
    return resize_picture(picture, max(1, round(height * share)), max(1, round(width * share)))


def resize_picture(picture: Array, height: int, width: int) -> Array:
    """Resample float32 (height, width): by area means where it shrinks, by straight lines where it grows."""
    if picture.shape == (height, width):
        return picture
    resample = Image.Resampling.BOX if height <= picture.shape[0] else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize((width, height), resample), np.float32)
