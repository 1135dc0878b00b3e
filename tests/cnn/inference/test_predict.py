"""One network's answer: what it refuses, and where its threshold lies."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import BadInput
from cnn.inference.predict import calibrated_probabilities, familiarity_score, is_in_distribution, predict
from cnn.metrics.softmax import softmax


def test_an_input_of_another_shape_is_refused() -> None:
    network = zoo.load_network("mnist/lenet")
    assert len(predict(network, np.zeros((2, 28, 28, 1), np.float32))) == 2
    with pytest.raises(BadInput, match="takes inputs of"):
        predict(network, np.zeros((2, 32, 32, 3), np.float32))


def test_what_is_just_familiar_enough_is_known() -> None:
    logits = np.array([[3, 1, 0]], np.float32)
    least = float(familiarity_score(logits)[0])
    images = np.zeros((1, 28, 28, 1), np.float32)
    assert is_in_distribution(images, logits, least).tolist() == [True]
    assert is_in_distribution(images, logits, np.nextafter(np.float32(least), np.float32(9))).tolist() == [False]


def test_the_temperature_divides() -> None:
    """Above 1 it makes a network less sure, below 1 more."""
    logits = np.array([[3, 1, 0]], np.float32)
    card = zoo.read_card("mnist/lenet")
    doubled = replace(card, temperature=2.0)
    np.testing.assert_allclose(calibrated_probabilities(doubled, logits), softmax(logits / 2), atol=1e-6)


def test_logits_that_stand_out_by_little_stand_out_all_the_same() -> None:
    """A floor under the deviation keeps equal logits from dividing by 0, and weighs nothing else."""
    logits = np.zeros((1, 1000), np.float32)
    assert familiarity_score(logits, "prominence").tolist() == [0]
    logits[0, :5] = 0.01
    expected = (0.01 - logits.mean()) / logits.std()
    np.testing.assert_allclose(familiarity_score(logits, "prominence"), expected, rtol=1e-4)


def test_what_looks_just_usual_enough_is_known() -> None:
    images, logits = np.zeros((1, 28, 28, 1), np.float32), np.zeros((1, 10), np.float32)
    for limit, known in ((4.0, True), (np.nextafter(4.0, 0.0), False)):
        looks = SimpleNamespace(distance=lambda images: np.array([4.0]), limit=limit)
        assert is_in_distribution(images, logits, -9.0, mahalanobis=looks).tolist() == [known]  # type: ignore[arg-type]
