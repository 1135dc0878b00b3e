"""Training batches: the same seed, epoch and step always give the same pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets import augmentation, synthetic_handwriting
from cnn.datasets.dataset import Split

Batch = tuple[Array, Array]

UNCHANGED = 0.3  # share of MNIST digits that stay as they are
HANDWRITING = 0.22  # share of a batch: invented digits
OUTLIERS = 0.10  # share of a batch: no digits, to be answered with all classes alike
POOL = 0.5  # invented digits drawn once a run, as a share of the training pictures


class Batches(Protocol):
    """What training asks for: how many steps an epoch has, and the batch of one of them."""

    def steps(self, batch: int) -> int:
        """Count the steps of an epoch at `batch` pictures a step."""

    def batch(self, batch: int, epoch: int, step: int) -> Batch:
        """Make float32 pictures (batch, *shape) in [0, 1] and soft labels (batch, classes)."""


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, count: int) -> npt.NDArray[np.int64]:
    """Shuffle the places of `count` pictures, once an epoch for all its steps; nobody changes it."""
    return np.random.default_rng([seed, 2, epoch]).permutation(count)


class DigitBatches:
    """MNIST in other hands, invented digits, and a few pictures that are no digits.

    The last have a tenth for every class as label, so that the network learns to doubt.
    Source: outlier exposure, Hendrycks, Mazeika & Dietterich 2019, arXiv:1812.04606.
    """

    def __init__(self, split: Split, seed: int) -> None:
        """Draw the invented handwriting; 1.6 ms each."""
        self._images = split.images[..., 0].astype(np.float32) / np.float32(255)  # (n, 28, 28)
        self._labels = split.labels
        self._lying = np.flatnonzero(np.isin(split.labels, (2, 3, 4, 5, 7)))  # no digits when turned
        self._seed = seed
        rng = np.random.default_rng([seed, 0])
        count = max(64, int(len(self._labels) * POOL))
        self._written_labels = rng.integers(0, 10, count)
        self._written = synthetic_handwriting.pictures(
            [synthetic_handwriting.digit(int(i), rng) for i in self._written_labels], rng
        )
        strange = [
            synthetic_handwriting.letter(rng) if i % 2 else synthetic_handwriting.scribble(rng)
            for i in range(count // 4)
        ]
        self._strange = synthetic_handwriting.pictures(strange, rng)

    def steps(self, batch: int) -> int:
        """Count the steps that see every training digit once."""
        return -(-len(self._labels) // self._digits(batch))

    @staticmethod
    def _digits(batch: int) -> int:
        return max(1, batch - round(batch * HANDWRITING) - round(batch * OUTLIERS))

    def batch(self, batch: int, epoch: int, step: int) -> Batch:
        """Mix the three; see `Batches.batch`."""
        rng = np.random.default_rng([self._seed, 1, epoch, step])
        order = _order(self._seed, epoch, len(self._labels))
        digits, written = self._digits(batch), round(batch * HANDWRITING)
        chosen = order.take(range(step * digits, (step + 1) * digits), mode="wrap")
        pages = rng.integers(0, len(self._written_labels), written)
        outliers = self._outliers(max(0, batch - digits - written), rng)
        images = np.concatenate([self._people(self._images[chosen], rng), self._written[pages], outliers])
        labels = np.full((len(images), 10), 0.1, np.float32)
        known = np.concatenate([self._labels[chosen], self._written_labels[pages]])
        labels[: len(known)] = np.eye(10, dtype=np.float32)[known]
        return images[..., None], labels

    @staticmethod
    def _people(images: Array, rng: np.random.Generator) -> Array:
        same = rng.random((len(images), 1, 1)) < UNCHANGED
        return np.where(same, images, augmentation.like_people(images, rng))

    def _outliers(self, count: int, rng: np.random.Generator) -> Array:
        """Letters and scribbles, half; the rest two digits on top of each other or one lying on its side."""
        drawn = self._strange[rng.integers(0, len(self._strange), count)]
        one = self._images[rng.choice(self._lying, count)]
        other = self._images[rng.integers(0, len(self._labels), count)]
        turned = np.rot90(one, axes=(1, 2))
        both = np.maximum(np.roll(one, -5, axis=2), np.roll(other, 5, axis=2))
        kind = rng.random((count, 1, 1))
        return np.where(kind < 0.6, drawn, np.where(kind < 0.8, turned, both)).astype(np.float32)


class PhotoBatches:
    """Photos shifted by up to 4 px, half of them mirrored.

    Cutting squares out as well (arXiv:1708.04552) cost small networks accuracy in 60 epochs.
    Source: He et al. 2015, section 4.2.
    """

    SHIFT_PX = 4

    def __init__(self, split: Split, seed: int) -> None:
        """Keep the pictures as bytes; batches become float."""
        edge = ((0, 0), (self.SHIFT_PX,) * 2, (self.SHIFT_PX,) * 2, (0, 0))
        self._padded = np.pad(split.images, edge, mode="reflect")
        self._shape = split.images.shape[1:]
        self._labels = split.labels
        self._classes = int(split.labels.max()) + 1
        self._seed = seed

    def steps(self, batch: int) -> int:
        """Count the steps that see every training photo once."""
        return -(-len(self._labels) // batch)

    def batch(self, batch: int, epoch: int, step: int) -> Batch:
        """Change one batch; see `Batches.batch`."""
        rng = np.random.default_rng([self._seed, 1, epoch, step])
        order = _order(self._seed, epoch, len(self._labels))
        chosen = order.take(range(step * batch, (step + 1) * batch), mode="wrap")
        height, width, _ = self._shape
        top, left = rng.integers(0, 2 * self.SHIFT_PX + 1, (2, batch))
        rows = top[:, None] + np.arange(height)  # (batch, height)
        columns = left[:, None] + np.arange(width)  # (batch, width)
        mirrored = rng.random(batch) < 0.5
        columns[mirrored] = columns[mirrored, ::-1]
        images = self._padded[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        return images / np.float32(255), np.eye(self._classes, dtype=np.float32)[self._labels[chosen]]


BATCHES: Final[Mapping[str, Callable[[Split, int], Batches]]] = {"mnist": DigitBatches, "cifar10": PhotoBatches}
