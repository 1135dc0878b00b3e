"""Crops of the sample photos, always the same ones: what a converted network is compared with its source on."""

from __future__ import annotations

from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.evaluation.ood_samples import SAMPLE_PHOTOS
from cnn.media import image_decoding

SMALLEST_CROP: Final = 0.5  # of the shorter side
# Named, so that a new sample photo moves no crop: what the sources answered to these is kept.
PHOTOS: Final = ("astronaut", "camera", "cat", "coffee", "galaxies", "retina", "rocket")


def sample_crops(count: int, side: int) -> Array:
    """Cut squares of different size out of PHOTOS in turn: float32 (count, side, side, 3), in [0, 1]."""
    rng = np.random.default_rng(0)
    photos = [image_decoding.decode_image((SAMPLE_PHOTOS / f"{name}.jpg").read_bytes(), name).pixels for name in PHOTOS]
    return np.stack([_crop(photos[number % len(photos)], side, rng) for number in range(count)])


def _crop(pixels: Pixels, side: int, rng: np.random.Generator) -> Array:
    height, width, _ = pixels.shape
    cut = int(min(height, width) * rng.uniform(SMALLEST_CROP, 1))
    y, x = rng.integers(0, height - cut + 1), rng.integers(0, width - cut + 1)
    return image_decoding.resize_for_network(pixels[y : y + cut, x : x + cut], side, side)
