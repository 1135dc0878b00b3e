"""The large networks: as large as published, preprocessed as published, the same in both engines."""

from __future__ import annotations

from functools import cache

import keras
import numpy as np
import pytest

from cnn.architectures import keras_applications
from cnn.architectures.architecture import Architecture
from cnn.errors import TooSmall
from cnn.export import keras_to_tflite, multiply_adds
from cnn.zoo.litert_runner import LiteRTRunner

FAMILIES = (
    # ours, Keras' family, where its preprocessing is, full size in px, parameters as published, layers that learn,
    # multiply-adds in units of 1e9: Sze et al. 2017, arXiv:1703.09039, table II; Bianco et al. 2018,
    # arXiv:1810.00736, figure 1; He et al. 2015, arXiv:1512.03385, table 1, which cuts off rather than rounds
    (keras_applications.VGG16, "VGG16", "vgg16", 224, 138_357_544, 16, (15.45, 15.55)),
    (keras_applications.INCEPTION_V3, "InceptionV3", "inception_v3", 299, 23_851_784, 95, (5.65, 5.75)),
    (keras_applications.RESNET50, "ResNet50", "resnet50", 224, 25_636_712, 54, (3.8, 3.9)),
)
SMALL_PX = 75  # the least that all three take
EVERY = pytest.mark.parametrize("row", FAMILIES, ids=[row[1] for row in FAMILIES])
CLASSES = 7


def shaken(model: keras.Model) -> keras.Model:
    """Give every weight a value of its own, near what it was, so that no two may change places unseen."""
    rng = np.random.default_rng(5)
    model.set_weights([weight + 0.01 * rng.random(weight.shape, np.float32) for weight in model.get_weights()])
    return model


def images(count: int = 2) -> np.ndarray:
    return np.random.default_rng(3).random((count, SMALL_PX, SMALL_PX, 3), np.float32)


@cache
def small(ours: Architecture, number: int = 1) -> keras.Model:
    """Build it once a number, for all tests: each gives it the weights that it needs."""
    return ours.build((SMALL_PX, SMALL_PX, 3), CLASSES)


@EVERY
def test_costs_are_those_published(row: tuple) -> None:
    ours, _, _, size, parameters, learning, (least, most) = row
    model = ours.build((size, size, 3), 1000)
    assert model.count_params() == parameters
    assert model.output_shape == (None, 1000)
    assert sum(hasattr(layer, "kernel") for layer in model.layers) == learning
    assert least < multiply_adds.count_multiply_adds(model) / 1e9 < most


@EVERY
def test_it_answers_as_keras_does_after_its_own_preprocessing(row: tuple) -> None:
    ours, family, module, *_ = row
    keras.utils.set_random_seed(1)
    make = getattr(keras.applications, family)
    theirs = shaken(
        make(weights=None, input_shape=(SMALL_PX, SMALL_PX, 3), classes=CLASSES, classifier_activation=None)
    )
    for layer in theirs.layers:  # Keras changed ResNet-50's later: the shipped weights are older
        if family == "ResNet50" and isinstance(layer, keras.layers.BatchNormalization):
            layer.epsilon = keras_applications.RESNET_EPSILON
    model = small(ours)
    model.set_weights(theirs.get_weights())
    prepared = getattr(keras.applications, module).preprocess_input(images() * 255)
    wanted = np.asarray(theirs(prepared, training=False))
    assert np.ptp(wanted) > 1e-3
    assert np.allclose(np.asarray(model(images(), training=False)), wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


@pytest.mark.slow  # 10 s each; `test_networks.py` compares the engines on every network that is shipped
@EVERY
def test_the_two_engines_agree(row: tuple) -> None:
    keras.utils.set_random_seed(2)
    model = shaken(small(row[0]))
    wanted = np.asarray(model(images(), training=False))
    lite = LiteRTRunner(keras_to_tflite.to_tflite(model))(images())
    assert np.allclose(lite, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


@EVERY
def test_layers_have_the_same_names_in_every_model(row: tuple) -> None:
    first, second = ([layer.name for layer in small(row[0], number).layers] for number in (1, 2))
    assert first == second
    assert len(set(first)) == len(first)
    assert small(row[0]).get_layer(first[-2]).name == first[-2]


@EVERY
def test_weights_come_back(row: tuple, tmp_path) -> None:
    keras.utils.set_random_seed(4)
    model, other = shaken(small(row[0])), small(row[0], 2)
    assert not all(np.array_equal(*pair) for pair in zip(model.get_weights(), other.get_weights(), strict=True))
    model.save_weights(tmp_path / "w.weights.h5")
    other.load_weights(tmp_path / "w.weights.h5")
    assert all(np.array_equal(*pair) for pair in zip(model.get_weights(), other.get_weights(), strict=True))


@EVERY
def test_an_input_that_is_too_small_is_refused(row: tuple) -> None:
    least = row[0].min_size
    assert row[0].build((least, least, 3), CLASSES).output_shape == (None, CLASSES)
    with pytest.raises(TooSmall, match=f"smallest input is {least}x{least}"):
        row[0].build((least - 1, least, 3), CLASSES)
