"""The picture that is made excites its unit, and nothing is edited on the way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from cnn import zoo
from cnn.attribution import feature_visualization
from cnn.attribution.feature_visualization import visualize_unit
from cnn.errors import BadInput, UnknownName
from cnn.export import keras_twin
from cnn.keras_backend import keras
from cnn.progress import Progress, run_steps
from cnn.worker.handlers import RequestHandler
from cnn.worker.protocol import VisualizationRequest

SHAPE = (16, 16, 1)


def known(shape: tuple[int, int, int] = SHAPE) -> keras.Model:
    """Unit 0 of "edges" likes what is bright above dark, and is off at first; "logits" has three units."""
    image = keras.Input(shape)
    edges = keras.layers.Conv2D(2, (2, 1), activation="relu", name="edges")(image)
    flat = keras.layers.Flatten()(edges)
    model = keras.Model(image, keras.layers.Dense(3, name="logits")(flat), name="known")
    kernel = np.zeros((2, 1, shape[2], 2), np.float32)
    kernel[0, ..., 0], kernel[1, ..., 0] = 1, -1
    model.get_layer("edges").set_weights([kernel, np.float32([-5, 0])])
    return model


def test_a_unit_that_is_off_at_first_gets_what_it_likes() -> None:
    found = run_steps(
        visualize_unit(known(), "edges", 0, 100)
    )  # each row minus the next, on average: the first minus the last
    assert found.first < found.last
    assert found.pixels[0].mean() > found.pixels[-1].mean() + 50


@pytest.mark.parametrize(("name", "layer", "unit"), [("mnist/lenet", "logits", 3), ("cifar10/vgg", "logits", 7)])
def test_a_class_gets_a_picture_that_the_network_takes_for_it(name: str, layer: str, unit: int) -> None:
    found = run_steps(RequestHandler().start(VisualizationRequest(name, layer, unit, 64)))
    network = zoo.load_network(name)
    scores = network.runner((found.pixels / np.float32(255))[None])[0]
    assert scores.argmax() == unit
    assert scores[unit] == pytest.approx(found.last, abs=0.5)


@pytest.mark.parametrize("shape", [(16, 16, 1), (15, 17, 3)])
def test_pictures_come_on_the_way(shape: tuple[int, int, int]) -> None:
    told: list[Progress] = []
    found = run_steps(visualize_unit(known(shape), "logits", 2, 17), told.append)
    assert [progress.share for progress in told] == pytest.approx([step / 17 for step in range(1, 18)])
    pictures = [progress.picture for progress in told if progress.picture is not None]
    assert len(pictures) == 3
    for picture in (*pictures, found.pixels):
        assert picture.shape == shape
        assert picture.dtype == np.uint8


def test_the_same_seed_makes_the_same_picture_and_another_another() -> None:
    one, same, other = (run_steps(visualize_unit(known(), "logits", 1, 4, seed)).pixels for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_network_stays_as_it_is() -> None:
    model = keras_twin.build_keras_twin("mnist/vgg", (28, 28, 1))
    before = [weights.copy() for weights in model.get_weights()]
    activations = [getattr(layer, "activation", None) for layer in model.layers]
    run_steps(visualize_unit(model, "conv2_1", 1, 3))
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert [getattr(layer, "activation", None) for layer in model.layers] == activations


def test_without_jitter_a_picture_stays_where_it_is() -> None:
    np.testing.assert_allclose(feature_visualization._jitter(SHAPE, None), [[1, 0, 0, 0, 1, 0, 0, 0]], atol=1e-6)


def test_jitter_moves_by_a_share_of_the_side_at_most() -> None:
    class Ends:
        def uniform(self, *_: object) -> npt.NDArray[np.float64]:
            return np.array([1.0, -1.0, 0.0, 0.0])

    moved = feature_visualization._jitter((32, 64, 3), Ends())  # type: ignore[arg-type]
    np.testing.assert_allclose(moved, [[1, 0, 4, 0, 1, -2, 0, 0]], atol=1e-6)


@pytest.mark.parametrize("unit", [-1, 3])
def test_a_unit_that_is_not_there_is_refused(unit: int) -> None:
    with pytest.raises(BadInput, match="logits has the units 0 to 2"):
        run_steps(visualize_unit(known(), "logits", unit, 2))
    with pytest.raises(UnknownName, match="No layer named 'nowhere'"):
        run_steps(visualize_unit(known(), "nowhere", 0, 2))
