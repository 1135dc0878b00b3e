"""A folder of one's own pictures, made up: small PNGs of one colour a class."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image

from cnn.datasets import own_pictures
from cnn.datasets.own_pictures import FEWEST_A_CLASS, OwnPictures, PictureFile


def colored_file(folder: str, number: int, shade: int) -> PictureFile:
    """Make a picture, 40x36, of a shade with a little noise that its number decides."""
    pixels = np.random.default_rng([shade, number]).integers(0, 40, (36, 40, 3)) + shade
    content = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(content, "PNG")
    return PictureFile(folder, f"{number}.png", content.getvalue)


def keep_colored(classes: Sequence[str], each: int = FEWEST_A_CLASS, owner: str = "me") -> OwnPictures:
    """Keep a set with `each` pictures of every class."""
    files = [colored_file(name, at, 20 * label) for label, name in enumerate(classes) for at in range(each)]
    return own_pictures.keep_pictures("my things", files, owner)[0]
