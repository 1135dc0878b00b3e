"""Logits to probabilities."""

from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array


def softmax(logits: npt.NDArray[np.floating[Any]]) -> Array:
    """Turn logits (..., classes) into probabilities, float32; large logits do not overflow."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
