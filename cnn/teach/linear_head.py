"""A linear head on frozen features, in closed form, and what it says of each picture that it was not fitted on.

No TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.metrics.unit_length import of_length_one

Labels = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]

FEW: Final = 5  # pictures of a class: below it a ridge has too little to weigh features by
PENALTIES: Final = tuple(float(10**power) for power in np.arange(-4, 3.1, 0.5))  # for features of length 1
ROUNDING: Final = 1e-12  # of the largest square: below it there is no direction


@dataclass(frozen=True, slots=True, eq=False)
class LinearHead:
    """A fitted head.

    Attributes:
        kernel: float64 (features, classes).
        bias: float64 (classes,).
        method: how it was fitted.
        penalty: what the squares of a ridge's kernel were weighed with; 0 for the others.
        left_out: float64 (n, classes), the scores of each picture from a head that never saw it.
    """

    kernel: Doubles
    bias: Doubles
    method: Literal["ridge", "class means", "fine-tuned"]
    penalty: float
    left_out: Doubles

    def __call__(self, features: Array) -> Doubles:
        """Score features (n, features): the higher, the more like the class; float64 (n, classes)."""
        return np.asarray(features @ self.kernel + self.bias)


def fit_linear_head(features: Array, labels: Labels, classes: int) -> LinearHead:
    """Fit a ridge, or class means where a class has fewer than `FEW` pictures.

    Args:
        features: (n, features), of length 1.
        labels: int64 (n,), in [0, classes), each of them at least once.
        classes: at least two.
    """
    few = int(np.bincount(labels, minlength=classes).min()) < FEW
    return fit_class_means(features, labels, classes) if few else fit_ridge(features, labels, classes)


def fit_class_means(features: Array, labels: Labels, classes: int) -> LinearHead:
    """Score by the cosine to the mean of each class; see `fit_linear_head`.

    A picture that is its class' only one has a score of 0 there when it is left out.
    Source: Snell, Swersky & Zemel 2017, arXiv:1703.05175, equation 1, with cosines.
    """
    sums = np.eye(classes)[labels].T @ features.astype(np.float64)  # (classes, features)
    kernel = of_length_one(sums).T
    left_out = features @ kernel
    without = of_length_one(sums[labels] - features)  # (n, features), the mean of each one's class without it
    left_out[np.arange(len(labels)), labels] = (features * without).sum(axis=1)
    return LinearHead(kernel, np.zeros(classes), "class means", 0.0, left_out)


def fit_ridge(features: Array, labels: Labels, classes: int) -> LinearHead:
    """Fit one-hot targets with the penalty that leaves the fewest squared errors on pictures left out.

    Every class counts alike, however many pictures it has: otherwise a large one draws all answers.
    Source: Hoerl & Kennard 1970, Technometrics 12 (1), 55-67; leaving one out: Allen 1974, Technometrics 16 (1),
        125-127; as a classifier: Rifkin, Yeo & Poggio 2003, Regularized least-squares classification.
    """
    weight = 1 / (classes * np.bincount(labels, minlength=classes)[labels])  # (n,), adds up to 1
    targets = np.eye(classes)[labels]  # (n, classes)
    centre, base = weight @ features, weight @ targets  # (features,), (classes,)
    root = np.sqrt(weight * len(labels))[:, None]
    left, singular, right = _singular_values(root * (features - centre))  # (n, r), (r,), (r, features)
    turned = left.T @ (root * (targets - base))  # (r, classes)

    def kept(penalty: float) -> Doubles:
        return np.asarray(singular**2 / (singular**2 + penalty))  # (r,)

    def missed(penalty: float) -> Doubles:
        """What a head that was fitted without a picture gets wrong of it, (n, classes)."""
        leverage = weight + left**2 @ kept(penalty)  # (n,), the bias' share among it
        fitted = base + left @ (kept(penalty)[:, None] * turned) / root
        return np.asarray((targets - fitted) / np.maximum(1 - leverage, ROUNDING)[:, None])

    penalty = min(PENALTIES, key=lambda one: float(weight @ (missed(one) ** 2).sum(axis=1)))
    kernel = right.T @ ((kept(penalty) / singular)[:, None] * turned)
    return LinearHead(kernel, base - centre @ kernel, "ridge", penalty, targets - missed(penalty))


def _singular_values(x: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Take x (n, features) apart by the smaller of its two products with itself: 20,000 pictures in about 10 s.

    Returns: left (n, r), singular (r,), right (r, features); directions that hold nothing but rounding are left out.
    """
    wide = x.shape[0] < x.shape[1]
    squares, directions = np.linalg.eigh(x @ x.T if wide else x.T @ x)
    large = squares > squares[-1] * ROUNDING
    singular, directions = np.sqrt(squares[large]), directions[:, large]
    if wide:
        return directions, singular, (directions / singular).T @ x
    return x @ directions / singular, singular, directions.T
