"""What photos look like, whatever they show: noise, stripes and drawings are told from them. No TensorFlow.

The logits of a network trained on photos alone say little about noise: it never had to answer any. Eight plain
figures of the pixels do, since photos of all kinds have much the same contrast, edges and colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

LUMA_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
LOG_EPSILON = 1e-3  # so that the logarithm of nothing is finite
FLAT_STEP = 2 / 255  # neighbours closer than that are the same grey
KEPT_DIGITS = 6  # that a card keeps of a number


@dataclass(frozen=True, slots=True)
class MahalanobisFit:
    """How the pictures of a data set look.

    Attributes:
        mean: of the eight figures.
        precision: the inverse of their covariance.
        limit: the largest squared distance of a picture that still looks like them.
    """

    mean: tuple[float, ...]
    precision: tuple[tuple[float, ...], ...]
    limit: float

    def distance(self, images: Array) -> Array:
        """Measure how far pictures look from these: squared Mahalanobis distances (n,).

        Source: Mahalanobis 1936; over a network's features Lee et al. 2018, arXiv:1807.03888, equation 2.
        """
        apart = image_statistics(images) - np.array(self.mean)
        return np.asarray(np.einsum("ni,ij,nj->n", apart, np.array(self.precision), apart), np.float32)


def fit_mahalanobis(images: Array, beyond: float) -> MahalanobisFit:
    """Learn how `images` look; a share of `beyond` of them lies over the limit."""
    rows = image_statistics(images)
    precision = np.linalg.inv(np.cov(rows.T))
    looks = MahalanobisFit(_short(rows.mean(axis=0)), tuple(_short(row) for row in precision), 0.0)
    return MahalanobisFit(looks.mean, looks.precision, float(np.quantile(looks.distance(images), 1 - beyond)))


def mahalanobis_from_json(entry: dict[str, Any] | None) -> MahalanobisFit | None:
    """Take what a card's JSON holds of it.

    Raises: KeyError, TypeError: `entry` is something else.
    """
    if entry is None:
        return None
    return MahalanobisFit(tuple(entry["mean"]), tuple(tuple(row) for row in entry["precision"]), entry["limit"])


def image_statistics(images: Array) -> npt.NDArray[np.float64]:
    """Take the eight figures of each picture, as logarithms.

    Args:
        images: float32 (n, height, width, 3), in [0, 1].
    Returns: (n, 8): contrast; slope of the grey downwards and sideways; how fast either slope changes;
        colour; its edges; the share of neighbours of the same grey.
    """
    grey = images @ LUMA_WEIGHTS  # (n, height, width)
    colour = images - grey[..., None]
    down, right = np.diff(grey, axis=1), np.diff(grey, axis=2)
    sizes = (
        grey - grey.mean(axis=(1, 2), keepdims=True),
        down,
        right,
        np.diff(down, axis=1),
        np.diff(right, axis=2),
        colour - colour.mean(axis=(1, 2), keepdims=True),
        np.diff(colour, axis=1),
    )
    even = (np.abs(down) < FLAT_STEP).mean(axis=(1, 2)) + 10 * LOG_EPSILON
    return np.stack([*(_size(one) for one in sizes), np.log(even)], axis=1).astype(np.float64)


def _size(values: Array) -> Array:
    """Take the logarithm of the root mean square of each picture's values."""
    return np.asarray(np.log(np.sqrt((values**2).mean(axis=tuple(range(1, values.ndim)))) + LOG_EPSILON), np.float32)


def _short(row: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(f"{value:.{KEPT_DIGITS}g}") for value in row)
