"""The reliability diagram against scikit-learn, its error against a sum by hand."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from cnn.metrics.calibration_error import expected_calibration_error, reliability_bins


@pytest.fixture
def answered() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    confidence = rng.uniform(0.1, 1, 3000).astype(np.float32)
    return confidence, rng.random(3000) < confidence**2  # says more than it holds


def test_the_diagram_is_scikit_learns(answered: tuple[np.ndarray, np.ndarray]) -> None:
    confidence, right = answered
    accuracy, sure = calibration_curve(right, confidence, n_bins=15)
    filled = [one for one in reliability_bins(confidence, right) if one.count]
    assert [one.accuracy for one in filled] == pytest.approx(accuracy)
    assert [one.confidence for one in filled] == pytest.approx(sure)
    assert sum(one.count for one in filled) == 3000


def test_the_error_is_the_mean_gap(answered: tuple[np.ndarray, np.ndarray]) -> None:
    confidence, right = answered
    place = np.ceil(confidence.astype(float) * 15)
    gaps = [abs(right[place == k].mean() - confidence[place == k].mean()) * (place == k).mean() for k in set(place)]
    assert expected_calibration_error(reliability_bins(confidence, right)) == pytest.approx(sum(gaps), abs=1e-6)


def test_who_holds_what_it_says_has_no_error() -> None:
    confidence = np.full(10, 0.7, np.float32)
    assert expected_calibration_error(reliability_bins(confidence, np.arange(10) < 7)) == pytest.approx(0, abs=1e-6)
    assert expected_calibration_error(reliability_bins(confidence, np.zeros(10, bool))) == pytest.approx(0.7)


@pytest.mark.parametrize(("confidence", "place"), [(0.0, 0), (0.1, 0), (0.100001, 1), (1.0, 9)])
def test_a_bin_holds_its_upper_edge(confidence: float, place: int) -> None:
    bins = reliability_bins(np.array([confidence]), np.array([True]), 10)
    assert [one.count for one in bins] == [int(at == place) for at in range(10)]


def test_without_answers_there_is_no_error() -> None:
    assert expected_calibration_error(reliability_bins(np.zeros(0, np.float32), np.zeros(0, bool))) == 0
