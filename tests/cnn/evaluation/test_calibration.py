"""Temperature and threshold."""

import numpy as np
import pytest

from cnn.evaluation.calibration import fit_calibration
from cnn.inference.predict import familiarity_score
from cnn.metrics.softmax import softmax
from cnn.metrics.temperature import fit_temperature


def labelled_logits(count: int, sharpness: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose labels are drawn from softmax(logits / sharpness)."""
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (count, 10)).astype(np.float32)
    labels = np.array([rng.choice(10, p=row / row.sum()) for row in softmax(honest).astype(np.float64)])
    return honest * np.float32(sharpness), labels


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_too_much_or_too_little_confidence(sharpness: float) -> None:
    logits, labels = labelled_logits(20_000, sharpness)
    assert fit_temperature(logits, labels) == pytest.approx(sharpness, rel=0.05)


def test_one_in_a_hundred_held_out_pictures_is_called_unknown() -> None:
    logits, labels = labelled_logits(5_000, 1)
    found = fit_calibration(lambda rows: rows, logits, labels, {"flat": np.zeros((100, 10), np.float32)})
    assert (familiarity_score(logits) < found.threshold).mean() == pytest.approx(0.01, abs=0.001)
    assert found.caught["flat"] == (familiarity_score(np.zeros((1, 10), np.float32))[0] < found.threshold)


def test_familiarity_is_high_where_one_logit_is() -> None:
    logits = np.array([[9, 0, 0], [1, 1, 1], [800, 0, 0]], np.float32)
    known, flat, huge = familiarity_score(logits)
    assert known == pytest.approx(9, abs=0.01)
    assert flat == pytest.approx(1 + np.log(3), abs=1e-5)
    assert np.isfinite(huge)


def test_softmax_does_not_overflow() -> None:
    rows = softmax(np.array([[1000, 0], [-1000, -1000]], np.float32))
    assert np.allclose(rows, [[1, 0], [0.5, 0.5]])


def test_pictures_that_look_alike_share_the_false_alarms_out() -> None:
    rng = np.random.default_rng(0)
    images = rng.uniform(0.3, 0.7, (2_000, 8, 8, 3)).astype(np.float32)
    labels = rng.integers(0, 10, len(images))
    clear = np.eye(10, dtype=np.float32)[labels] * rng.uniform(4, 9, (len(images), 1)).astype(np.float32)
    even = np.full((50, 8, 8, 3), 0.5, np.float32)

    def sure(pictures: np.ndarray) -> np.ndarray:
        return clear if len(pictures) == len(images) else clear[: len(pictures)] + 90

    found = fit_calibration(sure, images, labels, {"even": even}, alike=True)
    assert found.mahalanobis is not None
    assert (familiarity_score(clear) < found.threshold).mean() == pytest.approx(0.005, abs=0.001)
    assert (found.mahalanobis.distance(images) > found.mahalanobis.limit).mean() == pytest.approx(0.005, abs=0.001)
    assert found.caught == {"even": 1}
    assert fit_calibration(sure, images, labels, {"even": even}).caught == {"even": 0}


def test_prominence_tells_what_stands_out_whatever_all_logits_share() -> None:
    some = np.zeros((1, 100), np.float32)
    some[0, :5] = 8
    noise = np.random.default_rng(0).normal(size=(1, 100)).astype(np.float32)
    clear, same, strange, flat = (
        familiarity_score(logits, "prominence")[0]
        for logits in (some, 3 * some + 7, noise, np.zeros((1, 100), np.float32))
    )
    assert clear == pytest.approx(same, rel=1e-4)
    assert clear > strange > flat == 0


def test_divergence_is_nothing_where_all_classes_are_alike_whatever_their_logits_share() -> None:
    logits = np.array([[0, 0, 0, 0], [9, 9, 9, 9], [3, 0, 0, 0], [8, 5, 5, 5]], np.float32)
    flat, high, clear, shifted = familiarity_score(logits, "divergence")
    assert flat == pytest.approx(0, abs=1e-5)
    assert high == pytest.approx(0, abs=1e-5)
    likely = softmax(logits[2:3])[0].astype(np.float64)
    assert clear == pytest.approx(np.sum(0.25 * np.log(0.25 / likely)), abs=1e-5)
    assert shifted == pytest.approx(clear, abs=1e-5)
