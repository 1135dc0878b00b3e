"""Which pictures are alike to a network: by the cosine of what its last weights weigh. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.errors import Cancelled
from cnn.zoo.feature_extractor import FeatureExtractor

Features = Array  # (n, numbers), each row of length 1
TOGETHER: Final = 128  # pictures between two words about progress


def picture_features(extractor: FeatureExtractor, inputs: Array) -> Features:
    """Give what a network's last weights weigh of inputs, float32 (n, height, width, channels); rows of 0 stay so.

    Source: features before the last layer as in Krizhevsky et al. 2012, section 6.1, figure 4.
    """
    numbers = extractor(inputs)
    lengths = np.linalg.norm(numbers, axis=1, keepdims=True)
    features: Features = np.divide(numbers, lengths, out=np.zeros_like(numbers), where=lengths > 0)
    return features


def dataset_features(
    extractor: FeatureExtractor,
    images: Pixels,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Features:
    """Compute the features of many pictures.

    Args:
        extractor: of the network that looks.
        images: uint8 (n, height, width, channels), its exact inputs.
        on_progress: called with how many are done, and how many there are.
        stopped: asked now and then whether to give up.
    Raises: Cancelled: it said so.
    """
    rows = []
    for done in range(0, len(images), TOGETHER):
        if stopped():
            raise Cancelled(f"It was cancelled after {done:,} of {len(images):,} pictures.")
        on_progress(done, len(images))
        rows.append(picture_features(extractor, images[done : done + TOGETHER].astype(np.float32) / np.float32(255)))
    return np.concatenate(rows)


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
