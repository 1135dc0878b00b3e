"""How much a picture is like what was learned, by its nearest neighbours: what is none of the classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from cnn.array_types import Array

NEIGHBOURS: Final = 10  # nearest known pictures that a likeness is the mean of; fewer where fewer are known
CHUNK: Final = 512  # rows at a time: 20,000 against 20,000 would be 1.6 GB at once


def likeness_to_nearest(rows: Array, known: Array, own: bool = False) -> Array:
    """Measure how much pictures are like those that are known: the mean cosine to the nearest `NEIGHBOURS`.

    Args:
        rows: float32 (n, features), of length 1.
        known: float32 (m, features), of length 1; more than one where `own`.
        own: `rows` are the known ones themselves: each leaves itself out.
    Returns: float32 (n,), in [-1, 1].
    Source: Sun et al. 2022, arXiv:2204.06507: the distance to the k-th neighbour; the mean of all k is steadier where a
        class has ten pictures.
    """
    count = min(NEIGHBOURS, len(known) - own)
    found = []
    for start, chunk in row_chunks(rows):
        cosines = chunk @ known.T  # (chunk, m)
        if own:
            cosines[np.arange(len(chunk)), start + np.arange(len(chunk))] = -2
        found.append(np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1))
    return np.concatenate([np.zeros(0, np.float32), *found]).astype(np.float32)


def row_chunks(rows: Array) -> Iterator[tuple[int, Array]]:
    """Give rows (n, ...) in parts that fit in memory against all others, each with the place of its first."""
    return ((start, rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK))
