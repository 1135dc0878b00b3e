"""Pictures that are alike to a network."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.datasets.training_sets import read_training_digits
from cnn.errors import Cancelled
from cnn.layers import activations
from cnn.layers.nearest_pictures import dataset_features, last_features, nearest_pictures


def test_the_nearest_against_every_cosine() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 7))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    one = rows[11].astype(np.float32)
    found = nearest_pictures(rows.astype(np.float32), one, 5)
    every = sorted(range(40), key=lambda at: -float(rows[at] @ rows[11]))
    assert [at for at, _ in found] == every[:5]
    assert found[0] == (11, pytest.approx(1, abs=1e-5))


def test_a_training_digit_is_most_like_itself() -> None:
    network = activations.open_network("mnist/lenet")
    images = read_training_digits().images[::500]
    told: list[tuple[int, int]] = []
    features = dataset_features(network, images, lambda done, total: told.append((done, total)))
    assert features.shape == (10, 84)
    assert told == [(0, 10)]
    one = last_features(network, images[3].astype(np.float32) / 255)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert nearest_pictures(features, one, 1)[0] == (3, pytest.approx(1, abs=1e-5))


def test_nobody_waits_for_more() -> None:
    with pytest.raises(Cancelled):
        dataset_features(
            activations.open_network("mnist/lenet"), np.zeros((1, 28, 28, 1), np.uint8), stopped=lambda: True
        )
