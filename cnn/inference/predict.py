"""Network + input -> Prediction: what it answers, how sure it is, whether it knows such things."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.metrics.background import without_background
from cnn.metrics.mahalanobis import MahalanobisFit
from cnn.metrics.nearest_neighbours import likeness_to_nearest
from cnn.metrics.softmax import softmax
from cnn.zoo import Card, Network

PROMINENT_LOGITS = 5  # logits that stand out together where a photo shows one thing: a cat is also a tabby


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer.

    Attributes:
        label: the most probable class.
        probabilities: float32 (classes,), calibrated, their sum 1.
        logits: float32 (classes,), as the network gave them.
        in_distribution: the input resembles what the network was trained on.
        milliseconds: that the network took; for a batch, the mean.
    """

    label: int
    probabilities: Array
    logits: Array
    in_distribution: bool
    milliseconds: float

    @property
    def confidence(self) -> float:
        """Probability of the answer, in [0, 1]."""
        return float(self.probabilities[self.label])

    def top(self, count: int) -> list[tuple[int, float]]:
        """List the `count` most probable labels with their probabilities, the best first."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return [(int(label), float(self.probabilities[label])) for label in order]


def predict(network: Network, images: Array) -> list[Prediction]:
    """Answer each of `images`.

    Args:
        network: from `cnn.zoo.load_network`.
        images: float32 (n, height, width, channels), in [0, 1].
    Raises: BadInput: their shape is not the network's.
    """
    if images.shape[1:] != network.runner.shape:
        raise BadInput(f"{network.name} takes inputs of {network.runner.shape}, not {images.shape[1:]}.")
    logits, knows, milliseconds = run_network(network, images)
    probabilities = calibrated_probabilities(network.card, logits)
    return [
        Prediction(int(row.argmax()), row, raw, bool(one), milliseconds)
        for row, raw, one in zip(probabilities, logits, knows, strict=True)
    ]


def run_network(network: Network, images: Array) -> tuple[Array, npt.NDArray[np.bool_], float]:
    """Run a network on images, float32 (n, height, width, channels), of its shape.

    Returns: logits, float32 (n, classes); bool (n,), whether each resembles what the network was trained on; and the
        milliseconds that the network took for one input, on average.
    """
    card = network.card
    if network.taught is not None:
        logits, features, milliseconds = network.runner.run_with_features(images)
        return logits, likeness_to_taught(network, features) >= card.threshold, milliseconds
    logits, milliseconds = network.runner.run_timed(images)
    return logits, is_in_distribution(images, logits, card.threshold, card.familiarity, card.looks), milliseconds


def likeness_to_taught(network: Network, features: Array) -> Array:
    """Measure how like features (n, features) are to the nearest of what was taught to a network: (n,), in [-1, 1]."""
    assert network.taught is not None
    return likeness_to_nearest(without_background(features, network.background), network.taught)


def calibrated_probabilities(card: Card, logits: Array) -> Array:
    """Turn logits, (classes,) or (n, classes), into calibrated probabilities of the same shape."""
    return softmax(logits / np.float32(card.temperature))


def is_in_distribution(
    images: Array, logits: Array, threshold: float, score: str = "energy", mahalanobis: MahalanobisFit | None = None
) -> npt.NDArray[np.bool_]:
    """Say whether each input resembles what the network was trained on: (n,).

    Args:
        images: (n, height, width, channels), in [0, 1].
        logits: what the network made of them, (n, classes).
        threshold: the least familiarity.
        score: see `familiarity_score`.
        mahalanobis: how the training pictures look; None if they may look like anything.
    """
    enough = familiarity_score(logits, score) >= threshold
    return enough if mahalanobis is None else enough & (mahalanobis.distance(images) <= mahalanobis.limit)


def familiarity_score(logits: Array, measure: str = "energy") -> Array:
    """Measure how much each input resembles the training data: (n,), higher is more.

    Args:
        logits: (n, classes).
        measure: "energy", the negative energy log(sum(exp(logits))), for networks that learned to give
            every class the same logit where there is nothing to recognise (Liu et al. 2020,
            arXiv:2010.03759, equation 4); "divergence", the Kullback-Leibler divergence of the answer from
            one with all classes alike, in nats, which is what they learned to make 0 there, and which the
            logits' mean does not change (Lee, Lee, Lee & Shin 2018, arXiv:1711.09325, equation 1); or
            "prominence", how many standard deviations the five highest logits stand above the mean, for
            networks that never learned that.
    """
    if measure == "prominence":
        best = np.sort(logits, axis=1)[:, -PROMINENT_LOGITS:].mean(axis=1)
        return np.asarray((best - logits.mean(axis=1)) / np.maximum(logits.std(axis=1), 1e-6), np.float32)
    top = logits.max(axis=1)
    energy = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    rest = logits.mean(axis=1) + np.log(logits.shape[1]) if measure == "divergence" else 0
    return np.asarray(energy - rest, np.float32)
