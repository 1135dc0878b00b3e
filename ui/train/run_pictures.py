"""Kernels and maps of a moment as one square picture, with nothing between them."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from ui.images import colormap, data_uri

COLOURS: Final = 3  # red, green and blue


def kernel_sheet_uri(kernels: Array) -> str:
    """Draw kernels on one scale, as a data URI.

    Args:
        kernels: float32 (height, width, in, units); in colour where they read colours, else the first channel of each,
            blue below 0 and red above.
    """
    kernels = np.nan_to_num(kernels, posinf=0, neginf=0)
    most = float(np.abs(kernels).max()) or 1.0
    if kernels.shape[2] == COLOURS:
        painted = np.rint((0.5 + kernels / (2 * most)) * 255).astype(np.uint8).transpose(3, 0, 1, 2)
    else:
        levels = np.rint(colormap.ZERO + kernels[:, :, 0] / most * (255 - colormap.ZERO)).clip(0, 255)
        painted = colormap.diverging_colormap()[levels.astype(np.uint8).transpose(2, 0, 1)]
    return data_uri.color_png_uri(_square(painted))


def map_sheet_uri(maps: Array) -> str:
    """Draw feature maps, float32 (height, width, units), on one scale from 0 or from below it. As a data URI."""
    maps = np.nan_to_num(maps, posinf=0, neginf=0)
    most = float(np.abs(maps).max()) or 1.0
    if maps.min() < 0:
        levels = np.rint(colormap.ZERO + maps / most * (255 - colormap.ZERO)).clip(0, 255)
        table = colormap.diverging_colormap()
    else:
        levels, table = np.rint(maps / most * 255), colormap.sequential_colormap()
    return data_uri.color_png_uri(_square(table[levels.astype(np.uint8).transpose(2, 0, 1)]))


def _square(tiles: Pixels) -> Pixels:
    """Lay tiles, uint8 (n, height, width, 3), out in as many rows as columns: RGBA, transparent where none is."""
    count, height, width, _ = tiles.shape
    across = ceil(sqrt(count))
    gap = max(1, height // 8)
    sheet = np.zeros((across * across, height + gap, width + gap, 4), np.uint8)
    sheet[:count, :height, :width, :3] = tiles
    sheet[:count, :height, :width, 3] = 255
    rows = sheet.reshape(across, across, height + gap, width + gap, 4).transpose(0, 2, 1, 3, 4)
    return np.asarray(rows.reshape(across * (height + gap), across * (width + gap), 4)[:-gap, :-gap], np.uint8)
