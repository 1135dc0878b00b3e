"""Classes that a person taught: a centre, a head, a temperature and a distance. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.metrics.significance import ConfidenceInterval, wilson_interval
from cnn.metrics.softmax import softmax
from cnn.metrics.temperature import fit_temperature
from cnn.teach.linear_head import Labels, LinearHead, fit_linear_head
from cnn.teach.novelty_detection import unlikeness
from cnn.teach.unit_length import of_length_one

FALSE_ALARM_RATE: Final = 0.05  # share of the taught pictures that would be told as none of these
SCALE: Final = 10.0  # of scores, about 0 to 1, so that a temperature between 0.1 and 10 fits them
MOST_CLASSES: Final = 50
FOLDS: Final = 5  # of a cross-validation
INTERVAL_SHRINK: Final = 4  # times the pictures, for half the interval


@dataclass(frozen=True, slots=True, eq=False)
class TaughtClassifier:
    """A head on the features of a network, for classes of one's own.

    Attributes:
        trunk: the network whose features it weighs, such as "imagenet/efficientnet_lite0".
        classes: their names.
        centre: float32 (features,), the mean of what was taught.
        head: on centred features of length 1.
        temperature: what scores, times `SCALE`, are divided by before the softmax.
        features: float32 (n, features), of the taught pictures, as the network made them ...
        labels: ... and int64 (n,), what they were taught as.
        farthest: unlikeness from which on a picture is none of these.
        validation: right answers, of so many, in a cross-validation.
    """

    trunk: str
    classes: tuple[str, ...]
    centre: Array
    head: LinearHead
    temperature: float
    features: Array
    labels: Labels
    farthest: float
    validation: tuple[int, int]

    def probabilities(self, features: Array) -> Array:
        """Answer pictures by their features (n, features): calibrated shares, float32 (n, classes)."""
        scores = self.head(_centred(features, self.centre))
        return softmax(scores * (SCALE / self.temperature))

    def is_none(self, features: Array) -> Array:
        """Say of pictures whether they are none of the classes, bool (n,)."""
        return np.asarray(unlikeness(features, self.features) > self.farthest)

    @property
    def interval(self) -> ConfidenceInterval:
        """Give the accuracies that fit the cross-validation, at 95 %."""
        return wilson_interval(*self.validation)

    @property
    def left_out(self) -> Array:
        """Give what it says of each taught picture when that one is left out, float32 (n, classes)."""
        return softmax(self.head.left_out * (SCALE / self.temperature))

    def doubtful(self) -> list[int]:
        """List the taught pictures that another class fits better, by place, the surest of another one first.

        Source: Northcutt, Jiang & Chuang 2021, arXiv:1911.00068: shares of models that did not see the picture.
        """
        shares = self.left_out
        own = shares[np.arange(len(self.labels)), self.labels]
        lead = shares.max(axis=1) - own
        return [int(i) for i in np.argsort(-lead, kind="stable") if lead[i] > 0]

    def more_for_half(self) -> int:
        """Say how many more pictures would make the interval half as wide."""
        return (INTERVAL_SHRINK - 1) * self.validation[1]


def teach_classes(trunk: str, classes: Sequence[str], features: Array, labels: Labels) -> TaughtClassifier:
    """Learn classes from the features of their pictures.

    Args:
        trunk: the network that made the features.
        classes: 2 to `MOST_CLASSES` names.
        features: float32 (n, features).
        labels: int64 (n,), in [0, classes); two pictures a class or more.
    Raises: BadInput: too few classes, too many, or too few pictures of one.
    """
    counts = np.bincount(labels, minlength=len(classes))
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise BadInput(f"There are {len(classes)} classes; teach 2 to {MOST_CLASSES}.")
    if counts.min() < 2:
        name = classes[int(counts.argmin())]
        raise BadInput(f"The class {name!r} has {counts.min()} pictures; give each class 2 or more, better 20.")
    centre = features.mean(axis=0)
    head = fit_linear_head(_centred(features, centre), labels, len(classes))
    distances = unlikeness(features, features, own=True)
    return TaughtClassifier(
        trunk=trunk,
        classes=tuple(classes),
        centre=centre,
        head=head,
        temperature=fit_temperature((head.left_out * SCALE).astype(np.float32), labels),
        features=features,
        labels=labels,
        farthest=float(np.quantile(distances, 1 - FALSE_ALARM_RATE)),
        validation=_cross_validated(features, labels, len(classes)),
    )


def _cross_validated(features: Array, labels: Labels, classes: int) -> tuple[int, int]:
    """Count right answers of heads that were fitted, from the centre to the penalty, without a fold.

    Folds are made class by class in the order of the pictures: neighbours, such as frames of a clip, stay together.
    """
    fold = np.zeros(len(labels), np.int64)
    for label in range(classes):
        places = np.flatnonzero(labels == label)
        fold[places] = np.arange(len(places)) * FOLDS // len(places)
    right = 0
    for one in range(FOLDS):
        tested = fold == one
        known = ~tested
        if not tested.any():
            continue
        centre = features[known].mean(axis=0)
        head = fit_linear_head(_centred(features[known], centre), labels[known], classes)
        right += int((head(_centred(features[tested], centre)).argmax(axis=1) == labels[tested]).sum())
    return right, len(labels)


def _centred(features: Array, centre: Array) -> Array:
    return of_length_one(features - centre)
