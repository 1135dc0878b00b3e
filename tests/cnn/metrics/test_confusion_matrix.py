"""Confusion matrices, against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from cnn.metrics.confusion_matrix import (
    correct_by_class,
    count_confusions,
    gather_classes,
    indices_in_cell,
    most_confused_classes,
    worst_classes,
)


@pytest.fixture
def answered() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 7, 500)
    return truth, np.where(rng.random(500) < 0.7, truth, rng.integers(0, 7, 500))


def test_the_counts_are_scikit_learns(answered: tuple[np.ndarray, np.ndarray]) -> None:
    assert np.array_equal(count_confusions(*answered, 7), confusion_matrix(*answered))


def test_a_class_that_never_was_keeps_its_place() -> None:
    counts = count_confusions(np.array([0, 2]), np.array([0, 1]), 4)
    assert counts.shape == (4, 4)
    assert np.argwhere(counts).tolist() == [[0, 0], [2, 1]]


def test_accuracy_by_class_is_scikit_learns_recall(answered: tuple[np.ndarray, np.ndarray]) -> None:
    found = correct_by_class(count_confusions(*answered, 7))
    assert [right / asked for right, asked in found] == pytest.approx(recall_score(*answered, average=None))
    assert sum(asked for _, asked in found) == 500


def test_mistakes_come_by_how_often_they_were_made() -> None:
    counts = np.array([[9, 1, 0], [4, 9, 0], [2, 0, 9]])
    assert most_confused_classes(counts, 2) == [(1, 0, 4), (2, 0, 2)]
    assert most_confused_classes(counts, 9) == [(1, 0, 4), (2, 0, 2), (0, 1, 1)]
    assert counts.trace() == 27


def test_every_picture_is_in_one_cell(answered: tuple[np.ndarray, np.ndarray]) -> None:
    counts = count_confusions(*answered, 7)
    found = {place: indices_in_cell(*answered, *place) for place in np.ndindex(7, 7)}
    assert {place: len(some) for place, some in found.items()} == {place: counts[place] for place in found}
    assert sorted(np.concatenate(list(found.values()))) == list(range(500))


def test_of_many_classes_the_worst_stay_and_the_others_are_one() -> None:
    truth, answers = np.array([5, 5, 5, 2, 2, 8]), np.array([5, 9, 2, 2, 7, 8])
    counts = count_confusions(truth, answers, 10)
    assert worst_classes(counts, 2) == [2, 5]
    assert worst_classes(counts, 9) == [2, 5, 8], "no class of which there is no picture"
    few = count_confusions(gather_classes(truth, [2, 5]), gather_classes(answers, [2, 5]), 3)
    assert few.tolist() == [[1, 0, 1], [1, 1, 1], [0, 0, 1]]
