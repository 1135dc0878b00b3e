"""Grad-CAM against networks whose answer is known."""

import numpy as np
import pytest

from cnn.engine import keras
from cnn.errors import BadInput, UnknownName
from cnn.explain.cam import grad_cam, last_maps

IMAGE = np.random.default_rng(3).random((6, 6, 2), np.float32)


def known() -> keras.Model:
    """Copy two channels, average them, and let each speak for its own class and against the other."""
    image = keras.Input((6, 6, 2))
    copy = keras.layers.Conv2D(2, 1, use_bias=False, name="copy")(image)
    mean = keras.layers.GlobalAveragePooling2D(name="mean")(copy)
    model = keras.Model(image, keras.layers.Dense(2, name="logits")(mean))
    model.get_layer("copy").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2)])
    model.get_layer("logits").set_weights([np.array([[1, -1], [-1, 1]], np.float32), np.zeros(2, np.float32)])
    return model


@pytest.mark.parametrize("label", [0, 1])
def test_after_global_average_pooling_it_is_the_class_activation_map(label: int) -> None:
    expected = np.maximum(IMAGE[..., label] - IMAGE[..., 1 - label], 0)
    found = grad_cam(known())(IMAGE, label)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected / expected.max(), atol=1e-5)


def test_nothing_speaks_for_the_class_without_division_by_zero() -> None:
    against = np.zeros((6, 6, 2), np.float32)
    against[..., 1] = 1
    assert not grad_cam(known())(against, 0).any()
    assert not grad_cam(known())(np.zeros((6, 6, 2), np.float32), 0).any()


def test_a_constant_picture_speaks_evenly() -> None:
    constant = np.zeros((6, 6, 2), np.float32)
    constant[..., 0] = 0.5
    np.testing.assert_allclose(grad_cam(known())(constant, 0), 1)


def test_the_last_maps_are_no_pooling() -> None:
    assert last_maps(known()) == "copy"


def test_bad_questions_are_named() -> None:
    with pytest.raises(UnknownName, match="nowhere"):
        grad_cam(known(), "nowhere")
    with pytest.raises(BadInput, match="labels 0 to 1"):
        grad_cam(known())(IMAGE, 2)
    with pytest.raises(BadInput, match="takes an input"):
        grad_cam(known())(IMAGE[1:], 0)
