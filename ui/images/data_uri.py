"""Arrays -> pictures that a browser shows without another request."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels
from ui.images import evidence_veil


def gray_png_uri(picture: Array, scale: int = 1) -> str:
    """Write a grey picture as the data URI of a PNG.

    Args:
        picture: float32 (height, width) in [0, 1]; 1 is ink and becomes white, as the network sees it.
            What lies outside is clipped, and NaN is 0.
        scale: side of the square that each value becomes, in px.
    Returns: "data:image/png;base64,...", lossless, of height * scale by width * scale px.
    Raises: ValueError: `picture` is empty or not of two axes, or `scale` is under 1.
    """
    if picture.ndim != 2 or picture.size == 0:
        raise ValueError(f"A grey picture has the shape (height, width), not {picture.shape}.")
    if scale < 1:
        raise ValueError(f"The scale is at least 1, not {scale}.")
    grey = np.rint(np.clip(np.nan_to_num(picture), 0, 1) * 255).astype(np.uint8)
    if scale > 1:
        grey = grey.repeat(scale, axis=0).repeat(scale, axis=1)
    return _data_uri(Image.fromarray(grey), "PNG", compress_level=1)


def color_png_uri(pixels: Pixels) -> str:
    """Write a picture, uint8 (height, width) or (height, width, 1, 3 or 4), as the data URI of a PNG, lossless."""
    grey = pixels.ndim == 3 and pixels.shape[2] == 1
    return _data_uri(Image.fromarray(pixels[..., 0] if grey else pixels), "PNG", compress_level=1)


def input_pixels(image: Array) -> Pixels:
    """Give a network's exact input, float32 (height, width, 1 or 3) in [0, 1], as uint8 of the same shape."""
    return np.rint(image * 255).astype(np.uint8)


def network_input_uri(image: Array) -> str:
    """Write a network's exact input, float32 (height, width, 1 or 3) in [0, 1], as a data URI, lossless."""
    return color_png_uri(input_pixels(image))


def evidence_uri(pixels: Pixels, heat: Array) -> str:
    """Write what is laid over a picture to show evidence as a data URI; see `ui.images.evidence_veil.veil`."""
    return _data_uri(Image.fromarray(evidence_veil.veil(pixels, heat)).convert("LA"), "PNG", compress_level=1)


def evidence_ramp_uri() -> str:
    """Write the scale of `evidence_uri` as a data URI."""
    return color_png_uri(evidence_veil.veil_ramp())


def palette_png_uri(levels: Pixels, table: Pixels) -> str:
    """Write a picture by the numbers of its colours as the data URI of a PNG, lossless and a third as large.

    Args:
        levels: uint8 (height, width), numbers of rows in `table`.
        table: colours, uint8 (256, 3).
    """
    picture = Image.fromarray(levels, "P")
    picture.putpalette(table.tobytes())
    return _data_uri(picture, "PNG", compress_level=1)


def thumbnail_uri(pixels: Pixels, longer_px: int) -> str:
    """Write a small version of a photo, uint8 (height, width, 3), as the data URI of a JPEG."""
    picture = Image.fromarray(pixels[..., :3])
    picture.thumbnail((longer_px, longer_px))
    return _data_uri(picture, "JPEG", quality=85)


def _data_uri(picture: Image.Image, form: str, **options: int) -> str:
    file = BytesIO()
    picture.save(file, form, **options)
    return f"data:image/{form.lower()};base64,{b64encode(file.getvalue()).decode('ascii')}"
