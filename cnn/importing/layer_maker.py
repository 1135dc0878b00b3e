"""Layers of Keras in the place of another format's operations, each with a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from cnn.array_types import Array
from cnn.keras_backend import keras


class LayerMaker:
    """Makes the layers of one network, named by their kind and number: conv2d_1, conv2d_2, dense_1."""

    def __init__(self) -> None:
        """Begin to count."""
        self._names: Counter[str] = Counter()

    def __call__(self, kind: str, given: Any, weights: Sequence[Array | None] = (), **config: Any) -> Any:
        """Make a layer of a kind, give it its weights, and run it.

        Args:
            kind: such as "Conv2D", a class of `keras.layers`.
            given: the symbolic tensor or tensors that it reads.
            weights: in Keras' order; None for one that it has not.
            config: of the layer.
        Returns: what it makes, symbolic.
        """
        stem = kind.lower()
        self._names[stem] += 1
        layer = getattr(keras.layers, kind)(name=f"{stem}_{self._names[stem]}", **config)
        made = layer(given)
        if weights:
            layer.set_weights([one for one in weights if one is not None])
        return made
