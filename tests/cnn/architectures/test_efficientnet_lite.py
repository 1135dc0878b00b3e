"""EfficientNet-Lite0: as published, the same in both engines, and sensible about the sample photos."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cnn import zoo
from cnn.architectures import efficientnet_lite
from cnn.array_types import Pixels
from cnn.attribution.keras_hooks import last_spatial_layer
from cnn.errors import TooSmall
from cnn.inference import photo_classification
from cnn.inference.predict import Prediction
from cnn.media import image_decoding
from cnn.zoo import Network

if TYPE_CHECKING:
    import keras

NAME = "imagenet/efficientnet_lite0"
PHOTOS = zoo.NETWORKS_FOLDER.parent / "photos"
SHAPE = (224, 224, 3)
LEARNED = 4_652_008  # published by Google for Lite0
STATISTICS = 42_016  # mean and variance of the 21,008 maps that are normalised
MOST_MB = 20
TWINS_AGREE = 1e-4  # of a logit, absolutely and of its size
ENGLISH = {"cat": "tabby cat", "coffee": "espresso", "camera": "tripod", "rocket": "missile"}


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return efficientnet_lite.ARCHITECTURE.build(SHAPE, 1000)


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load_network(NAME)


def pixels(name: str) -> Pixels:
    path = PHOTOS / f"{name}.jpg"
    return image_decoding.decode_image(path.read_bytes(), path.name).pixels


def ask(network: Network, name: str) -> Prediction:
    return photo_classification.classify_photo(network, pixels(name))


def test_parameters_are_those_published(model: keras.Model) -> None:
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == LEARNED
    assert sum(int(np.prod(weight.shape)) for weight in model.non_trainable_weights) == STATISTICS
    assert model.count_params() == LEARNED + STATISTICS == zoo.read_card(NAME).parameters


def test_its_stages_are_those_of_the_paper(model: keras.Model) -> None:
    """Of the paper's table 1: height, width and filters after each stage; 7x7 is left of 224x224."""
    blocks = [model.get_layer(f"block{number}_project_norm").output.shape[1:] for number in range(1, 17)]
    ends = [shape for shape, following in pairwise([*blocks, None]) if shape != following]
    assert ends == [(112, 112, 16), (56, 56, 24), (28, 28, 40), (14, 14, 80), (14, 14, 112), (7, 7, 192), (7, 7, 320)]
    assert [blocks.count(shape) for shape in ends] == [1, 2, 2, 3, 3, 4, 1]
    assert model.get_layer(last_spatial_layer(model)).output.shape[1:] == (7, 7, 1280)


def test_a_block_adds_what_it_was_given_where_the_shape_stays(model: keras.Model) -> None:
    added = {layer.name for layer in model.layers if layer.name.endswith("_add")}
    assert added == {f"block{number}_add" for number in (3, 5, 7, 8, 10, 11, 13, 14, 15)}


def test_the_normalisation_is_inside(model: keras.Model) -> None:
    grey = np.full((1, 2, 2, 3), 0.5, np.float32)
    wanted = (0.5 - np.array([0.485, 0.456, 0.406])) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(np.asarray(model.get_layer("normalize")(grey))[0, 0, 0], wanted, rtol=1e-5)


def test_an_input_that_is_too_small_is_refused() -> None:
    with pytest.raises(TooSmall, match="smallest input is 32x32"):
        efficientnet_lite.ARCHITECTURE.build((31, 32, 3), 10)


def test_what_is_shipped_fits_a_repository(network: Network) -> None:
    path = zoo.NETWORKS_FOLDER / f"{NAME}.tflite"
    assert path.stat().st_size <= MOST_MB * 2**20
    assert (zoo.NETWORKS_FOLDER / f"{NAME}.weights.h5").stat().st_size <= MOST_MB * 2**20
    assert network.runner.shape == SHAPE


def test_the_two_engines_agree_on_photos(model: keras.Model, network: Network) -> None:
    shown = [photo_classification.photo_input(network, pixels(path.stem)) for path in sorted(PHOTOS.glob("*.jpg"))]
    images = np.stack([*shown, np.zeros(SHAPE, np.float32), np.ones(SHAPE, np.float32)])
    model.load_weights(zoo.NETWORKS_FOLDER / f"{NAME}.weights.h5")
    theirs = np.asarray(model(images, training=False))
    np.testing.assert_allclose(network.runner(images), theirs, atol=TWINS_AGREE, rtol=TWINS_AGREE)


@pytest.mark.parametrize("name", ENGLISH)
def test_a_sample_photo_gets_the_answer_that_a_person_expects(network: Network, name: str) -> None:
    prediction = ask(network, name)
    best = [network.card.classes[label] for label, _ in prediction.top(5)]
    assert ENGLISH[name] in best
    assert prediction.in_distribution


@pytest.mark.parametrize("name", ["coffee", "camera"])
def test_a_clear_photo_is_answered_at_the_first_guess(network: Network, name: str) -> None:
    prediction = ask(network, name)
    assert network.card.classes[prediction.label] == ENGLISH[name]
    assert prediction.confidence > 0.5


@pytest.mark.parametrize("colour", [(128, 128, 128), (255, 0, 0), (0, 0, 0), (255, 255, 255), (30, 90, 200)])
def test_a_flat_colour_is_not_known(network: Network, colour: tuple[int, int, int]) -> None:
    flat = np.full((300, 400, 3), colour, np.uint8)
    assert not photo_classification.classify_photo(network, flat).in_distribution


@pytest.mark.parametrize("side", [8, 32, 128, 224, 300])
def test_noise_is_not_known(network: Network, side: int) -> None:
    noise = np.random.default_rng(side).integers(0, 256, (side, side, 3), dtype=np.uint8)
    assert not photo_classification.classify_photo(network, noise).in_distribution
