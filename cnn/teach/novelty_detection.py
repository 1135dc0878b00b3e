"""How far a picture is from all that was taught: what is none of the classes. No TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.teach.unit_length import of_length_one

NEIGHBOURS: Final = 10  # nearest taught pictures that a distance is the mean of; fewer where fewer were taught
CHUNK: Final = 512  # rows at a time: 20,000 against 20,000 would be 1.6 GB at once


def unlikeness(features: Array, taught: Array, own: bool = False) -> Array:
    """Measure how far pictures are from all taught ones: 1 less the mean cosine to the nearest `NEIGHBOURS`.

    Args:
        features: float32 (n, features), as the network makes them.
        taught: float32 (m, features), of the taught pictures; more than one where `own`.
        own: `features` are the taught ones themselves: each leaves itself out.
    Returns: float32 (n,), in [0, 2]; 0 is a picture that was taught.
    Source: Sun et al. 2022, arXiv:2204.06507: the distance to the k-th neighbour; their mean is steadier where a class
        has ten pictures.
    """
    known = of_length_one(taught)
    count = min(NEIGHBOURS, len(taught) - own)
    found = []
    for start, rows in row_chunks(of_length_one(features)):
        cosines = rows @ known.T  # (chunk, m)
        if own:
            cosines[np.arange(len(rows)), start + np.arange(len(rows))] = -2
        found.append(np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1))
    return np.asarray(1 - np.concatenate(found), np.float32)


def row_chunks(rows: Array) -> Iterator[tuple[int, Array]]:
    """Give rows (n, ...) in parts that fit in memory against all others, each with the place of its first."""
    return ((start, rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK))
