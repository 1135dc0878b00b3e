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


def evaluate_network(network: Network, split: Split, mirrored: bool = False) -> Evaluation:
    """Ask `network` every picture of `split`, in batches.

    Args:
        network: that is asked.
        split: pictures and their labels.
        mirrored: ask each picture's mirror image, too: the answer is that of both logits' mean, for twice the time.
            False alarms are still those of the pictures alone.

    Source: of the mirror image Krizhevsky, Sutskever & Hinton 2012, section 4.1 (there with five crops).
    """
    images = split.images.astype(np.float32) / np.float32(255)
    logits, known, milliseconds = run_network(network, images)
    if mirrored:
        mirrors, _, more = run_network(network, np.ascontiguousarray(images[:, :, ::-1]))
        logits, milliseconds = (logits + mirrors) / np.float32(2), milliseconds + more
    right = logits.argmax(axis=1) == split.labels
    return Evaluation(float(right.mean()), len(right), float((~known).mean()), milliseconds)
