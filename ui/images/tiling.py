"""Many maps or kernels as one picture, on one colour scale or on one each."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np

from cnn.array_types import Array, Pixels
from ui.images import colormap, data_uri

Pair = tuple[float, float]


def scale_palette(limits: Pair) -> Pixels:
    """Give the 256 colours of a scale: of both signs where it begins under 0."""
    return colormap.diverging_colormap() if limits[0] < 0 else colormap.sequential_colormap()


def quantize_maps(values: Array, limits: Sequence[Pair]) -> Pixels:
    """Number the colours of (height, width, units) between the ends of the scale: uint8."""
    most = np.array([high for _, high in limits], np.float32)  # (1,) or (units,)
    zero = colormap.ZERO if limits[0][0] < 0 else 0
    found: Array = zero + values / most * (255 - zero)
    return np.rint(np.clip(found, 0, 255)).astype(np.uint8)


def maps_across(units: int) -> int:
    """Say how many maps stand side by side in the sheet."""
    return ceil(sqrt(units))


def tile_maps(values: Pixels, gap: int = 0) -> Pixels:
    """Lay (height, width, units) out as one picture, `maps_across` maps in each row, with `gap` pixels between them."""
    wide = maps_across(values.shape[2])
    whole = np.pad(values, ((0, gap), (0, gap), (0, wide * ceil(values.shape[2] / wide) - values.shape[2])))
    height, width, _ = whole.shape
    return whole.reshape(height, width, -1, wide).transpose(2, 0, 3, 1).reshape(-1, wide * width)


def tile_colored(values: Pixels, table: Pixels) -> Pixels:
    """Colour (height, width, units), numbers of colours in `table`, and lay them out with white between them."""
    picture = table[tile_maps(values, 1)]
    picture[tile_maps(np.ones_like(values), 1) == 0] = 255
    return picture


def tile_sheet_uri(values: Array, limits: Sequence[Pair]) -> str:
    """Write all maps as one palette PNG at native size."""
    return data_uri.palette_png_uri(tile_maps(quantize_maps(values, limits)), scale_palette(limits[0]))


def scale_ramp(limits: Pair) -> Pixels:
    """Draw a scale's colours from its lower end to its upper one: uint8 (height, width, 3)."""
    width, height = colormap.RAMP_PX
    colour = scale_palette(limits)[np.linspace(0, 255, width).astype(np.uint8)]
    return np.tile(colour, (height, 1, 1))
