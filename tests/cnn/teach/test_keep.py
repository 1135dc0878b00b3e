"""A taught classifier as a network on the shelf: the same answers, on every engine, and none of these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.inference.predict import predict
from cnn.layers import activations, unit_arithmetic
from cnn.layers.partial_forward import PartialForward
from cnn.layers.unit_steps import UnitPlace
from cnn.shelf import Shelf, ShelfEntry, load_own_network, shelf_folder
from cnn.teach import TaughtClassifier, teach_classes
from cnn.zoo import load_network
from cnn.zoo.card_statistics import accuracy_interval
from cnn.zoo.feature_extractor import FeatureExtractor

TRUNK = "cifar10/lenet"


@dataclass(frozen=True)
class Kept:
    """What was taught, what was put on the shelf, and 20 pictures of each class."""

    taught: TaughtClassifier
    entry: ShelfEntry
    images: Array


@pytest.fixture(scope="module")
def kept(own_home: None) -> Kept:
    from cnn.teach.keep import keep_classifier

    rng = np.random.default_rng(0)
    colours = np.repeat(np.array([(0.8, 0.2, 0.2), (0.2, 0.2, 0.8)], np.float32), 20, axis=0)
    images = np.clip(colours[:, None, None] + rng.normal(0, 0.2, (40, 32, 32, 3)), 0, 1).astype(np.float32)
    features = FeatureExtractor(load_network(TRUNK))(images)
    taught = teach_classes(TRUNK, ("red", "blue"), features, np.repeat([0, 1], 20))
    return Kept(taught, keep_classifier(taught, "Colours", Shelf()), images)


def test_it_answers_as_it_was_taught(kept: Kept) -> None:
    network = load_own_network(kept.entry.name)
    features = FeatureExtractor(load_network(TRUNK))(kept.images)
    strange = np.random.default_rng(1).random((20, 32, 32, 3), np.float32) * np.float32(0.2)
    for images in (kept.images, kept.images[:1], strange):
        features = FeatureExtractor(load_network(TRUNK))(images)
        answers = predict(network, images)
        shares = np.stack([one.probabilities for one in answers])
        assert np.abs(shares - kept.taught.probabilities(features)).max() < 1e-3
        told = np.array([not one.in_distribution for one in answers])
        assert (told == kept.taught.is_none(features)).mean() >= 0.95  # float16 may move one over the edge
    assert told.all(), "black noise is neither red nor blue"
    assert network.card.classes == ("red", "blue")
    assert accuracy_interval(network.card) == kept.taught.interval


def test_every_layer_of_it_opens_and_adds_up(kept: Kept) -> None:
    opened = activations.open_network(kept.entry.name, shelf_folder())
    maps = opened.maps(kept.images[0])
    for layer in opened.graph.layers[-4:]:
        made = unit_arithmetic.compute_unit(opened, maps, UnitPlace(layer.name, 1))
        assert made.step.value == pytest.approx(made.computed, abs=1e-4)
    again = PartialForward(opened).logits({"image": kept.images[:4]})
    assert np.allclose(again, load_own_network(kept.entry.name).runner(kept.images[:4]), atol=1e-4)


def test_keras_answers_the_same(kept: Kept) -> None:
    from cnn.export import keras_twin

    twin = keras_twin.build_keras_twin(kept.entry.name, (32, 32, 3), shelf_folder())
    logits = load_own_network(kept.entry.name).runner(kept.images[:4])
    assert np.allclose(twin(kept.images[:4]), logits, atol=1e-4)


def test_a_taught_network_is_a_trunk_like_the_one_below_it(kept: Kept) -> None:
    from cnn.teach.keep import keep_classifier

    own = load_own_network(kept.entry.name)
    features = FeatureExtractor(own)(kept.images)
    assert np.allclose(features, FeatureExtractor(load_network(TRUNK))(kept.images), atol=1e-4)
    bright = (kept.images.mean(axis=(1, 2, 3)) > np.median(kept.images.mean(axis=(1, 2, 3)))).astype(np.int64)
    taught = teach_classes(own.name, ("dark", "bright"), features, bright)
    entry = keep_classifier(taught, "On my own", Shelf())
    network = load_own_network(entry.name)
    assert network.card.architecture == own.card.architecture == "taught lenet"
    shares = np.stack([one.probabilities for one in predict(network, kept.images)])
    assert np.abs(shares - taught.probabilities(features)).max() < 1e-3
