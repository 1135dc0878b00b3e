"""Where in a picture a taught class found its evidence, from the maps under the features. No TensorFlow."""

from __future__ import annotations

import numpy as np

from cnn.array_types import Array
from cnn.teach.classifier import TaughtClassifier


def class_evidence(taught: TaughtClassifier, maps: Array, label: int) -> Array:
    """Say how strongly each place of a picture speaks for a class: Grad-CAM through the head.

    Args:
        taught: the classifier; its features are the means of maps.
        maps: float32 (height, width, features), of one picture.
        label: of the class.
    Returns: float32 (height, width), in [0, 1]; all 0 where nothing speaks for it.
    Source: Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2.
    """
    heat = np.maximum(maps @ score_gradient(taught, maps.mean(axis=(0, 1)), label), 0)  # equation 2
    return np.asarray(heat / heat.max() if heat.max() > 0 else heat, np.float32)


def score_gradient(taught: TaughtClassifier, features: Array, label: int) -> Array:
    """Differentiate the score of a class by the features (features,): alpha_k of equation 1 but for a factor.

    The score is w . u with u = (features - centre) / length; so its gradient is (w - (w . u) u) / length.
    """
    off = (features - taught.centre).astype(np.float64)
    length = float(np.linalg.norm(off)) or 1.0
    unit, weights = off / length, taught.head.kernel[:, label]
    return np.asarray((weights - (weights @ unit) * unit) / length, np.float32)
