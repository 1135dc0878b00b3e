"""The fast way to the last maps gives what the network itself gives, or is not taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnn import zoo
from cnn.array_types import Array
from cnn.attribution import class_activation
from cnn.attribution.gradient_model import GradientModel
from cnn.errors import BrokenNetwork
from cnn.export import keras_twin
from cnn.layers.litert_backbone import LiteRTBackbone
from cnn.worker.handlers import NetworkEngines
from tests.support.slow import each_network


@each_network
def test_every_network_has_it_and_it_agrees(name: str) -> None:
    asked = NetworkEngines(name, zoo.NETWORKS_FOLDER)
    assert asked.gradient_model._tail, "the fast way is taken"
    image = np.random.default_rng(3).random(asked.network.runner.shape, np.float32)
    slow = GradientModel(asked.gradient_model.model)
    for fast, whole in zip(
        asked.gradient_model.maps_and_gradients(image, 5), slow.maps_and_gradients(image, 5), strict=True
    ):
        np.testing.assert_allclose(fast, whole, atol=2e-3 * np.abs(whole).max())


def test_another_layer_goes_the_slow_way() -> None:
    asked = NetworkEngines("mnist/lenet", zoo.NETWORKS_FOLDER)
    image = np.random.default_rng(3).random((28, 28, 1), np.float32)
    maps, _ = asked.gradient_model.maps_and_gradients(image, 5, "c1")
    assert maps.shape == (28, 28, 6)


def test_a_trunk_of_another_network_is_not_taken() -> None:
    model = keras_twin.build_keras_twin("mnist/lenet", (28, 28, 1))

    def wrong(_: Array) -> Array:
        return np.ones((10, 10, 16), np.float32)

    compiled = GradientModel(model, wrong)
    assert compiled._tail is None
    image = np.random.default_rng(3).random((28, 28, 1), np.float32)
    np.testing.assert_array_equal(
        class_activation.grad_cam(compiled, image, 3), class_activation.grad_cam(GradientModel(model), image, 3)
    )


def test_a_network_without_the_file_of_every_layer_goes_the_slow_way(tmp_path: Path) -> None:
    (tmp_path / "mnist").mkdir()
    for ending in ("json", "tflite", "weights.h5"):
        name = f"mnist/lenet.{ending}"
        (tmp_path / name).write_bytes((zoo.NETWORKS_FOLDER / name).read_bytes())
    with pytest.raises(BrokenNetwork):
        LiteRTBackbone("mnist/lenet", "c3", tmp_path)
    asked = NetworkEngines("mnist/lenet", tmp_path)
    heat = class_activation.grad_cam(asked.gradient_model, np.random.default_rng(3).random((28, 28, 1), np.float32), 3)
    assert heat.shape == (10, 10)
