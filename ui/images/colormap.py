"""Heat maps in colour: a palette that colour-blind people read, and its scale."""

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
    """List 256 colours from little to much: uint8 (256, 3), read-only."""
    return _palettes()[0]


def diverging_colormap() -> Pixels:
    """List 256 colours for numbers of both signs, the middle one, ZERO, for 0: uint8 (256, 3), read-only."""
    return _palettes()[1]


@cache
def _palettes() -> tuple[Pixels, Pixels]:
    with Image.open(COLORMAPS_FILE) as picture:
        colours = np.array(picture, np.uint8)
    colours.setflags(write=False)
    return colours[0], colours[1]


def paint_heatmap(heat: Array) -> Pixels:
    """Colour a heat map; what is little is also transparent.

    Args:
        heat: float32 (height, width) in [0, 1].
    Returns: RGBA, uint8 (height, width, 4).
    """
    level = (np.clip(heat, 0, 1) * 255).round().astype(np.uint8)
    return np.dstack([sequential_colormap()[level], level])


def heatmap_ramp() -> Pixels:
    """Draw the scale from little to much: RGBA, uint8 (height, width, 4)."""
    width, height = RAMP_PX
    return paint_heatmap(np.tile(np.linspace(0, 1, width, dtype=np.float32), (height, 1)))
