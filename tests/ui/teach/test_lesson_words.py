"""What a lesson came to, in words: the interval, what would halve it, and nothing that becomes markup."""

import numpy as np
import pytest

from cnn.teach import teach_classes
from cnn.teach.learning_curve import CurvePoint
from cnn.teach.network_process import MadeNetwork
from ui.teach import lesson_words


def test_the_accuracy_comes_with_its_bounds_and_what_would_halve_them() -> None:
    labels = np.repeat([0, 1], 20)
    features = np.eye(2, 8, dtype=np.float32)[labels] + np.random.default_rng(0).random((40, 8), np.float32) / 10
    taught = teach_classes("t/t", ("cat", "dog"), features, labels)
    said = lesson_words.accuracy_sentence(taught)
    assert said.startswith("**40 of 40 right** (100 %)")
    assert "between 91 and 100 %: 120 more pictures would halve that" in said
    assert "50 %" in lesson_words.chance_sentence(taught)


@pytest.mark.parametrize(
    ("counts", "word"),
    [({"cat": 100, "dog": 20}, "bring more"), ({"cat": 30, "dog": 12}, "Few pictures of dog"), ({"cat": 30}, "")],
)
def test_too_few_pictures_and_uneven_classes_are_told(counts: dict[str, int], word: str) -> None:
    said = lesson_words.balance_sentence(counts)
    assert word in said
    assert bool(said) == bool(word)


def test_the_same_picture_in_two_classes_comes_first_and_no_name_becomes_markup() -> None:
    said = lesson_words.twice_sentences(["a.png", "*b*.png", "c.png"], ["x", "![y](z)"], [0, 0, 1], [(0, 1), (1, 2)])
    assert "wrong class" in said[0]
    assert "`*b*.png`" in said[0]
    assert "`![y](z)`" in said[0]
    assert "both in x" in said[1]


@pytest.mark.parametrize(
    ("tuned", "chance", "word"), [(90, 0.01, "It is kept."), (82, 0.6, "may be chance"), (80, 1.0, "kept without it")]
)
def test_fine_tuning_is_called_better_only_where_it_is(tuned: int, chance: float, word: str) -> None:
    said = lesson_words.fine_tuning_sentence(MadeNetwork("own/1", "Pets", 100, 80, tuned, chance))
    assert "80 right (80 %)" in said
    assert word in said


@pytest.mark.parametrize(("right", "word"), [((50, 90), "probably help"), ((50, 52), "chance")])
def test_what_the_last_doubling_brought_is_weighed_against_chance(right: tuple[int, int], word: str) -> None:
    points = [CurvePoint(pictures, count, 100) for pictures, count in zip((40, 80), right, strict=True)]
    assert word in lesson_words.curve_sentence(points)


def test_the_best_eyes_stand_first() -> None:
    rows = lesson_words.eyes_table({"LeNet-5": (50, 100), "ResNet-20": (90, 100)}).splitlines()
    assert "90 %" in rows[2]
    assert "50 %" in rows[3]
    assert "40 to 60 %" in rows[3]


def test_what_is_missing_is_named() -> None:
    assert "Bring a second" in lesson_words.what_is_missing({"cat": 9})
    assert "dog has 1 of at least 2" in lesson_words.what_is_missing({"cat": 9, "dog": 1})
