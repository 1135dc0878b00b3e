"""Evidence on a picture: what says little is veiled in grey, what speaks for the class keeps its colours and contrast.

Colours laid over a picture vanish where it has them itself, such as orange on an orange cat.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels

DARKEST, LIGHTEST = 56, 120  # of the veiled picture, of 255: neither black paper nor white ink is left in it
RAMP_PX, SQUARE_PX = (160, 10), 5


def veil(pixels: Pixels, heat: Array) -> Pixels:
    """Make what is laid over a picture.

    Args:
        pixels: uint8 (height, width), (height, width, 1) or (height, width, 3).
        heat: float32 (tall, wide) in [0, 1], of the same proportions; what lies outside is clipped.
    Returns: RGBA, uint8 (tall, wide, 4): the picture in dull grey, opaque where `heat` is 0, clear where it is 1.
    """
    picture = Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels).convert("L")
    grey = np.asarray(picture.resize((heat.shape[1], heat.shape[0]), Image.Resampling.NEAREST), np.float32)
    dull = np.rint(DARKEST + grey / 255 * (LIGHTEST - DARKEST)).astype(np.uint8)
    alpha = np.rint((1 - np.clip(heat, 0, 1)) * 255).astype(np.uint8)
    return np.dstack([dull, dull, dull, alpha])


def veil_ramp() -> Pixels:
    """Draw the scale, from little to much: black and white squares behind a veil that lifts; RGB, uint8."""
    wide, tall = RAMP_PX
    row, column = np.indices((tall, wide)) // SQUARE_PX
    squares: Pixels = (((row + column) % 2) * 255).astype(np.uint8)
    over = veil(squares, np.tile(np.linspace(0, 1, wide, dtype=np.float32), (tall, 1))).astype(np.float32)
    share = over[..., 3:] / 255
    laid: Pixels = np.rint(over[..., :3] * share + squares[..., None] * (1 - share)).astype(np.uint8)
    return laid
