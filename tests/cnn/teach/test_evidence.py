"""What speaks for a taught class: the gradient of its score, and maps whose mean is a feature."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.metrics.unit_length import of_length_one
from cnn.teach import TaughtClassifier, teach_classes
from cnn.teach.evidence import class_evidence, score_gradient
from cnn.zoo import load_network
from cnn.zoo.feature_extractor import FeatureExtractor
from cnn.zoo.features_in_tflite import cut_before_pooling
from cnn.zoo.litert_runner import LiteRTRunner


@pytest.fixture(scope="module")
def taught() -> TaughtClassifier:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    features = np.eye(2, 8, dtype=np.float32)[labels] + rng.random((40, 8), np.float32) / 2
    return teach_classes("t/t", ("cat", "dog"), features, labels)


def test_the_gradient_is_that_of_the_score(taught: TaughtClassifier) -> None:
    """Against differences of the score itself."""
    at = np.random.default_rng(1).random(8)

    def score(features: np.ndarray) -> float:
        return float(taught.head(of_length_one(features[None] - taught.centre))[0, 1])

    steps = np.eye(8) * 1e-5
    numeric = [(score(at + step) - score(at - step)) / 2e-5 for step in steps]
    assert np.allclose(score_gradient(taught, at.astype(np.float32), 1), numeric, rtol=1e-3, atol=1e-4)


def test_the_place_that_looks_like_a_class_speaks_for_it(taught: TaughtClassifier) -> None:
    maps = np.full((4, 4, 8), 0.25, np.float32)
    maps[0, 3, 1] = 5  # what dogs have
    maps[3, 0, 0] = 5  # what cats have
    dog, cat = class_evidence(taught, maps, 1), class_evidence(taught, maps, 0)
    assert np.unravel_index(dog.argmax(), dog.shape) == (0, 3)
    assert np.unravel_index(cat.argmax(), cat.shape) == (3, 0)
    assert dog[3, 0] == 0


@pytest.mark.parametrize("name", ["cifar10/resnet", "imagenet/efficientnet_lite0", "imagenet/squeezenet"])
def test_the_features_are_the_means_of_the_maps(name: str) -> None:
    network = load_network(name)
    image = np.random.default_rng(2).random((1, *network.runner.shape), np.float32)
    model = cut_before_pooling(network.runner.model, name)
    assert model is not None
    maps = LiteRTRunner(model)(image)
    assert np.allclose(maps.mean(axis=(1, 2)), FeatureExtractor(network)(image), atol=1e-4)


def test_features_behind_a_dense_layer_have_no_places() -> None:
    assert cut_before_pooling(load_network("cifar10/lenet").runner.model, "cifar10/lenet") is None
