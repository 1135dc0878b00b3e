"""Which pictures are alike to a network: by the cosine of what its last layer reads. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.errors import Cancelled
from cnn.layers.activations import InspectableNetwork

Features = Array  # (n, numbers), each row of length 1
OFTEN: Final = 50  # pictures between two words about progress


def last_features(network: InspectableNetwork, image: Array) -> Array:
    """Give what the layer of the logits reads of an input: float32 (numbers,), of length 1; 0 where all are.

    Source: features before the last layer as in Krizhevsky et al. 2012, section 6.1, figure 4.
    """
    (before,) = network.graph.logits.inputs
    numbers = np.asarray(network.maps(image)[before], np.float32).ravel()
    length = float(np.linalg.norm(numbers))
    return numbers / np.float32(length) if length else numbers


def dataset_features(
    network: InspectableNetwork,
    images: Pixels,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Features:
    """Compute the last features of many pictures.

    Args:
        network: that looks.
        images: uint8 (n, height, width, channels), its exact inputs.
        on_progress: called with how many are done, and how many there are.
        stopped: asked now and then whether to give up.
    Raises: Cancelled: it said so.
    """
    rows = []
    for done, pixels in enumerate(images):
        if done % OFTEN == 0:
            if stopped():
                raise Cancelled(f"It was cancelled after {done:,} of {len(images):,} pictures.")
            on_progress(done, len(images))
        rows.append(last_features(network, pixels.astype(np.float32) / np.float32(255)))
    return np.stack(rows)


def nearest_pictures(features: Features, one: Array, count: int) -> list[tuple[int, float]]:
    """List the places of the `count` pictures most like `one`, with their cosines, the most alike first.

    Args:
        features: of the pictures, rows of length 1.
        one: float32 (numbers,), of length 1.
        count: at most as many as there are.
    """
    cosines = features @ one  # (n,)
    order = np.argsort(-cosines, kind="stable")[:count]
    return [(int(at), float(cosines[at])) for at in order]
