"""One network's answer: what it refuses, and where its threshold lies."""

from __future__ import annotations

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import BadInput
from cnn.inference.predict import familiarity_score, is_in_distribution, predict


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
