"""Pictures that are alike to a network."""

from __future__ import annotations

from functools import cache
from typing import cast

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets.training_sets import read_training_digits
from cnn.errors import Cancelled
from cnn.layers import activations
from cnn.layers.nearest_pictures import TOGETHER, dataset_features, nearest_pictures, picture_features
from cnn.zoo.feature_extractor import FeatureExtractor


def test_the_nearest_against_every_cosine() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 7))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    one = rows[11].astype(np.float32)
    found = nearest_pictures(rows.astype(np.float32), one, 5)
    every = sorted(range(40), key=lambda at: -float(rows[at] @ rows[11]))
    assert [at for at, _ in found] == every[:5]
    assert found[0] == (11, pytest.approx(1, abs=1e-5))


@cache
def extractor(name: str) -> FeatureExtractor:
    return FeatureExtractor(zoo.load_network(name))


def test_a_training_digit_is_most_like_itself() -> None:
    images = read_training_digits().images[::500]
    told: list[tuple[int, int]] = []
    features = dataset_features(extractor("mnist/lenet"), images, lambda done, total: told.append((done, total)))
    assert features.shape == (10, 84)
    assert told == [(0, 10)]
    one = picture_features(extractor("mnist/lenet"), images[3:4].astype(np.float32) / 255)[0]
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert nearest_pictures(features, one, 1)[0] == (3, pytest.approx(1, abs=1e-5))


@pytest.mark.parametrize("name", ["mnist/lenet", "cifar10/inception"])
def test_many_are_computed_as_the_layer_before_the_logits_is_shown(name: str) -> None:
    """Pictures of several calls of the engine, and a rest that fills none, against every layer of one at a time."""
    network = activations.open_network(name)
    images = np.random.default_rng(0).integers(0, 256, (TOGETHER + 3, *network.graph.layers[0].shape), np.uint8)
    features = dataset_features(extractor(name), images)
    assert len(features) == TOGETHER + 3
    (before,) = network.graph.logits.inputs
    for at in (0, TOGETHER - 1, TOGETHER, TOGETHER + 2):
        numbers = network.maps(images[at].astype(np.float32) / 255)[before].ravel()
        assert features[at] == pytest.approx(numbers / np.linalg.norm(numbers), abs=1e-5)


def test_features_of_nothing_are_not_divided() -> None:
    nothing = cast("FeatureExtractor", lambda inputs: np.zeros((len(inputs), 4), np.float32))
    assert not picture_features(nothing, np.zeros((2, 1, 1, 1), np.float32)).any()


def test_nobody_waits_for_more() -> None:
    with pytest.raises(Cancelled):
        dataset_features(extractor("mnist/lenet"), np.zeros((1, 28, 28, 1), np.uint8), stopped=lambda: True)
