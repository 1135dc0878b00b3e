"""Kernels in 8 bits, kept once for both engines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import BrokenNetwork
from cnn.export import int8_weights, keras_to_tflite
from cnn.export.keras_twin import build_keras_twin
from cnn.export.multiply_adds import count_multiply_adds
from cnn.keras_backend import keras
from cnn.layers import activations, packed_kernels
from cnn.zoo.litert_runner import LiteRTRunner

SHAPE = (12, 10, 3)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """A convolution and a dense layer large enough to be packed, with channels of very different size."""
    keras.utils.set_random_seed(1)
    image = keras.Input(SHAPE, name="image")
    x = keras.layers.Conv2D(128, 3, activation="relu", name="small")(image)
    x = keras.layers.Conv2D(96, 3, activation="relu", name="conv")(x)
    x = keras.layers.Flatten()(x)
    made = keras.Model(image, keras.layers.Dense(40, name="logits")(x))
    kernel, bias = made.get_layer("conv").get_weights()
    kernel[..., 0] = 0
    made.get_layer("conv").set_weights([kernel * np.geomspace(1, 100, 96).astype(np.float32), bias])
    return made


def test_each_channel_has_its_own_scale(model: keras.Model) -> None:
    kernel = model.get_layer("conv").get_weights()[0]
    rounded = int8_weights.round_to_int8(kernel, 3)
    steps = np.abs(kernel).max((0, 1, 2)) / int8_weights.LEVELS
    assert (np.abs(rounded - kernel) <= steps / 2 + 1e-6).all()
    assert (rounded[..., 0] == 0).all()
    np.testing.assert_allclose(int8_weights.round_to_int8(rounded, 3), rounded, rtol=1e-6)


def test_what_runs_is_the_rounded_network_in_a_quarter_of_its_bytes(model: keras.Model) -> None:
    whole = keras_to_tflite.to_tflite(model)
    packed = int8_weights.store_kernels_in_int8(whole)
    assert len(packed) < 0.3 * len(whole)
    rounded = keras.models.clone_model(model)
    rounded.set_weights(model.get_weights())
    for layer in (rounded.get_layer("conv"), rounded.get_layer("logits")):
        kernel, bias = layer.get_weights()
        layer.set_weights([int8_weights.round_to_int8(kernel, kernel.ndim - 1), bias])
    images = np.random.default_rng(2).random((3, *SHAPE), np.float32)
    wanted = np.asarray(rounded(images, training=False))
    np.testing.assert_allclose(LiteRTRunner(packed)(images), wanted, atol=1e-4 * np.abs(wanted).max())
    assert np.abs(np.asarray(model(images, training=False)) - wanted).max() > 1e-3, "rounding is to be seen"


def test_a_file_without_that_kernel_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.layers.tflite"
    for content in (b"", b"no flat buffer at all", (zoo.NETWORKS_FOLDER / "mnist/lenet.layers.tflite").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(BrokenNetwork, match="Fetch assets/networks anew"):
            packed_kernels.read_packed_kernels(path, {"kernel": "tflite:9999"})


def test_resnet_50_is_as_published_and_one_network_in_both_engines() -> None:
    """Parameters, multiply-adds (He et al. 2015, table 1), under 60 MB; the twin has the kernels that LiteRT runs."""
    name = "imagenet/resnet50"
    card, inside = zoo.read_card(name), activations.open_network(name)
    files = [
        zoo.NETWORKS_FOLDER / f"{name}{end}"
        for end in (".json", ".tflite", ".weights.h5", ".layers.json", ".layers.tflite")
    ]
    assert sum(path.stat().st_size for path in files) < 60e6
    twin = build_keras_twin(name, (224, 224, 3))
    assert twin.count_params() == card.parameters == 25_636_712
    assert 3.8e9 < count_multiply_adds(twin) == card.multiply_adds < 3.9e9
    for layer in ("conv1_conv", "conv4_block2_2_conv", "predictions"):
        np.testing.assert_array_equal(inside.weights(layer)["kernel"], twin.get_layer(layer).get_weights()[0])
