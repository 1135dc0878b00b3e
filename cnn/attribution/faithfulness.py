"""Tests of a heat map: does the answer follow it, does it follow the weights, do the methods agree. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.array_types import Array
from cnn.attribution.occlusion import PHOTO_OCCLUDER, class_probability
from cnn.attribution.results import FaithfulnessCurves
from cnn.metrics.localization import resize_bilinear
from cnn.progress import Progress, ProgressSteps

ScoreFunction = Callable[[Array], Array]

PERTURBATION_STEPS: Final = 24  # pictures between none and all of the pixels
BATCH: Final = 16  # pictures asked at once
BLUR_SIGMA: Final = 1 / 16  # of the side, the deviation of the blur that insertion starts from: shapes are gone
WINDOW, STEADY = 7, (0.01**2, 0.03**2)  # px, and the two constants of SSIM (Wang et al. 2004) for values in [0, 1]


def area_under_curve(shares: npt.NDArray[np.float64], curve: npt.NDArray[np.float64]) -> float:
    """Measure the area under a curve, in [0, 1], by trapezoids."""
    return float(np.trapezoid(curve, shares))


def faithfulness_curves(
    scores: ScoreFunction, image: Array, label: int, heat: Array, stages: int = PERTURBATION_STEPS, seed: int = 0
) -> ProgressSteps[FaithfulnessCurves]:
    """Take the pixels away, and bring them back, the strongest of a heat map first.

    Args:
        scores: images (n, height, width, channels) -> logits (n, classes), divided by the temperature where the
            probabilities are to be those of the answers.
        image: float32 (height, width, channels) in [0, 1].
        label: of the class.
        heat: of any size; where it is constant pixels go in a random order.
        stages: pictures between none and all.
        seed: of the random order.
    Source: Petsiuk et al. 2018, arXiv:1806.07421, section 4.1. What is taken away becomes grey in a photo and
        paper in a digit; insertion starts from a blurred photo, or from paper.
    """
    height, width, _ = image.shape
    chance = np.random.default_rng(seed).permutation(height * width)
    strength = resize_bilinear(heat, (height, width)).ravel()[chance]
    order = chance[np.argsort(-strength, kind="stable")]  # equal ones in the random order
    counts = np.linspace(0, height * width, stages + 1).round().astype(int)
    empty, blurred = _empty(image), _blurred(image)
    found = []
    for ways, (places, start, end) in enumerate(
        ((order, image, empty), (order, blurred, image), (chance, image, empty), (chance, blurred, image)), 1
    ):
        pictures = np.stack([_mixed(start, end, places[:count]) for count in counts])
        parts = [scores(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]
        found.append(class_probability(np.concatenate(parts), label))
        yield Progress(ways / 4)
    return FaithfulnessCurves(counts / (height * width), *found)


def rank_correlation_matrix(maps: Sequence[Array], size: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Correlate the ranks of heat maps, each brought to `size`: float64 (n, n) in [-1, 1], 1 on the diagonal."""
    whole = [resize_bilinear(one, size) for one in maps]
    matrix = np.eye(len(whole))
    for i, one in enumerate(whole):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = rank_correlation(one, whole[j])
    return matrix


def rank_correlation(one: Array, other: Array) -> float:
    """Correlate the ranks of two maps of one shape (Spearman), equal values sharing theirs; 0 where one is constant."""
    a, b = (_ranks(values) for values in (one, other))
    spread = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum() / spread) if spread else 0.0


def structural_similarity(one: Array, other: Array) -> float:
    """Compare two maps (height, width) in [0, 1] by windows of WINDOW px: their mean SSIM, 1 where they are equal.

    Source: Wang et al. 2004, doi:10.1109/TIP.2003.819861, equation 13, with a uniform window.
    """
    a, b = one.astype(float), other.astype(float)

    def mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(ndimage.uniform_filter(values, WINDOW), float)

    mean_a, mean_b = mean(a), mean(b)
    spread_a, spread_b, both = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2, mean(a * b) - mean_a * mean_b
    above = (2 * mean_a * mean_b + STEADY[0]) * (2 * both + STEADY[1])
    below = (mean_a**2 + mean_b**2 + STEADY[0]) * (spread_a + spread_b + STEADY[1])
    return float((above / below).mean())


def _ranks(values: Array) -> npt.NDArray[np.float64]:
    """Rank values, equal ones sharing the mean of their ranks; the mean of all is 0."""
    _, place, count = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place] - (values.size + 1) / 2, float)


def _mixed(start: Array, end: Array, places: npt.NDArray[np.int64]) -> Array:
    """Take some pixels of `end`, the rest of `start`."""
    mixed = start.reshape(-1, start.shape[2]).copy()
    mixed[places] = end.reshape(-1, end.shape[2])[places]
    return mixed.reshape(start.shape)


def _empty(image: Array) -> Array:
    return np.full_like(image, PHOTO_OCCLUDER if image.shape[2] == 3 else 0)


def _blurred(image: Array) -> Array:
    """Give what insertion starts from."""
    if image.shape[2] != 3:
        return np.zeros_like(image)
    return np.asarray(
        ndimage.gaussian_filter(image, (BLUR_SIGMA * image.shape[0], BLUR_SIGMA * image.shape[1], 0)), np.float32
    )
