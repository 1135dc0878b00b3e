"""Training batches: the same seed, epoch and step always give the same pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets import augmentation, synthetic_handwriting, writing_systems
from cnn.datasets.dataset import Split
from cnn.datasets.digit_likeness import DigitLikeness
from cnn.training.checkpoint import Stage

Batch = tuple[Array, Array]

UNCHANGED_SHARE = 0.3  # share of MNIST digits that stay as they are
HANDWRITING_SHARE = 0.22  # share of a batch: invented digits
OUTLIER_SHARE = 0.10  # share of a batch: no digits, to be answered with all classes alike
POOL_SHARE = 0.5  # invented digits drawn once a run, as a share of the training pictures
REFINEMENT_OUTLIER_SHARE = 0.28  # share of a batch in the second stage
CHARACTER_SHARE = 0.6  # characters and signs drawn once a run, as a share of the training pictures
LIKENESS_DIGITS = 20_000  # MNIST digits that they are compared with, twice
COARSE_SHARE = 0.15  # share of the second stage's pictures with fewer pixels
NOISY_SHARE = 0.12  # share of them under Gaussian noise ...
MAX_NOISE = 0.45  # ... and the largest deviation of it


class Batches(Protocol):
    """What training asks for: how many steps an epoch has, and the batch of one of them.

    Attributes:
        outliers: in words, what of no class is among the pictures; "" for nothing.
        augmentation: in words, how the pictures are changed.
    """

    outliers: str
    augmentation: str

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

    outliers = "letters and scribbles"
    augmentation = "digits bent as other people's hands would, and invented handwriting"

    def __init__(self, split: Split, seed: int) -> None:
        """Draw the invented handwriting; a millisecond each."""
        self._images = split.images[..., 0].astype(np.float32) / np.float32(255)  # (n, 28, 28)
        self._labels = split.labels
        self._lying = np.flatnonzero(np.isin(split.labels, (2, 3, 4, 5, 7)))  # no digits when turned
        self._seed = seed
        rng = np.random.default_rng([seed, 0])
        count = max(64, int(len(self._labels) * POOL_SHARE))
        self._written_labels = rng.integers(0, 10, count)
        self._written = synthetic_handwriting.render_handwriting(
            [synthetic_handwriting.write_digit(int(i), rng) for i in self._written_labels], rng
        )
        strange = [
            synthetic_handwriting.write_letter(rng) if i % 2 else synthetic_handwriting.write_scribble(rng)
            for i in range(count // 4)
        ]
        self._strange = synthetic_handwriting.render_handwriting(strange, rng)

    def steps(self, batch: int) -> int:
        """Count the steps that see every training digit once."""
        return -(-len(self._labels) // self._digits(batch))

    @staticmethod
    def _digits(batch: int) -> int:
        return max(1, batch - round(batch * HANDWRITING_SHARE) - round(batch * OUTLIER_SHARE))

    def batch(self, batch: int, epoch: int, step: int) -> Batch:
        """Mix the three; see `Batches.batch`."""
        rng = np.random.default_rng([self._seed, 1, epoch, step])
        order = _order(self._seed, epoch, len(self._labels))
        digits, written = self._digits(batch), round(batch * HANDWRITING_SHARE)
        chosen = order.take(range(step * digits, (step + 1) * digits), mode="wrap")
        invented, invented_labels = self._invented(written, rng)
        outliers = self._outliers(max(0, batch - digits - written), rng)
        images = np.concatenate([self._people(self._images[chosen], rng), invented, outliers])
        labels = np.full((len(images), 10), 0.1, np.float32)
        known = np.concatenate([self._labels[chosen], invented_labels])
        labels[: len(known)] = np.eye(10, dtype=np.float32)[known]
        return images[..., None], labels

    def _invented(self, count: int, rng: np.random.Generator) -> tuple[Array, npt.NDArray[np.int64]]:
        pages = rng.integers(0, len(self._written_labels), count)
        return self._written[pages], self._written_labels[pages]

    @staticmethod
    def _people(images: Array, rng: np.random.Generator) -> Array:
        same = rng.random((len(images), 1, 1)) < UNCHANGED_SHARE
        return np.where(same, images, augmentation.augment_handwriting(images, rng))

    def _outliers(self, count: int, rng: np.random.Generator) -> Array:
        """Letters and scribbles, half; the rest two digits on top of each other or one lying on its side."""
        drawn = self._strange[rng.integers(0, len(self._strange), count)]
        one = self._images[rng.choice(self._lying, count)]
        other = self._images[rng.integers(0, len(self._labels), count)]
        turned = np.rot90(one, axes=(1, 2))
        both = np.maximum(np.roll(one, -5, axis=2), np.roll(other, 5, axis=2))
        kind = rng.random((count, 1, 1))
        return np.where(kind < 0.6, drawn, np.where(kind < 0.8, turned, both)).astype(np.float32)


class RefinementBatches(DigitBatches):
    """The same, a third of them no digits: characters of the world's scripts, signs, small drawings, noise.

    Digits that are noisy or coarse stay digits. What cannot be told from a digit is shown as neither.
    """

    def __init__(self, split: Split, seed: int) -> None:
        """Draw all of them; without the fonts of `writing_systems` there are more signs instead."""
        super().__init__(split, seed)
        rng = np.random.default_rng([seed, 6])
        characters = writing_systems.trace_characters()
        count = max(64, int(len(self._labels) * CHARACTER_SHARE))
        signs = count // 4 if characters else count
        drawn = [synthetic_handwriting.write_sign(rng) for _ in range(signs)]
        drawn += [synthetic_handwriting.write_glyph(characters[i % len(characters)], rng) for i in range(count - signs)]
        world = synthetic_handwriting.render_handwriting(drawn, rng)
        known = self._images[:LIKENESS_DIGITS]
        others = augmentation.augment_handwriting(known, rng)
        digits = np.concatenate([known, others, self._written[: LIKENESS_DIGITS // 2]])
        self._world = world[~DigitLikeness(digits)(world)]
        self.outliers = "letters, scribbles, signs, noise" + (
            f", {len(characters):,} characters of {len(writing_systems.list_fonts())} Noto fonts" if characters else ""
        )

    @staticmethod
    def _digits(batch: int) -> int:
        return max(1, batch - round(batch * HANDWRITING_SHARE) - round(batch * REFINEMENT_OUTLIER_SHARE))

    def batch(self, batch: int, epoch: int, step: int) -> Batch:
        """Add other hands, noise and coarse pixels to all; see `Batches.batch`."""
        images, labels = super().batch(batch, epoch, step)
        rng = np.random.default_rng([self._seed, 7, epoch, step])
        coarse = augmentation.lower_resolution(images[..., 0], rng, COARSE_SHARE)
        pictures = augmentation.add_noise(coarse, rng, NOISY_SHARE, MAX_NOISE)
        return pictures[..., None], labels

    def _invented(self, count: int, rng: np.random.Generator) -> tuple[Array, npt.NDArray[np.int64]]:
        images, labels = super()._invented(count, rng)
        return self._people(images, rng), labels

    def _outliers(self, count: int, rng: np.random.Generator) -> Array:
        """Characters and signs, seven tenths; a twentieth nothing but noise; the rest as before."""
        of_world, of_noise = round(count * 0.7), round(count * 0.05)
        world = self._world[rng.integers(0, len(self._world), of_world)]
        before = super()._outliers(count - of_world - of_noise, rng)
        return np.concatenate([self._people(world, rng), before, _noise(of_noise, rng)])


def _noise(count: int, rng: np.random.Generator) -> Array:
    """Make noise on black paper, and of every brightness: (count, 28, 28)."""
    speckled = rng.standard_normal((count, 28, 28), np.float32) * rng.uniform(0, 0.6, (count, 1, 1)).astype(np.float32)
    even = rng.random((count, 28, 28), np.float32)
    return np.where(rng.random((count, 1, 1)) < 0.5, np.clip(speckled, 0, 1), even).astype(np.float32)


class PhotoBatches:
    """Photos shifted by up to 4 px, half of them mirrored.

    Cutting squares out as well (arXiv:1708.04552) cost small networks accuracy in 60 epochs.
    Source: He et al. 2015, section 4.2.
    """

    SHIFT_PX = 4
    outliers = ""
    augmentation = f"photos shifted by up to {SHIFT_PX} px and half of them mirrored"

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


BatchMaker = Callable[[Split, int], Batches]
BATCH_MAKERS: Final[Mapping[tuple[str, Stage], BatchMaker]] = {
    ("mnist", "first"): DigitBatches,
    ("mnist", "refinement"): RefinementBatches,
    ("cifar10", "first"): PhotoBatches,
}
