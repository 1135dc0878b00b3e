"""Ask a network about a whole set of pictures, with progress, and stop when told to. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets.dataset import Split
from cnn.errors import Cancelled
from cnn.inference.predict import calibrated_probabilities, run_network
from cnn.zoo import Card, Network

CHUNK: Final = 512  # pictures between two looks at progress and cancelling: under a second of the slowest
CHUNK_NUMBERS: Final = CHUNK * 32 * 32 * 3  # of a chunk, 6 MB: of larger pictures there are fewer


@dataclass(frozen=True, slots=True, eq=False)
class DatasetPredictions:
    """What a network says about each picture of a set, in their order; nobody changes the arrays.

    Attributes:
        y_true: int64 (n,), what the pictures show.
        y_pred: int64 (n,), what it says.
        confidence: float32 (n,), how sure it is, calibrated, in [0, 1].
        in_distribution: bool (n,), whether the picture resembles what it was trained on.
        milliseconds: of the network, for one picture of a batch.
    """

    y_true: npt.NDArray[np.int64]
    y_pred: npt.NDArray[np.int64]
    confidence: Array
    in_distribution: npt.NDArray[np.bool_]
    milliseconds: float

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """Say of each answer whether it is right."""
        return np.asarray(self.y_pred == self.y_true)

    @property
    def count(self) -> tuple[int, int]:
        """Count the right answers, and all of them."""
        return int(self.correct.sum()), len(self.y_true)


def predict_dataset(
    network: Network,
    split: Split,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> DatasetPredictions:
    """Ask `network` every picture of `split`.

    Args:
        network: of the data set of `split`.
        split: at least one picture.
        on_progress: called with how many were asked, and how many there are.
        stopped: asked now and then whether to give up.
    Raises: Cancelled: it said so.
    """
    total = len(split.labels)
    parts, familiar, spent = [], [], 0.0
    card = network.card
    step = chunk_size(split)
    for start in range(0, total, step):
        if stopped():
            raise Cancelled(f"Asking {network.card.title} was stopped after {start:,} of {total:,} pictures.")
        images = split.images[start : start + step].astype(np.float32) / np.float32(255)
        logits, known, milliseconds = run_network(network, images)
        parts.append(logits)
        familiar.append(known)
        spent += milliseconds * len(images)
        on_progress(start + len(images), total)
    return _calibrated(card, split, np.concatenate(parts), np.concatenate(familiar), spent / total)


def chunk_size(split: Split, most: int = CHUNK) -> int:
    """Say how many pictures are computed together: `most` of a small set's, 10 of 224x224."""
    return max(1, min(most, CHUNK_NUMBERS // int(np.prod(split.images.shape[1:]))))


def _calibrated(
    card: Card, split: Split, logits: Array, familiar: npt.NDArray[np.bool_], milliseconds: float
) -> DatasetPredictions:
    shares = calibrated_probabilities(card, logits)
    return DatasetPredictions(split.labels, logits.argmax(axis=1), shares.max(axis=1), familiar, milliseconds)
