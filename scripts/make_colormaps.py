"""Write assets/colormaps.png: the app's two colour maps, a row for little to much, a row for numbers of both signs.

The second is two arms that meet in black: blue below 0, amber above. The first is its amber arm, so that what is above
0 looks alike wherever it is shown. Along each arm CIELAB's lightness rises evenly, from LIGHTNESS[0] to LIGHTNESS[1]:
that survives a projector and a copy in grey. Blue and amber lie at nearly opposite ends of CIELAB's yellow-blue axis:
the two common kinds of colour-blindness, which confuse along the red-green one, tell them apart.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.paths import ASSETS

ZERO: Final = 128  # where 0 stands; as in ui/images/colormap.py
LIGHTNESS: Final = (3.0, 86.0)  # CIELAB's L* at 0 and at the end of an arm
AMBER, BLUE = 76.0, 262.0  # CIELAB hues, degrees
MOST_CHROMA: Final = 74.0  # CIELAB; the screen's gamut bounds it further
WHITE: Final = np.array([0.95047, 1.0, 1.08883])  # D65, as sRGB (IEC 61966-2-1)
TO_RGB: Final = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])


def palettes() -> Pixels:
    """List the colours: uint8 (2, 256, 3)."""
    above = arm(AMBER, np.linspace(0, 1, 256))
    side = np.linspace(0, 1, ZERO)
    return np.stack([above, np.concatenate([arm(BLUE, np.linspace(1, 1 / ZERO, ZERO)), arm(AMBER, side)])])


def arm(hue: float, shares: Array) -> Pixels:
    """Colour shares of the way from 0 to much, float (n,) in [0, 1]: uint8 (n, 3)."""
    low, high = LIGHTNESS
    return np.stack([_most_colourful(low + (high - low) * float(share), np.radians(hue)) for share in shares])


def _most_colourful(lightness: float, hue: float) -> Pixels:
    """Give the most colourful sRGB of a lightness and hue, by bisection of the chroma: uint8 (3,)."""
    least, most = 0.0, MOST_CHROMA
    for _ in range(24):
        middle = (least + most) / 2
        linear = _linear_rgb(lightness, middle, hue)
        inside = linear.min() >= 0 and linear.max() <= 1
        least, most = (middle, most) if inside else (least, middle)
    linear = _linear_rgb(lightness, least, hue).clip(0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * encoded).astype(np.uint8)


def _linear_rgb(lightness: float, chroma: float, hue: float) -> Array:
    """Turn CIELAB into linear sRGB (CIE 15:2004), which may lie outside [0, 1]: float (3,)."""
    middle = (lightness + 16) / 116
    cubes = np.array([middle + chroma * np.cos(hue) / 500, middle, middle - chroma * np.sin(hue) / 200])
    xyz = np.where(cubes > 6 / 29, cubes**3, 3 * (6 / 29) ** 2 * (cubes - 4 / 29))
    found: Array = TO_RGB @ (WHITE * xyz)
    return found


if __name__ == "__main__":
    Image.fromarray(palettes()).save(ASSETS / "colormaps.png", optimize=True)
