"""The batches of a run: the same settings and step always give the same pictures. No TensorFlow."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets import augmentation
from cnn.datasets.dataset import Split
from cnn.runs.settings import RunSettings

SHIFT_PX = {"shift": 2, "mirror": 4}  # at most; 4 for photos after He et al. 2015, section 4.2
UNCHANGED = 0.3  # share of the digits that no other hand writes
BLOCK: Final = 16  # batches that are made and handed over together

Labels = npt.NDArray[np.int64]


class RunBatches:
    """Training pictures, whole batches of them, in an order of its own every epoch."""

    def __init__(self, split: Split, settings: RunSettings) -> None:
        """Keep the pictures as bytes; batches become float."""
        self._split, self._settings = split.first(settings.training_pictures), settings

    def batch(self, step: int) -> tuple[Array, Labels]:
        """Make the batch of a step, from 0 on.

        Returns: float32 (batch, height, width, channels) in [0, 1], and int64 (batch,).
        """
        settings = self._settings
        epoch, place = divmod(step, settings.steps_an_epoch)
        order = _order(settings.seed, epoch, settings.training_pictures)
        chosen = order[place * settings.batch : (place + 1) * settings.batch]
        images = self._split.images[chosen].astype(np.float32) / np.float32(255)
        return self._changed(images, np.random.default_rng([settings.seed, 1, step])), self._split.labels[chosen]

    def _changed(self, images: Array, rng: np.random.Generator) -> Array:
        kind = self._settings.augmentation
        if kind == "none":
            return images
        if kind == "hands":
            same = rng.random((len(images), 1, 1)) < UNCHANGED
            changed = np.where(same, images[..., 0], augmentation.augment_handwriting(images[..., 0], rng))
            return changed[..., None].astype(np.float32)
        if kind == "mirror":
            images = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, images[:, :, ::-1], images)
        return _shifted(images, SHIFT_PX[kind], rng)


class BatchBlocks:
    """The batches of a run, BLOCK at once; the next block is made in a thread while one learns from this one."""

    def __init__(self, batches: RunBatches) -> None:
        """Make none yet."""
        self._batches = batches
        self._maker = ThreadPoolExecutor(1, "batches")
        self._made: dict[int, Future[tuple[Array, Labels]]] = {}

    def block(self, number: int) -> tuple[Array, Labels]:
        """Give the batches of the steps from `number` * BLOCK on.

        Returns: float32 (BLOCK, batch, height, width, channels) in [0, 1], and int64 (BLOCK, batch).
        """
        wanted = (number, number + 1)
        self._made = {one: self._made.get(one) or self._maker.submit(self._make, one) for one in wanted}
        return self._made[number].result()

    def _make(self, number: int) -> tuple[Array, Labels]:
        images, labels = zip(*(self._batches.batch(number * BLOCK + at) for at in range(BLOCK)), strict=True)
        return np.stack(images), np.stack(labels)


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, count: int) -> npt.NDArray[np.int64]:
    """Shuffle the places of `count` pictures; nobody changes it."""
    return np.random.default_rng([seed, 2, epoch]).permutation(count)


def _shifted(images: Array, most: int, rng: np.random.Generator) -> Array:
    """Shift each picture by up to `most` pixels up, down and sideways; what comes in is its mirrored edge."""
    _, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (most, most), (most, most), (0, 0)), mode="reflect")
    top, left = rng.integers(0, 2 * most + 1, (2, len(images)))
    rows, columns = top[:, None] + np.arange(height), left[:, None] + np.arange(width)
    return np.asarray(padded[np.arange(len(images))[:, None, None], rows[:, :, None], columns[:, None, :]], np.float32)
