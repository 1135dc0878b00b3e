"""Heat maps in colour: a palette that colour-blind people read, and its scale."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array, Pixels

PALETTE: Final = "inferno"  # of Matplotlib: perceptually uniform, and readable in grey
DIVERGING: Final = "berlin"  # of Matplotlib (Crameri): blue below 0, dark at 0 as in PALETTE, red above
ZERO: Final = 128  # where 0 stands among the colours of `diverging_colormap`
LEAST: Final = 0.25  # where the scale begins: its darkest part would look like shadow on a photo
RAMP_PX: Final = (160, 10)


@cache
def diverging_colormap() -> Pixels:
    """List 256 colours for numbers of both signs, the middle one, ZERO, for 0: uint8 (256, 3), read-only."""
    return _read_only(DIVERGING, 0.5 + (np.arange(256) - ZERO) / (2 * ZERO - 2))


@cache
def sequential_colormap() -> Pixels:
    """List 256 colours from little to much: uint8 (256, 3), read-only."""
    return _read_only(PALETTE, np.linspace(LEAST, 1, 256))


def _read_only(palette: str, shares: npt.NDArray[np.float64]) -> Pixels:
    from matplotlib import colormaps

    colours = (colormaps[palette](shares)[:, :3] * 255).round().astype(np.uint8)
    colours.setflags(write=False)
    return colours


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
