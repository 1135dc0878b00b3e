"""Shift, turn, scale and shear: each output pixel is taken from another place of the picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

Matrix = npt.NDArray[np.float64]


def shift_right(images: Array, share: float, _rng: np.random.Generator) -> Array:
    """Move to the right by a share of the width."""
    return resample_affine(images, np.array([[1, 0, -share], [0, 1, 0]]))


def rotate(images: Array, degrees: float, _rng: np.random.Generator) -> Array:
    """Turn about the middle, counter-clockwise as one sees it."""
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    return resample_affine(images, np.array([[cos, -sin, 0], [sin, cos, 0]]))


def rescale(images: Array, factor: float, _rng: np.random.Generator) -> Array:
    """Enlarge about the middle; under 1 makes smaller."""
    return resample_affine(images, np.array([[1 / factor, 0, 0], [0, 1 / factor, 0]]))


def shear_right(images: Array, degrees: float, _rng: np.random.Generator) -> Array:
    """Lean to the right, as italics do, by an angle."""
    return resample_affine(images, np.array([[1, np.tan(np.deg2rad(degrees)), 0], [0, 1, 0]]))


def resample_affine(images: Array, inverse: Matrix) -> Array:
    """Take each output pixel from where an affine map points to, between four pixels (bilinear).

    Around digits, of one channel, lies black paper; photos go on as their mirror image.

    Args:
        images: float32 (n, height, width, channels).
        inverse: (2, 3), from output x, y, 1 to input x, y, as shares of the side from the middle; y downwards.
    """
    height, width, channels = images.shape[1:]
    y, x = np.meshgrid((np.arange(height) + 0.5) / height - 0.5, (np.arange(width) + 0.5) / width - 0.5, indexing="ij")
    points = np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    column, row = inverse @ points
    return _between(images, (row + 0.5) * height - 0.5, (column + 0.5) * width - 0.5, mirror=channels > 1)


def _between(images: Array, row: Matrix, column: Matrix, mirror: bool) -> Array:
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = (row - top).astype(np.float32)[:, None], (column - left).astype(np.float32)[:, None]
    upper = _at(images, top, left, mirror) * (1 - right) + _at(images, top, left + 1, mirror) * right
    lower = _at(images, top + 1, left, mirror) * (1 - right) + _at(images, top + 1, left + 1, mirror) * right
    found = upper * (1 - down) + lower * down  # (n, height * width, channels)
    return np.asarray(found.reshape(images.shape), np.float32)


def _at(images: Array, row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], mirror: bool) -> Array:
    height, width = images.shape[1:3]
    if mirror:
        return np.asarray(images[:, _mirrored(row, height), _mirrored(column, width)])
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    taken = images[:, row.clip(0, height - 1), column.clip(0, width - 1)]
    return np.asarray(taken * inside[None, :, None].astype(np.float32))


def _mirrored(place: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """Fold places outside back in, the edge pixel twice: ... 1 0 | 0 1 2 | 2 1 ..."""
    folded = place % (2 * size)
    return np.where(folded < size, folded, 2 * size - 1 - folded)
