"""Which pictures tell most about networks that part."""

from itertools import combinations

import numpy as np
import pytest

from cnn.metrics.disagreement import answer_divergence, disagreement_strength, rank_disagreements, rank_mistakes

LABELS = np.array([[1, 1, 1, 1], [1, 2, 2, 2], [1, 2, 3, 1]])
SURE = np.array([[0.9, 0.9, 0.6, 0.5], [0.8, 0.7, 0.9, 0.5], [0.7, 0.8, 0.95, 0.9]], np.float32)


def test_two_that_are_sure_of_different_things_come_first() -> None:
    assert disagreement_strength(LABELS, SURE).tolist() == np.array([0, 0.8, 0.9, 0.5], np.float32).tolist()
    assert rank_disagreements(LABELS, SURE).tolist() == [2, 1, 3]


def test_it_is_the_strongest_pair_of_all() -> None:
    rng = np.random.default_rng(2)
    labels, sure = rng.integers(0, 4, (5, 200)), rng.random((5, 200)).astype(np.float32)
    pairs = [np.where(labels[a] != labels[b], np.minimum(sure[a], sure[b]), 0) for a, b in combinations(range(5), 2)]
    assert np.array_equal(disagreement_strength(labels, sure), np.max(pairs, axis=0))


def test_where_all_agree_nothing_is_listed() -> None:
    assert rank_disagreements(LABELS[:1], SURE[:1]).size == 0


def test_two_that_part_without_being_sure_are_still_listed() -> None:
    assert rank_disagreements(np.array([[1], [2]]), np.zeros((2, 1), np.float32)).tolist() == [0]


def test_the_surest_mistake_comes_first() -> None:
    assert rank_mistakes(np.array([1, 1, 3, 1]), LABELS[2], SURE[2]).tolist() == [1]
    assert rank_mistakes(np.array([2, 0, 0, 1]), LABELS[2], SURE[2]).tolist() == [2, 1, 0]


def test_answers_diverge_from_not_at_all_to_each_sure_of_another() -> None:
    flat, sure = np.full((3, 4), 0.25, np.float32), np.eye(4, dtype=np.float32)
    assert answer_divergence(flat, 3) == 0
    assert answer_divergence(sure, 4) == pytest.approx(1)
    assert answer_divergence(sure[:2], 4) == pytest.approx(0.5)
    assert answer_divergence(sure[:1], 4) == 0
    mixed = np.array([[0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0]], np.float32)  # half of a bit apart
    assert answer_divergence(mixed, 2) == pytest.approx(0.5)
