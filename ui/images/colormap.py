"""The two colour maps of every page: of numbers from 0 up, and of numbers of both signs; one arm is common to both."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.paths import ASSETS

COLORMAPS_FILE: Final = ASSETS / "colormaps.png"  # a row a palette, written by scripts/make_colormaps.py
ZERO: Final = 128  # where 0 stands among the colours of `diverging_colormap`
RAMP_PX: Final = (160, 10)


def sequential_colormap() -> Pixels:
    """List 256 colours from 0, black, to much, pale amber: uint8 (256, 3), read-only."""
    return _palettes()[0]


def diverging_colormap() -> Pixels:
    """List 256 colours, blue below 0, black at ZERO, amber above 0: uint8 (256, 3), read-only."""
    return _palettes()[1]


def paint_signed(values: Array, most: float) -> Pixels:
    """Colour numbers of both signs between -most and most: uint8 (..., 3)."""
    levels = ZERO + np.asarray(values) / (most or 1) * (255 - ZERO)
    colours: Pixels = diverging_colormap()[np.rint(levels).clip(1, 255).astype(np.uint8)]
    return colours


def diverging_hex() -> str:
    """Write the colours of `diverging_colormap` for a front end: 6 characters each."""
    return diverging_colormap().tobytes().hex()


@cache
def _palettes() -> tuple[Pixels, Pixels]:
    with Image.open(COLORMAPS_FILE) as picture:
        colours = np.array(picture, np.uint8)
    colours.setflags(write=False)
    return colours[0], colours[1]
