"""Which drawings cannot be told from digits, whatever they were meant as: a ring, a bar, a letter S.

To teach that they are no digits would teach that some digits are none.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

COMPONENTS: Final = 60  # of the blurred pictures
NEIGHBOURS: Final = 5
# As near as digits are to one another (median distance 0.29, ratio 1.08), seen on 40,000 drawn characters:
NEAR: Final = 0.34  # mean distance to the nearest digits, of the length of a picture
DENSE: Final = 1.2  # that distance over the one between those digits and their own nearest
CHUNK: Final = 1_000  # pictures compared at once


class DigitLikeness:
    """Nearest neighbours among digits, in a space of few dimensions.

    The ratio of distances is that of the local outlier factor: Breunig, Kriegel, Ng & Sander 2000.
    """

    def __init__(self, digits: Array) -> None:
        """Learn from `digits`: float32 (n, 28, 28) in [0, 1]; 20 s for 50,000."""
        blurred = _blurred(digits)
        self._mean = blurred.mean(axis=0)
        _, _, axes = np.linalg.svd(blurred[:: max(1, len(blurred) // 5_000)] - self._mean, full_matrices=False)
        self._axes = axes[:COMPONENTS].T
        self._digits = (blurred - self._mean) @ self._axes  # (n, components)
        self._between = self._nearest(self._digits, skip=1)[0].mean(axis=1)

    def __call__(self, pictures: Array) -> npt.NDArray[np.bool_]:
        """Say of each of `pictures`, (n, 28, 28), whether it might be a digit."""
        apart, which = self._nearest((_blurred(pictures) - self._mean) @ self._axes)
        near = apart.mean(axis=1)
        return np.asarray((near < NEAR) & (near < DENSE * self._between[which].mean(axis=1)))

    def _nearest(self, points: Array, skip: int = 0) -> tuple[Array, npt.NDArray[np.int64]]:
        """Find distances to the nearest digits, and which they are: (n, NEIGHBOURS) each; `skip` passes itself over."""
        count = min(NEIGHBOURS, len(self._digits) - skip)
        length = (self._digits**2).sum(axis=1)
        apart, which = [], []
        for first in range(0, len(points), CHUNK):
            part = points[first : first + CHUNK]
            square = (part**2).sum(axis=1, keepdims=True) + length - 2 * part @ self._digits.T
            nearest = np.argpartition(square, count + skip - 1, axis=1)[:, : count + skip]
            found = np.take_along_axis(square, nearest, 1)
            order = found.argsort(axis=1)[:, skip:]
            apart.append(np.sqrt(np.maximum(np.take_along_axis(found, order, 1), 0)))
            which.append(np.take_along_axis(nearest, order, 1))
        return np.concatenate(apart), np.concatenate(which)


def _blurred(pictures: Array) -> Array:
    """Blur by a pixel, so that a line one pixel off is still near, to a length of 1: (n, pixels)."""
    offset = np.arange(pictures.shape[1])[:, None] - np.arange(pictures.shape[1])
    blur = np.exp(-(offset.astype(np.float32) ** 2) / 2)
    flat = (blur @ pictures @ blur.T).reshape(len(pictures), -1)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6), np.float32)
