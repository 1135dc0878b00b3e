"""Write assets/colormaps.png: the colours of heat maps, a row for little to much, a row for numbers of both signs.

They are Matplotlib's, 256 of each, so that the app needs no Matplotlib: 77 MB with what it brings, and 0.4 s at the
first map. "inferno" is perceptually uniform and readable in grey; "berlin" (Crameri) is blue below 0, dark at 0 and
red above.
"""

import numpy as np
from matplotlib import colormaps
from PIL import Image

from cnn.array_types import Pixels
from cnn.paths import ASSETS

LEAST = 0.25  # where little begins: the darkest part of inferno would look like shadow on a photo
ZERO = 128  # where 0 stands; as in ui/images/colormap.py


def palettes() -> Pixels:
    """List the colours: uint8 (2, 256, 3)."""
    shares = {"inferno": np.linspace(LEAST, 1, 256), "berlin": 0.5 + (np.arange(256) - ZERO) / (2 * ZERO - 2)}
    return np.stack([(colormaps[name](at)[:, :3] * 255).round().astype(np.uint8) for name, at in shares.items()])


if __name__ == "__main__":
    Image.fromarray(palettes()).save(ASSETS / "colormaps.png", optimize=True)
