"""Which classes a network takes for which. No TensorFlow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]


def count_confusions(truth: Labels, answers: Labels, classes: int) -> Counts:
    """Count the pictures of each class by the answer they got.

    Args:
        truth: int64 (n,), the class each picture shows.
        answers: int64 (n,), the class that the network says.
        classes: how many there are.
    Returns: int64 (classes, classes): a row a true class, a column an answer; its sum is n.
    """
    return np.bincount(truth * classes + answers, minlength=classes * classes).reshape(classes, classes)


def correct_by_class(counts: Counts) -> list[tuple[int, int]]:
    """List for each class how many of its pictures are answered right, and how many there are."""
    return [(int(right), int(asked)) for right, asked in zip(counts.diagonal(), counts.sum(axis=1), strict=True)]


def most_confused_classes(counts: Counts, most: int) -> list[tuple[int, int, int]]:
    """List at most `most` kinds of mistake that happened: (true class, answer, how often), the most frequent first."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    places = zip(*np.unravel_index(order, wrong.shape), strict=True)
    return [(int(row), int(column), int(wrong[row, column])) for row, column in places if wrong[row, column]]


def worst_classes(counts: Counts, most: int) -> list[int]:
    """List at most `most` classes of which there are pictures, those with the most mistakes, in their own order."""
    asked = counts.sum(axis=1)
    wrong = np.where(asked, asked - counts.diagonal(), -1)
    order = np.argsort(-wrong, kind="stable")[: min(most, int((asked > 0).sum()))]
    return sorted(order.tolist())


def gather_classes(labels: Labels, kept: list[int]) -> Labels:
    """Number the classes of `kept` from 0 in their order; all others become the one after them."""
    places = {label: at for at, label in enumerate(kept)}
    return np.array([places.get(label, len(kept)) for label in labels.tolist()], np.int64)


def indices_in_cell(truth: Labels, answers: Labels, row: int, column: int) -> Labels:
    """List the places of the pictures of class `row` that are answered `column`, in their order."""
    return np.flatnonzero((truth == row) & (answers == column))
