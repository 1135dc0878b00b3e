"""A photo of one garment -> the form of Fashion-MNIST: grey, light on black, 28 pixels at its longer side."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels

SIDE_PX: Final = 28
LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
NEAR_GROUND: Final = 0.05 * 255  # of grey: pixels that close to the corners' colour are the ground


def read_clothing(pixels: Pixels) -> Array:
    """Bring a photo of a garment into the form that the networks of Fashion-MNIST learned from.

    Its ground is what its corners show. Where that is light, the picture is negated, as all of theirs were.

    Args:
        pixels: uint8 (height, width, 3); a grey picture of 28x28 has the form already.
    Returns: float32 (28, 28, 1) in [0, 1].
    Source: Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747, section 2.1; without their sharpening.
    """
    if pixels.shape[:2] == (SIDE_PX, SIDE_PX) and (pixels == pixels[..., :1]).all():
        return np.asarray(pixels[..., :1] / np.float32(255), np.float32)
    grey = pixels @ LUMA  # (height, width)
    ground = float(np.median(grey[[0, 0, -1, -1], [0, -1, 0, -1]]))
    away = np.abs(grey - ground) > NEAR_GROUND
    if away.any():
        rows, columns = np.flatnonzero(away.any(axis=1)), np.flatnonzero(away.any(axis=0))
        grey = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    light = 255 - grey if ground > 127 else grey
    scale = SIDE_PX / max(light.shape)
    high, wide = (max(1, round(side * scale)) for side in light.shape)
    small = Image.fromarray(np.rint(light).astype(np.uint8)).resize((wide, high), Image.Resampling.BICUBIC)
    made = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    top, left = (SIDE_PX - high) // 2, (SIDE_PX - wide) // 2
    made[top : top + high, left : left + wide] = np.asarray(small, np.float32) / np.float32(255)
    return made[..., None]
