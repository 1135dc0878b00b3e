"""Evidence by gradients against their definitions, on networks small enough to follow by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnn import zoo
from cnn.architectures import ARCHITECTURES, find_architecture
from cnn.array_types import Array
from cnn.attribution import input_gradients
from cnn.attribution.gradient_model import GradientModel
from cnn.attribution.input_gradients import (
    guided_backpropagation,
    integrated_gradients,
    saliency,
    signed_integrated_gradients,
    smooth_grad,
)
from cnn.datasets.synthetic_handwriting import render_handwriting, write_digit
from cnn.errors import BadInput
from cnn.export import keras_twin
from cnn.keras_backend import keras
from cnn.progress import run_steps
from tests.support.slow import slow_but_for

SHAPE = (5, 6, 3)
IMAGE = np.random.default_rng(3).random(SHAPE, np.float32)
SMALL = (16, 16, 3)
SMALL_NETWORKS = zoo.network_names("mnist") + zoo.network_names("cifar10")
ONE_OF_EACH = ("mnist/lenet", "cifar10/resnet")  # tanh and ReLU, grey and colour


def smooth(shape: tuple[int, int, int] = SHAPE) -> keras.Model:
    """Two layers without a kink, so that small differences measure the gradient."""
    image = keras.Input(shape)
    x = keras.layers.Conv2D(4, 3, activation="tanh", name="conv")(image)
    return keras.Model(image, keras.layers.Dense(3, name="logits")(keras.layers.Flatten()(x)), name="smooth")


def linear(weights: Array) -> keras.Model:
    """Weigh every value of a picture: (height, width, channels, classes)."""
    image = keras.Input(weights.shape[:3])
    model = keras.Model(image, keras.layers.Dense(weights.shape[3])(keras.layers.Flatten()(image)), name="linear")
    model.layers[-1].set_weights([weights.reshape(-1, weights.shape[3]), np.zeros(weights.shape[3], np.float32)])
    return model


def capped(strength: Array) -> Array:
    return np.asarray(np.minimum(strength / np.percentile(strength, input_gradients.CLIP_PERCENTILE), 1), np.float32)


def differences(model: keras.Model, label: int) -> Array:
    """Differentiate by small steps, each value by itself."""
    step = np.float32(1e-2)
    steps = step * np.eye(IMAGE.size, dtype=np.float32).reshape(-1, *SHAPE)
    rise = np.asarray(model(IMAGE + steps))[:, label] - np.asarray(model(IMAGE - steps))[:, label]
    return np.asarray((rise / (2 * step)).reshape(SHAPE), np.float32)


@pytest.mark.parametrize("label", [0, 2])
def test_saliency_is_what_small_differences_measure(label: int) -> None:
    model = smooth()
    expected = capped(np.abs(differences(model, label)).max(2))
    np.testing.assert_allclose(saliency(GradientModel(model), IMAGE, label), expected, atol=5e-3)


def test_without_noise_smoothgrad_is_saliency() -> None:
    compiled = GradientModel(smooth())
    found = run_steps(smooth_grad(compiled, IMAGE, 1, samples=12, noise=0))
    np.testing.assert_allclose(found, saliency(compiled, IMAGE, 1), atol=1e-5)


def test_smoothgrad_averages_gradients_before_it_takes_their_size() -> None:
    compiled = GradientModel(smooth())
    noise = np.random.default_rng(0).standard_normal((10, *SHAPE), np.float32)
    noisy = IMAGE + np.float32(0.3) * (IMAGE.max() - IMAGE.min()) * noise
    expected = np.abs(compiled.gradients(noisy, 1).mean(0)).max(2)
    np.testing.assert_allclose(run_steps(smooth_grad(compiled, IMAGE, 1, 10, 0.3)), capped(expected), atol=1e-5)


def test_smoothgrad_tells_how_far_it_is() -> None:
    shares: list[float] = []
    run_steps(
        smooth_grad(GradientModel(smooth()), IMAGE, 1, samples=25), lambda progress: shares.append(progress.share)
    )
    assert shares == [0.4, 0.8, 1.0]


def test_integrated_gradients_of_a_linear_network_are_weight_times_value() -> None:
    weights = np.random.default_rng(5).standard_normal((*SHAPE, 2), np.float32)
    found = run_steps(signed_integrated_gradients(GradientModel(linear(weights)), IMAGE, 1))
    np.testing.assert_allclose(found, weights[..., 1] * IMAGE, atol=1e-5)


@pytest.mark.parametrize("name", [slow_but_for(ONE_OF_EACH, name) for name in SMALL_NETWORKS])
def test_integrated_gradients_add_up_to_the_difference_from_a_black_picture(name: str) -> None:
    shape = zoo.load_network(name).runner.shape
    rng = np.random.default_rng(8)  # a digit, not noise: of that a network says as little as of a black picture
    image = render_handwriting([write_digit(3, rng)], rng)[0, ..., None] if shape[2] == 1 else rng.random(shape)
    image = image.astype(np.float32)
    compiled = GradientModel(keras_twin.build_keras_twin(name, shape))
    black, score = compiled.scores(np.stack([np.zeros(shape, np.float32), image]))
    label = int(np.abs(score - black).argmax())
    total = run_steps(signed_integrated_gradients(compiled, image, label)).sum(dtype=float)
    assert total == pytest.approx(float(score[label] - black[label]), rel=0.01)


def test_integrated_gradients_show_what_speaks_for_the_class_alone() -> None:
    weights = np.zeros((*SHAPE, 1), np.float32)
    weights[1, 2], weights[3, 3] = 1, -1
    found = run_steps(integrated_gradients(GradientModel(linear(weights)), np.ones(SHAPE, np.float32), 0))
    assert np.argwhere(found > 0).tolist() == [[1, 2]]


def test_guided_backpropagation_drops_what_is_negative_at_each_relu() -> None:
    image = keras.Input((1, 2, 1))
    first = keras.layers.Conv2D(2, 1, activation="relu", name="first")(image)  # a, -a + 1
    second = keras.layers.ReLU(name="second")(keras.layers.Conv2D(2, 1, name="mix")(first))
    total = keras.layers.GlobalAveragePooling2D()(second)
    model = keras.Model(image, keras.layers.Dense(2, name="logits")(total))
    model.get_layer("first").set_weights([np.float32([[[[1, -1]]]]), np.float32([0, 1])])
    model.get_layer("mix").set_weights([np.float32([[[[2, -1], [1, 3]]]]), np.float32([0, 0])])
    model.get_layer("logits").set_weights([np.float32([[1, -1], [-1, 1]]), np.float32([0, 0])])
    # At a = 0.5: first = (0.5, 0.5), mix = (1.5, 1.0); at a = 2: first = (2, 0), mix = (4, -2).
    # Class 0 is mix0 - mix1. Behind the second ReLU only mix0's half goes back: to first0 2/2, to first1 1/2.
    # The first ReLU lets both through at a = 0.5, so the pixel gets 1 - 0.5; at a = 2 first1 is off: 1.
    found = GradientModel(model).guided_gradients(np.float32([[[[0.5], [2]]]]), 0)
    np.testing.assert_allclose(found[0, 0, :, 0], [0.5, 1.0], atol=1e-6)
    # Class 1 is mix1 - mix0: only mix1's half, to first0 -1/2 (dropped), to first1 3/2; at a = 2 mix1 is off.
    found = GradientModel(model).guided_gradients(np.float32([[[[0.5], [2]]]]), 1)
    np.testing.assert_allclose(found[0, 0, :, 0], [-1.5, 0.0], atol=1e-6)


def test_guided_backpropagation_leaves_the_network_as_it_is() -> None:
    model = find_architecture("vgg").build(SMALL, 3)
    compiled = GradientModel(model)
    image = np.random.default_rng(1).random((1, *SMALL), np.float32)
    before, gradients = np.asarray(model(image)), compiled.gradients(image, 1)
    guided = compiled.guided_gradients(image, 1)
    np.testing.assert_array_equal(before, model(image))
    np.testing.assert_array_equal(gradients, compiled.gradients(image, 1))
    assert np.abs(guided - gradients).max() > 1e-6


METHODS: dict[str, Callable[[GradientModel, Array, int], Array]] = {
    "saliency": saliency,
    "guided": guided_backpropagation,
    "smoothgrad": lambda *asked: run_steps(smooth_grad(*asked)),
    "integrated": lambda *asked: run_steps(integrated_gradients(*asked)),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [0.0, 0.5])
def test_where_nothing_changes_the_answer_all_is_zero(method: str, value: float) -> None:
    deaf = GradientModel(linear(np.zeros((*SHAPE, 2), np.float32)))
    with np.errstate(all="raise"):
        found = METHODS[method](deaf, np.full(SHAPE, value, np.float32), 0)
    np.testing.assert_array_equal(found, np.zeros(SHAPE[:2]))


def test_a_black_picture_adds_nothing_to_itself() -> None:
    black = np.zeros(SHAPE, np.float32)
    np.testing.assert_array_equal(METHODS["integrated"](GradientModel(smooth()), black, 1), np.zeros(SHAPE[:2]))


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_shape_or_label_is_refused(method: str) -> None:
    with pytest.raises(BadInput, match="takes an input of"):
        METHODS[method](GradientModel(smooth()), IMAGE[1:], 0)
    with pytest.raises(BadInput, match="has the labels 0 to 2, not 3"):
        METHODS[method](GradientModel(smooth()), IMAGE, 3)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_gradients_of_every_architecture_are_finite(name: str) -> None:
    compiled = GradientModel(find_architecture(name).build(SMALL, 3))
    for image in (np.zeros(SMALL, np.float32), np.random.default_rng(2).random(SMALL, np.float32)):
        assert np.isfinite(saliency(compiled, image, 2)).all()
        assert np.isfinite(guided_backpropagation(compiled, image, 2)).all()
