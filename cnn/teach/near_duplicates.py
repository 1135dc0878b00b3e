"""The same picture twice among those that were taught. No TensorFlow."""

from __future__ import annotations

from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.metrics.nearest_neighbours import row_chunks
from cnn.metrics.unit_length import of_length_one

SAME_PICTURE: Final = 0.985  # correlation of two thumbnails that show the same picture, resized or saved anew


def near_duplicates(thumbnails: Array) -> list[tuple[int, int]]:
    """List the pairs of pictures, by place, that are almost the same picture, each pair once.

    Args:
        thumbnails: float32 (n, pixels): features would call two cats on two sofas the same.
    """
    rows = of_length_one(thumbnails - thumbnails.mean(axis=1, keepdims=True))
    pairs: list[tuple[int, int]] = []
    for start, chunk in row_chunks(rows):
        one, other = np.nonzero(chunk @ rows.T > SAME_PICTURE)
        pairs += [(int(start + i), int(j)) for i, j in zip(one, other, strict=True) if start + i < j]
    return pairs
