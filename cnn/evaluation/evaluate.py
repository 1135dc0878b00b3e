"""Measure a network on labelled pictures. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnn.datasets.dataset import Split
from cnn.inference.predict import run_network
from cnn.zoo import Network


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured.

    Attributes:
        accuracy: share of right answers, in [0, 1].
        pictures: how many were asked.
        false_alarms: share of them that the network says it does not know.
        milliseconds: of the network, for one picture of a batch.
    """

    accuracy: float
    pictures: int
    false_alarms: float
    milliseconds: float


def evaluate_network(network: Network, split: Split) -> Evaluation:
    """Ask `network` every picture of `split`, in batches."""
    images = split.images.astype(np.float32) / np.float32(255)
    logits, known, milliseconds = run_network(network, images)
    right = logits.argmax(axis=1) == split.labels
    return Evaluation(float(right.mean()), len(right), float((~known).mean()), milliseconds)
