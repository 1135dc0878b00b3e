"""What pictures of all kinds differ by, made smaller, so that what sets a few kinds apart from others counts more."""

from __future__ import annotations

from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.metrics.unit_length import of_length_one

DIRECTIONS: Final = 64  # of the most variance that are made smaller
FLOOR: Final = 1.0  # times the mean variance, added to each: what is hardly ever there would count too much


def fit_background(features: Array) -> Array:
    """Find the directions in which pictures of all kinds differ most.

    Args:
        features: float32 (n, features), of pictures of many kinds.
    Returns: float32 (1 + directions, features): their mean, and each direction, its squared length the share of what
        lies along it that is to be taken away.
    Source: shrunk whitening; as a distance Lee et al. 2018, arXiv:1807.03888, equation 2, with the covariance of
        pictures of all kinds in the place of the classes' own.
    """
    mean = features.mean(axis=0)
    _, singular, directions = np.linalg.svd((features - mean) / np.sqrt(len(features)), full_matrices=False)
    variance = singular**2
    floor = FLOOR * variance.sum() / features.shape[1]
    share = 1 - np.sqrt(floor / (variance[:DIRECTIONS] + floor))
    return np.concatenate([mean[None], directions[:DIRECTIONS] * np.sqrt(share)[:, None]]).astype(np.float32)


def without_background(features: Array, background: Array | None) -> Array:
    """Bring features (n, features) to length 1, after their background was made smaller; as they are without one."""
    if background is None:
        return of_length_one(features)
    apart = features - background[0]
    return of_length_one(apart - (apart @ background[1:].T) @ background[1:])
