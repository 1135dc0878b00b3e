"""Where networks part, and where one is most sure of what is wrong. No TensorFlow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

Labels = npt.NDArray[np.int64]
Shares = Array


def disagreement_strength(labels: Labels, confidence: Shares) -> Shares:
    """Say how strongly networks contradict each other about each picture.

    The surest network is set against the surest one of those that say something else: two that
    are sure of different things tell more than one that wavers.

    Args:
        labels: int64 (networks, n), what each says.
        confidence: float32 (networks, n), how sure it is, in [0, 1].
    Returns: float32 (n,), how sure the surest contradicting network is; 0 where all say the same.
    """
    surest = labels[confidence.argmax(axis=0), np.arange(labels.shape[1])]  # (n,)
    return np.asarray(np.where(labels == surest, 0, confidence).max(axis=0), np.float32)


def rank_disagreements(labels: Labels, confidence: Shares) -> Labels:
    """List the places of the pictures on which networks part, the most telling first."""
    strength = disagreement_strength(labels, confidence)
    order = np.argsort(-strength, kind="stable")
    return np.asarray(order[(labels != labels[0]).any(axis=0)[order]])


def rank_mistakes(truth: Labels, labels: Labels, confidence: Shares) -> Labels:
    """List the places of the pictures that one network gets wrong, those it is most sure of first.

    Args:
        truth: int64 (n,), the class each picture shows.
        labels: int64 (n,), the one it says.
        confidence: float32 (n,), how sure it is.
    """
    order = np.argsort(-confidence, kind="stable")
    return np.asarray(order[(labels != truth)[order]])


def answer_divergence(probabilities: Array, of: int) -> float:
    """Say how far answers are apart: 0 where all give the same shares, 1 where each is sure of a class of its own.

    Args:
        probabilities: float32 (networks, classes), each row with the sum 1; those that count.
        of: how many networks were asked, at least as many: who does not count brings nothing.
    Returns: the generalised Jensen-Shannon divergence with equal weights, over the logarithm of `of`.
    Source: Lin 1991, IEEE Transactions on Information Theory 37(1), equation 5.1.
    """
    if len(probabilities) < 2:
        return 0.0
    apart = _entropy(probabilities.mean(0)) - np.mean([_entropy(row) for row in probabilities])
    return float(max(0.0, apart) / np.log(of))


def _entropy(shares: Shares) -> float:
    """Give the entropy in nats; what has no share adds nothing."""
    some = np.asarray(shares, np.float64)[np.asarray(shares) > 0]
    return float(-(some * np.log(some)).sum())
