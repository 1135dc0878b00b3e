"""How the accuracy grows with the pictures: what more of them would still bring. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.metrics.significance import ConfidenceInterval, wilson_interval
from cnn.metrics.unit_length import of_length_one
from cnn.teach.classifier import FOLDS, folds_by_class
from cnn.teach.linear_head import Labels, fit_linear_head

SHARES: Final = (1 / 8, 1 / 4, 1 / 2, 1.0)  # of what may be learned from
LEAST: Final = 2  # pictures of a class
MOST: Final = 2_000  # pictures that are looked at, drawn from all: four heads a fold of them take a few seconds


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How many pictures were learned from, and how many of all were read right by heads that had not seen them."""

    pictures: int
    right: int
    asked: int

    @property
    def accuracy(self) -> float:
        """Give the share of right answers."""
        return self.right / self.asked

    @property
    def interval(self) -> ConfidenceInterval:
        """Give the accuracies that fit it, at 95 %."""
        return wilson_interval(self.right, self.asked)


def learning_curve(features: Array, labels: Labels, classes: int) -> list[CurvePoint]:
    """Measure on the same left-out pictures how good heads are that learned from a part of the others.

    Args:
        features: float32 (n, features).
        labels: int64 (n,), in [0, classes), each of them at least twice.
        classes: at least two.
    Returns: a point for each of SHARES that leaves every class `LEAST` pictures, the fewest pictures first.
    """
    order = np.random.default_rng(0).permutation(len(labels))[:MOST]
    order.sort()
    features, labels = features[order], labels[order]
    fold = folds_by_class(labels, classes)
    points = []
    for share in SHARES:
        right = learned = 0
        for one in range(FOLDS):
            tested = np.flatnonzero(fold == one)
            known = _part(np.flatnonzero(fold != one), labels, classes, share)
            if not len(tested) or np.bincount(labels[known], minlength=classes).min() < LEAST:
                break
            centre = features[known].mean(axis=0)
            head = fit_linear_head(of_length_one(features[known] - centre), labels[known], classes)
            right += int((head(of_length_one(features[tested] - centre)).argmax(axis=1) == labels[tested]).sum())
            learned += len(known)
        else:
            points.append(CurvePoint(round(learned / FOLDS), right, len(labels)))
    return points


def _part(places: Labels, labels: Labels, classes: int, share: float) -> Labels:
    """Take a share of each class, spread over its pictures: neighbours are alike, such as frames of a clip."""
    taken = []
    for label in range(classes):
        own = places[labels[places] == label]
        count = max(1, round(share * len(own)))
        taken.append(own[np.arange(count) * len(own) // count])
    return np.concatenate(taken)
