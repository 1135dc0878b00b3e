"""Noise, blur, JPEG, light and colour, pen width, and a patch that hides a part."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from cnn.array_types import Array, Pixels

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601: how bright red, green and blue look
OCCLUDER_GREY = 0.5  # of the patch on photos; on digits it is paper


def add_gaussian_noise(images: Array, deviation: float, rng: np.random.Generator) -> Array:
    """Add Gaussian noise of a standard deviation, in shares of full brightness."""
    return images + rng.normal(0, deviation, images.shape).astype(np.float32)


def gaussian_blur(images: Array, share: float, _rng: np.random.Generator) -> Array:
    """Blur with a Gaussian whose standard deviation is a share of the height."""
    from scipy.ndimage import gaussian_filter

    deviation = share * images.shape[1]
    return np.asarray(gaussian_filter(images, (0, deviation, deviation, 0), mode="nearest"), np.float32)


def jpeg_compression(images: Array, loss: float, _rng: np.random.Generator) -> Array:
    """Save as JPEG of quality 100 - `loss` and read again."""
    from PIL import Image

    def again(pixels: Pixels) -> Pixels:
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=max(1, round(100 - loss)))
        return np.asarray(Image.open(file)).reshape(*pixels.shape[:2], -1)

    whole = np.rint(images * 255).astype(np.uint8)
    grey = images.shape[3] == 1
    return np.stack([again(one[..., 0] if grey else one) for one in whole]).astype(np.float32) / np.float32(255)


def add_brightness(images: Array, added: float, _rng: np.random.Generator) -> Array:
    """Add to the brightness of every pixel, keeping hue and saturation; below 0 takes away.

    Brightness is V of HSV, the greatest of red, green and blue; on grey pictures it is the pixel itself.

    Source: Hendrycks & Dietterich 2019, arXiv:1903.12261, "brightness", their code.
    """
    value = images.max(axis=3, keepdims=True)  # (n, height, width, 1): V
    wanted = np.clip(value + np.float32(added), 0, 1)
    lit = value > 0
    scale = np.divide(wanted, value, out=np.zeros_like(value), where=lit)
    return np.asarray(np.where(lit, images * scale, wanted), np.float32)  # black has no hue: it becomes grey


def stretch_contrast(images: Array, factor: float, _rng: np.random.Generator) -> Array:
    """Stretch each picture about its own mean."""
    mean = images.mean(axis=(1, 2), keepdims=True)
    return np.asarray((images - mean) * np.float32(factor) + mean, np.float32)


def rotate_hue(images: Array, degrees: float, _rng: np.random.Generator) -> Array:
    """Turn the colours about the grey axis; the luma of each pixel stays.

    Source: the YIQ colour space (NTSC 1953), whose I and Q are turned by the angle.
    """
    to_yiq = np.array([LUMA, [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.linalg.inv(to_yiq) @ np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]) @ to_yiq
    return np.asarray(images @ turned.T.astype(np.float32), np.float32)


def thicken_strokes(images: Array, pixels: float, _rng: np.random.Generator) -> Array:
    """Make lines thicker by about so many pixels of 28, or thinner below 0.

    The brightest or darkest of the neighbours within half of it counts (grey dilation and erosion, Serra 1982);
    between two whole numbers the two are mixed.
    """
    from scipy.ndimage import grey_dilation, grey_erosion

    grown = grey_dilation if pixels > 0 else grey_erosion
    whole, rest = divmod(abs(pixels), 1)

    def by(size: int) -> Array:
        return np.asarray(grown(images, size=(1, size + 1, size + 1, 1)), np.float32) if size else images

    less, more = by(int(whole)), by(int(whole) + 1) if rest else images
    return np.asarray(less * (1 - rest) + more * rest, np.float32)


def occlude_square(images: Array, share: float, rng: np.random.Generator) -> Array:
    """Hide a square whose side is a share of the picture's, anywhere in it: grey on photos, paper on digits."""
    count, height, width, channels = images.shape
    tall, wide = max(1, round(share * height)), max(1, round(share * width))
    top, left = rng.random((2, count))
    row = (top * (height - tall + 1)).astype(int)[:, None, None]
    column = (left * (width - wide + 1)).astype(int)[:, None, None]
    y, x = np.mgrid[:height, :width]
    hidden = (y >= row) & (y < row + tall) & (x >= column) & (x < column + wide)  # (n, height, width)
    return np.where(hidden[..., None], np.float32(0 if channels == 1 else OCCLUDER_GREY), images)
