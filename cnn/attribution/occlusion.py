"""Evidence by hiding: what the answer loses where a patch covers the picture. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import ceil, floor
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.metrics.localization import normalize_heatmap
from cnn.progress import Progress, ProgressSteps

ScoreFunction = Callable[[Array], Array]

OCCLUSION_CELLS: Final = 14  # places a side, where the patch stands; it covers two of them
LOGIT_NOISE: Final = 1e-5  # of a logit: a batch rounds otherwise than a single picture
BATCH: Final = 16  # covered pictures asked at once
PHOTO_OCCLUDER: Final = 0.5  # of a patch on a photo (Zeiler & Fergus 2014, figure 7); on a digit it is the empty paper


def occlusion_sensitivity(
    scores: ScoreFunction, image: Array, label: int, cells: int = OCCLUSION_CELLS
) -> ProgressSteps[Array]:
    """Cover each place in turn and see how far the class' probability falls.

    Args:
        scores: images (n, height, width, channels) -> logits (n, classes), divided by the temperature where the
            probabilities are to be those of the answers.
        image: float32 (height, width, channels) in [0, 1].
        label: of the class.
        cells: places a side, at most.
    Returns: float32 (cells, cells) in [0, 1], as fine as there are places; all 0 where no patch hurts.
    Source: Zeiler & Fergus 2014, arXiv:1311.2901, section 4.2.
    """
    places = occlusion_patches(image.shape[0], image.shape[1], cells)
    whole = class_probability(scores(image[None]), label)[0]
    noise = LOGIT_NOISE * whole * (1 - whole)
    found: list[float] = []
    for first in range(0, len(places), BATCH):
        covered = np.stack([_covered(image, place) for place in places[first : first + BATCH]])
        drops = whole - class_probability(scores(covered), label)
        found.extend(np.where(drops > noise, drops, 0))
        yield Progress(len(found) / len(places))
    return normalize_heatmap(np.asarray(found, np.float32).reshape(min(cells, image.shape[0]), -1))


def occlusion_patches(height: int, width: int, cells: int = OCCLUSION_CELLS) -> list[tuple[slice, slice]]:
    """List the patches row by row: around the middle of each cell, twice its size, cut off at the edges."""
    return [(row, column) for row in _spans(height, cells) for column in _spans(width, cells)]


def occluder_value(image: Array) -> float:
    """Say what hides a part of a picture: black paper for a digit, grey for a photo."""
    return PHOTO_OCCLUDER if image.shape[2] == 3 else 0.0


def class_probability(logits: Array, label: int) -> npt.NDArray[np.float64]:
    """Compute the probability of a class, float64 (n,), of logits (n, classes): near 1 it still differs."""
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    others = np.exp(shifted)
    return np.asarray(others[:, label] / others.sum(1), np.float64)


def _covered(image: Array, place: tuple[slice, slice]) -> Array:
    covered = image.copy()
    covered[place] = occluder_value(image)
    return covered


def _spans(side: int, cells: int) -> list[slice]:
    edges = np.linspace(0, side, min(cells, side) + 1)
    half = (edges[1] - edges[0]) / 2
    return [slice(max(0, floor(a - half + 0.5)), ceil(b + half - 0.5)) for a, b in pairwise(edges)]
