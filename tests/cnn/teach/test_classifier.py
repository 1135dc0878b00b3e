"""Classes of one's own on features: answers, honesty, and none of these."""

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.metrics.background import fit_background
from cnn.teach import TaughtClassifier, near_duplicates, teach_classes
from cnn.teach.learning_curve import learning_curve
from cnn.teach.linear_head import Labels

DIRECTIONS = np.eye(3, 16, dtype=np.float32)  # of the classes


def _pictures(labels: Labels, seed: int, spread: float = 0.15) -> Array:
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(len(labels), 16)) * spread
    return np.asarray(np.abs(DIRECTIONS[labels] + noise), np.float32)


@pytest.fixture
def taught() -> TaughtClassifier:
    """Two classes of 30 pictures."""
    labels = np.repeat([0, 1], 30)
    return teach_classes("imagenet/efficientnet_lite0", ("cat", "dog"), _pictures(labels, 0), labels)


def test_new_pictures_of_the_classes_are_read(taught: TaughtClassifier) -> None:
    """And the shares of each add up to 1."""
    labels = np.tile([0, 1], 50)
    shares = taught.probabilities(_pictures(labels, 1))
    assert (shares.argmax(axis=1) == labels).mean() > 0.95
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_what_is_none_of_the_classes_is_told(taught: TaughtClassifier) -> None:
    """A third thing is told in at least 80 %, at about 5 % false alarms."""
    assert taught.is_none(_pictures(np.full(200, 2), 2)).mean() >= 0.8
    assert taught.is_none(_pictures(np.tile([0, 1], 100), 3)).mean() < 0.15


def test_the_cross_validation_counts_each_picture_once_and_notices_chance() -> None:
    """Labels that mean nothing are read by chance, however well the head fits them."""
    rng = np.random.default_rng(4)
    labels = rng.permutation(np.repeat([0, 1], 50))
    found = teach_classes("t/t", ("a", "b"), rng.random((100, 16), np.float32), labels)
    right, asked = found.validation
    assert asked == 100
    assert 30 <= right <= 70
    assert found.interval.low < right / asked < found.interval.high
    assert found.more_for_half() == 300


def test_a_picture_under_the_wrong_name_is_doubted_first() -> None:
    """It is not found where the head may look at the picture itself."""
    labels = np.repeat([0, 1], 30)
    features = _pictures(labels, 5)
    labels[7] = 1
    assert teach_classes("t/t", ("cat", "dog"), features, labels).doubtful()[0] == 7


def test_near_duplicates_are_paired_once() -> None:
    """A picture that is darker, with the noise of a second saving, is the same; others are not."""
    rng = np.random.default_rng(6)
    thumbnails = rng.random((40, 768), np.float32)
    thumbnails[31] = thumbnails[4] * 0.8 + 0.1 + rng.normal(0, 0.01, 768)
    assert near_duplicates(thumbnails) == [(4, 31)]


@pytest.mark.parametrize(("names", "labels"), [(("a",), [0, 0]), (("a", "b"), [0, 0, 1]), (("a", "b"), [0, 0])])
def test_too_little_is_refused_in_a_sentence(names: tuple[str, ...], labels: list[int]) -> None:
    """One class, one picture of a class, none of it."""
    with pytest.raises(BadInput):
        teach_classes("t/t", names, np.ones((len(labels), 4), np.float32), np.array(labels))


def test_more_pictures_are_read_better_and_each_is_tested_once() -> None:
    labels = np.repeat([0, 1], 80)
    points = learning_curve(_pictures(labels, 8, spread=0.6), labels, 2)
    assert [one.pictures for one in points] == [16, 32, 64, 128]
    assert {one.asked for one in points} == {160}
    assert points[-1].accuracy > points[0].accuracy
    assert points[0].interval.low < points[0].accuracy < points[0].interval.high


def test_a_part_too_small_for_a_class_has_no_point() -> None:
    labels = np.repeat([0, 1], [40, 5])
    assert [one.pictures for one in learning_curve(_pictures(labels, 9), labels, 2)] == [18, 36]


def test_what_all_pictures_differ_by_hides_no_other_thing() -> None:
    """Light, say, changes each picture's features far more than what it shows: a third thing is told without that."""
    rng = np.random.default_rng(10)

    def lit(labels: Labels, seed: int) -> Array:
        light = np.random.default_rng(seed).normal(size=(len(labels), 4)) @ np.eye(4, 16, 12) * 2
        return np.asarray(_pictures(labels, seed) + light, np.float32)

    many = rng.random((300, 16)) * 0.3 + rng.normal(size=(300, 4)) @ np.eye(4, 16, 12) * 2
    background = fit_background(many.astype(np.float32))
    labels, others, own = np.repeat([0, 1], 100), lit(np.full(200, 2), 12), lit(np.tile([0, 1], 100), 13)
    plain = teach_classes("t/t", ("cat", "dog"), lit(labels, 11), labels)
    without = teach_classes("t/t", ("cat", "dog"), lit(labels, 11), labels, background)
    assert plain.is_none(others).mean() < 0.5
    assert without.is_none(others).mean() >= 0.8
    assert without.is_none(own).mean() < 0.15
    assert np.allclose(plain.probabilities(own), without.probabilities(own))
