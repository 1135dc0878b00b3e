"""Where the held-out pictures lie as a network sees them: one fixed projection, so that they move and do not jump."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnn.array_types import Array


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Two directions among the features that the last layer reads, and what of them fits the picture.

    Attributes:
        centre: float32 (features,), becomes the middle.
        axes: float32 (features, 2).
        reach: the farthest that a picture lies from the middle at the moment it was fitted to.
    """

    centre: Array
    axes: Array
    reach: float

    def __call__(self, features: Array) -> Array:
        """Project features, float32 (n, features), to places, float32 (n, 2), clipped to [0, 1]."""
        places = np.nan_to_num((features - self.centre) @ self.axes) / (2 * self.reach) + 0.5
        return np.asarray(np.clip(places, 0, 1), np.float32)


def fit_projection(features: Array) -> Projection:
    """Find the two directions in which features, float32 (n, features), differ most: principal components.

    Source: Pearson 1901, doi:10.1080/14786440109462720.
    """
    features = np.nan_to_num(features)
    centre = features.mean(axis=0)
    _, _, directions = np.linalg.svd(features - centre, full_matrices=False)
    axes = np.zeros((features.shape[1], 2), np.float32)
    found = directions[:2].T
    axes[:, : found.shape[1]] = found
    return Projection(centre, axes, float(np.abs((features - centre) @ axes).max()) or 1.0)
