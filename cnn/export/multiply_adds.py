"""What an architecture costs. Importing this loads no TensorFlow; counting needs a Keras model."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def count_multiply_adds(model: keras.Model) -> int:
    """Count the multiplications, each with its addition, of one answer.

    Convolutions and dense layers only, as published counts do (He et al. 2015, table 1).
    """
    return sum(_layer(layer) for layer in model.layers)


def _layer(layer: keras.layers.Layer) -> int:
    kernel = getattr(layer, "kernel", None)
    if kernel is None:
        return 0
    places = prod(layer.output.shape[1:-1])  # 1 for a dense layer
    return int(places * prod(kernel.shape))
