"""Classes that a person taught: a centre, a head, a temperature and what is like them. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.metrics.background import without_background
from cnn.metrics.nearest_neighbours import likeness_to_nearest
from cnn.metrics.significance import ConfidenceInterval, wilson_interval
from cnn.metrics.softmax import softmax
from cnn.metrics.temperature import fit_temperature
from cnn.metrics.unit_length import of_length_one
from cnn.teach.linear_head import Labels, LinearHead, fit_linear_head

FALSE_ALARM_RATE: Final = 0.05  # share of the taught pictures that would be told as none of these
SCALE: Final = 10.0  # of scores, about 0 to 1, so that a temperature between 0.1 and 10 fits them
MOST_CLASSES: Final = 50
MOST_KNOWN: Final = 2_000  # taught pictures that a new one is compared with: 10 MB of EfficientNet-Lite0's features
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
        temperature: what logits, scores times `SCALE`, are divided by before the softmax.
        known: float32 (m, features), of length 1, of up to `MOST_KNOWN` taught pictures, without their background ...
        least: ... and the likeness to them under which a picture is none of the classes.
        labels: int64 (n,), what all the pictures were taught as ...
        predicted: ... and int64 (n,), how heads that had not seen them read them, in a cross-validation.
        background: of these features, from `cnn.metrics.background.fit_background`; None where there is none.
    """

    trunk: str
    classes: tuple[str, ...]
    centre: Array
    head: LinearHead
    temperature: float
    known: Array
    least: float
    labels: Labels
    predicted: Labels
    background: Array | None = None

    def probabilities(self, features: Array) -> Array:
        """Answer pictures by their features (n, features): calibrated shares, float32 (n, classes)."""
        return self._shares(self.head(of_length_one(features - self.centre)))

    def is_none(self, features: Array) -> npt.NDArray[np.bool_]:
        """Say of pictures whether they are none of the classes, bool (n,)."""
        return np.asarray(likeness_to_nearest(without_background(features, self.background), self.known) < self.least)

    @property
    def validation(self) -> tuple[int, int]:
        """Count the right answers of the cross-validation, and all of them."""
        return int((self.predicted == self.labels).sum()), len(self.labels)

    @property
    def interval(self) -> ConfidenceInterval:
        """Give the accuracies that fit the cross-validation, at 95 %."""
        return wilson_interval(*self.validation)

    @property
    def left_out(self) -> Array:
        """Give what it says of each taught picture when that one is left out, float32 (n, classes)."""
        return self._shares(self.head.left_out)

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
        return (INTERVAL_SHRINK - 1) * len(self.labels)

    def _shares(self, scores: npt.NDArray[np.float64]) -> Array:
        return softmax(scores * (SCALE / self.temperature))


def teach_classes(
    trunk: str, classes: Sequence[str], features: Array, labels: Labels, background: Array | None = None
) -> TaughtClassifier:
    """Learn classes from the features of their pictures.

    Args:
        trunk: the network that made the features.
        classes: 2 to `MOST_CLASSES` names.
        features: float32 (n, features).
        labels: int64 (n,), in [0, classes); two pictures a class or more.
        background: of the features, from `cnn.teach.background.background_of`.
    Raises: BadInput: too few classes, too many, or too few pictures of one.
    """
    counts = np.bincount(labels, minlength=len(classes))
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise BadInput(f"There are {len(classes)} classes; teach 2 to {MOST_CLASSES}.")
    if counts.min() < 2:
        name = classes[int(counts.argmin())]
        raise BadInput(f"The class {name!r} has {counts.min()} pictures; give each class 2 or more, better 20.")
    centre = features.mean(axis=0)
    head = fit_linear_head(of_length_one(features - centre), labels, len(classes))
    some = np.sort(np.random.default_rng(0).permutation(len(features))[:MOST_KNOWN])
    known = without_background(features[some], background)
    return TaughtClassifier(
        trunk=trunk,
        classes=tuple(classes),
        centre=centre,
        head=head,
        temperature=fit_temperature((head.left_out * SCALE).astype(np.float32), labels),
        known=known,
        least=float(np.quantile(likeness_to_nearest(known, known, own=True), FALSE_ALARM_RATE)),
        labels=labels,
        predicted=cross_validate(features, labels, len(classes)),
        background=background,
    )


def cross_validate(features: Array, labels: Labels, classes: int) -> Labels:
    """Read each picture by a head that was fitted, from the centre to the penalty, without its fold, int64 (n,)."""
    fold = folds_by_class(labels, classes)
    predicted = np.zeros(len(labels), np.int64)
    for one in range(FOLDS):
        tested, known = fold == one, fold != one
        if not tested.any():
            continue
        centre = features[known].mean(axis=0)
        head = fit_linear_head(of_length_one(features[known] - centre), labels[known], classes)
        predicted[tested] = head(of_length_one(features[tested] - centre)).argmax(axis=1)
    return predicted


def folds_by_class(labels: Labels, classes: int) -> Labels:
    """Give each picture its fold, int64 (n,), in [0, FOLDS).

    They are made class by class in the order of the pictures: neighbours, such as frames of a clip, stay together.
    """
    fold = np.zeros(len(labels), np.int64)
    for label in range(classes):
        places = np.flatnonzero(labels == label)
        fold[places] = np.arange(len(places)) * FOLDS // len(places)
    return fold
