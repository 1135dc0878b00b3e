"""A photo's way into a network as part of the network: any size in, the exact pixels out that the pages make.

Written with Keras' own operations alone, so that a .keras file needs nothing of ConvScope, and with sums that LiteRT
and ONNX know. Importing this loads TensorFlow.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from cnn.keras_backend import keras
from cnn.media import image_decoding

ops = keras.ops
Tensor: TypeAlias = keras.KerasTensor

WHITE: Final = 255.0  # the highest of 8 bits
EDGE_PARTS: Final = float(image_decoding.EDGE_PARTS)


def photo_pixels(picture: Tensor, size: int, resize: int) -> Tensor:
    """Make a network's input, as `cnn.media.image_decoding.resize_for_network` does: across, then down.

    Each pass is a product with a matrix that is worked out from the picture's own size. Both round to 8 bits, as
    Pillow does; a byte that falls between two may come out as the other one.

    Args:
        picture: uint8 (n, height, width, 3).
        size: height and width of the input, in px.
        resize: length of the shorter side before the middle is cut out, in px.
    Returns: float32 (n, size, size, 3), in [0, 1].
    Source: Pillow's libImaging/Resample.c; bicubic with a = -0.5, Keys 1981, doi:10.1109/TASSP.1981.1163711.
    """
    x = ops.cast(picture, "float32")
    ones = ops.ones_like(x)  # the sizes are counted: as numbers they stand in no graph
    rows, columns = ops.max(ones, axis=(2, 3)), ops.max(ones, axis=(1, 3))  # (n, height), (n, width)
    height, width = (ops.sum(one, axis=1, keepdims=True) for one in (rows, columns))  # (n, 1)
    shorter = ops.minimum(height, width)
    across = _weights(columns, width, shorter, size, resize)
    down = _weights(rows, height, shorter, size, resize)
    x = _levels(ops.einsum("nhwc,niw->nhic", x, across))  # (n, height, size, 3)
    x = _levels(ops.einsum("nhic,njh->njic", x, down))
    return ops.reshape(x, (-1, size, size, 3)) / WHITE


def digit_pixels(picture: Tensor) -> Tensor:
    """Bring a digit, uint8 (n, height, width, 1), white ink on black, to float32 in [0, 1]."""
    return ops.cast(picture, "float32") / WHITE


def _weights(ones: Tensor, side: Tensor, shorter: Tensor, size: int, resize: int) -> Tensor:
    """Say what each pixel of a side adds to each of the `size` that are made: (n, size, side)."""
    grown = ops.maximum(ops.round(side * float(resize) / shorter), float(resize))
    first = ops.round((grown - float(size)) / 2.0)
    begin, end = (ops.round(edge * (side * EDGE_PARTS) / grown) for edge in (first, first + float(size)))  # (n, 1)
    # In parts of a px, times `size`: whole and half numbers, which 32 bits hold exactly up to photos of 500 px, and
    # nearly so beyond.
    place = ops.cumsum(ones, axis=1) - 0.5  # (n, side)
    centre = (end - begin) * (np.arange(size, dtype=np.float32)[None] + np.float32(0.5))  # (n, size)
    apart = ops.expand_dims((place * EDGE_PARTS - begin) * float(size), 1) - ops.expand_dims(centre, 2)
    weights = _bicubic(apart / ops.expand_dims(ops.maximum(end - begin, EDGE_PARTS * size), 2))
    return weights / ops.sum(weights, axis=2, keepdims=True)


def _bicubic(apart: Tensor) -> Tensor:
    x = ops.abs(apart)
    near = (1.5 * x - 2.5) * x * x + 1.0
    far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return ops.where(x < 1.0, near, ops.where(x < 2.0, far, ops.zeros_like(x)))


def _levels(x: Tensor) -> Tensor:
    return ops.clip(ops.floor(x + 0.5), 0.0, WHITE)
