"""The class activation maps against networks whose answer is known by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnn.architectures import ARCHITECTURES, find_architecture
from cnn.array_types import Array
from cnn.attribution import class_activation, keras_hooks
from cnn.attribution.gradient_model import GradientModel
from cnn.attribution.keras_hooks import POOLING_KINDS, last_spatial_layer
from cnn.errors import BadInput, UnknownName
from cnn.keras_backend import keras
from cnn.progress import run_steps

SHAPE = (6, 8, 2)  # no square: axes that change places are seen
IMAGE = np.random.default_rng(3).random(SHAPE, np.float32)
WIDE = (32, 48, 3)
RIVALS = np.array([[1, -1], [-1, 1]], np.float32)  # each channel speaks for its own class, against the other


def known(head: Array = RIVALS) -> keras.Model:
    """Copy two channels, average each, and weigh them by `head`, (channels, classes)."""
    image = keras.Input(SHAPE)
    copy = keras.layers.Conv2D(2, 1, use_bias=False, name="copy")(image)
    mean = keras.layers.GlobalAveragePooling2D(name="mean")(copy)
    model = keras.Model(image, keras.layers.Dense(2, name="logits")(mean), name="known")
    model.get_layer("copy").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2)])
    model.get_layer("logits").set_weights([head, np.zeros(2, np.float32)])
    return model


def spot(row: int, column: int) -> Array:
    image = np.zeros(SHAPE, np.float32)
    image[row, column, 0] = 1
    return image


def grad_cam(model: keras.Model, layer: str | None = None) -> Callable[[Array, int], Array]:
    return lambda image, label: class_activation.grad_cam(GradientModel(model), image, label, layer)


def scaled(heat: Array) -> Array:
    positive = np.maximum(heat, 0)
    return np.asarray(positive / positive.max(), np.float32)


@pytest.mark.parametrize("head", [RIVALS, np.array([[2, 0.5], [0.3, -1]], np.float32)])
@pytest.mark.parametrize("label", [0, 1])
def test_after_global_average_pooling_it_is_the_class_activation_map(label: int, head: Array) -> None:
    found = grad_cam(known(head))(IMAGE, label)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, scaled(IMAGE @ head[:, label]), atol=1e-5)


def test_after_flattening_a_map_weighs_what_its_places_weigh_on_average() -> None:
    image = keras.Input(SHAPE)
    flat = keras.layers.Flatten()(keras.layers.Conv2D(2, 1, use_bias=False, name="copy")(image))
    model = keras.Model(image, keras.layers.Dense(3, name="logits")(flat))
    model.get_layer("copy").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2)])
    places = np.random.default_rng(4).random((*SHAPE, 3), np.float32) - np.float32(0.4)
    model.get_layer("logits").set_weights([places.reshape(-1, 3), np.zeros(3, np.float32)])
    weights = places[..., 2].mean((0, 1))  # (2,)
    np.testing.assert_allclose(grad_cam(model)(IMAGE, 2), scaled(IMAGE @ weights), atol=1e-5)


def test_a_named_layer_is_weighed_by_what_follows_it() -> None:
    image = keras.Input(SHAPE)
    first = keras.layers.Conv2D(2, 1, use_bias=False, name="first")(image)
    second = keras.layers.Conv2D(2, 3, padding="same", use_bias=False, name="second")(first)
    mean = keras.layers.GlobalAveragePooling2D()(second)
    model = keras.Model(image, keras.layers.Dense(2, name="logits")(mean))
    middle = np.zeros((3, 3, 2, 2), np.float32)
    middle[1, 1] = [[0, 3], [1, 0]]  # channel 0 of the first becomes channel 1 of the second, three times as strong
    model.get_layer("first").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2)])
    model.get_layer("second").set_weights([middle])
    model.get_layer("logits").set_weights([RIVALS, np.zeros(2, np.float32)])
    by_hand = scaled(IMAGE @ np.array([-3, 1], np.float32))
    np.testing.assert_allclose(grad_cam(model, "first")(IMAGE, 0), by_hand, atol=1e-5)
    np.testing.assert_allclose(grad_cam(model, "second")(IMAGE, 0), by_hand, atol=1e-5)
    assert last_spatial_layer(model) == "second"


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 7), (5, 0), (1, 6)])
def test_the_evidence_lies_where_the_picture_is_bright(row: int, column: int) -> None:
    np.testing.assert_allclose(grad_cam(known())(spot(row, column), 0), spot(row, column)[..., 0], atol=1e-6)


@pytest.mark.parametrize("image", [spot(2, 2), np.zeros(SHAPE, np.float32)], ids=["against", "black"])
def test_where_nothing_speaks_for_a_class_all_is_zero(image: Array) -> None:
    np.testing.assert_array_equal(grad_cam(known())(image, 1), np.zeros(SHAPE[:2]))


def test_a_constant_picture_speaks_evenly() -> None:
    constant = np.zeros(SHAPE, np.float32)
    constant[..., 0] = 0.5
    np.testing.assert_allclose(grad_cam(known())(constant, 0), 1)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_can_be_asked(name: str) -> None:
    model = find_architecture(name).build(WIDE, 4)
    maps = model.get_layer(last_spatial_layer(model))
    heat = grad_cam(model)(np.random.default_rng(7).random(WIDE, np.float32), 3)
    assert heat.shape == maps.output.shape[1:3]
    assert heat.shape[0] < heat.shape[1], "the picture is wider than high"
    assert np.isfinite(heat).all()
    assert heat.min() >= 0
    assert heat.max() in (0, 1)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_last_maps_are_the_last_filters_maps_larger_than_a_place(name: str) -> None:
    model = find_architecture(name).build((32, 32, 3), 4)
    place = [layer.name for layer in model.layers].index(last_spatial_layer(model))
    assert min(model.layers[place].output.shape[1:3]) > 1
    assert "Pooling" not in type(model.layers[place]).__name__
    for layer in model.layers[place + 1 :]:
        flat = len(layer.output.shape) < 4
        assert flat or any(kind in type(layer).__name__ for kind in POOLING_KINDS), f"{layer.name} comes later"


def test_a_network_without_maps_says_so() -> None:
    image = keras.Input(SHAPE)
    model = keras.Model(image, keras.layers.Dense(2)(keras.layers.Flatten()(image)), name="flat")
    with pytest.raises(BadInput, match="flat has no layer of maps"):
        last_spatial_layer(model)


def test_an_unknown_layer_names_the_known() -> None:
    with pytest.raises(UnknownName, match=r"'nowhere'.*copy"):
        grad_cam(known(), "nowhere")(IMAGE, 0)


@pytest.mark.parametrize("label", [-1, 2])
def test_a_label_out_of_range_is_refused(label: int) -> None:
    with pytest.raises(BadInput, match=f"known has the labels 0 to 1, not {label}"):
        grad_cam(known())(IMAGE, label)


@pytest.mark.parametrize("image", [IMAGE[1:], IMAGE[..., 0], IMAGE[None], IMAGE.transpose(1, 0, 2)])
def test_a_wrong_shape_is_refused(image: Array) -> None:
    with pytest.raises(BadInput, match=r"known takes an input of \(6, 8, 2\)"):
        grad_cam(known())(image, 0)


FREE = np.random.default_rng(11).random((*SHAPE, 3), np.float32) - np.float32(0.4)  # what each place weighs


def free() -> keras.Model:
    """Copy two channels; each place of each has a weight of its own for each class, so that gradients differ."""
    image = keras.Input(SHAPE)
    flat = keras.layers.Flatten()(keras.layers.Conv2D(2, 1, use_bias=False, name="copy")(image))
    model = keras.Model(image, keras.layers.Dense(3, name="logits")(flat), name="free")
    model.get_layer("copy").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2)])
    model.get_layer("logits").set_weights([FREE.reshape(-1, 3), np.zeros(3, np.float32)])
    return model


@pytest.mark.parametrize("label", [0, 2])
def test_layer_cam_weighs_each_place_by_itself(label: int) -> None:
    by_hand = scaled((IMAGE * np.maximum(FREE[..., label], 0)).sum(2))
    np.testing.assert_allclose(class_activation.layer_cam(GradientModel(free()), IMAGE, label), by_hand, atol=1e-5)


@pytest.mark.parametrize("label", [0, 2])
def test_grad_cam_plus_plus_weighs_positive_gradients_by_its_alphas(label: int) -> None:
    gradients, weights = FREE[..., label].astype(float), np.zeros(2)
    for k in range(2):
        total = IMAGE[..., k].sum(dtype=float)
        for g in gradients[..., k].flat:
            weights[k] += g**2 / (2 * g**2 + total * g**3) * max(g, 0)
    found = class_activation.grad_cam_plus_plus(GradientModel(free()), IMAGE, label)
    np.testing.assert_allclose(found, scaled(IMAGE @ weights.astype(np.float32)), atol=1e-5)


def test_grad_cam_plus_plus_shows_both_of_two_things_where_one_is_smaller() -> None:
    two = spot(1, 1) + spot(4, 6)
    found = class_activation.grad_cam_plus_plus(GradientModel(known()), two, 0)
    np.testing.assert_allclose(found, two[..., 0], atol=1e-6)


@pytest.mark.parametrize("label", [0, 1])
def test_score_cam_weighs_each_map_by_what_the_network_says_of_the_picture_through_it(label: int) -> None:
    model = free()
    scores = []
    for k in range(2):
        low, high = IMAGE[..., k].min(), IMAGE[..., k].max()
        mask = (IMAGE[..., k] - low) / (high - low)
        scores.append(float(model((mask[..., None] * IMAGE)[None])[0, label]))
    weights = np.exp(scores) / np.exp(scores).sum()
    compiled = GradientModel(model)
    found = run_steps(class_activation.score_cam(compiled, compiled.scores, IMAGE, label))
    np.testing.assert_allclose(found, scaled(IMAGE @ weights.astype(np.float32)), atol=1e-5)


def test_score_cam_enlarges_a_coarse_map_before_it_normalises_it() -> None:
    image = keras.Input(SHAPE)
    coarse = keras.layers.AveragePooling2D(2, name="coarse")(keras.layers.Conv2D(2, 1, name="copy")(image))
    model = keras.Model(image, keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(coarse)))
    model.get_layer("copy").set_weights([np.eye(2, dtype=np.float32).reshape(1, 1, 2, 2), np.zeros(2, np.float32)])
    bright = np.full(SHAPE, 0.1, np.float32)
    bright[2:4, 2:4] = 1  # one place of the coarse map, not at its edge: smoothed, it is no longer the greatest value
    asked: list[Array] = []

    def scores(pictures: Array) -> Array:
        asked.extend(pictures)
        return np.zeros((len(pictures), 2), np.float32)

    run_steps(class_activation.score_cam(GradientModel(model), scores, bright, 0, "coarse"))
    masks = np.stack(asked)[..., 0] / bright[..., 0]
    assert (masks.min(), masks.max()) == pytest.approx((0, 1), abs=1e-5)


def test_score_cam_tells_how_far_it_is_and_asks_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_activation, "BATCH", 1)
    compiled, shares = GradientModel(free()), []
    run_steps(
        class_activation.score_cam(compiled, compiled.scores, IMAGE, 0), lambda progress: shares.append(progress.share)
    )
    assert shares == [0.5, 1.0]


@pytest.mark.parametrize(
    "method", [class_activation.grad_cam, class_activation.grad_cam_plus_plus, class_activation.layer_cam]
)
def test_where_no_map_is_active_nothing_is_divided_by_zero(method: Callable[..., Array]) -> None:
    black = np.zeros(SHAPE, np.float32)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(method(GradientModel(free()), black, 0), np.zeros(SHAPE[:2]))


def nested() -> keras.Model:
    """Put `known` up to its average inside another network, behind a layer that prepares the picture."""
    inner = known()
    body = keras.Model(inner.inputs, inner.get_layer("mean").output, name="body")
    image = keras.Input(SHAPE, name="picture")
    x = body(keras.layers.Rescaling(2.0, name="prepare")(image))
    model = keras.Model(image, keras.layers.Dense(2, name="logits")(x), name="nested")
    model.get_layer("logits").set_weights([RIVALS, np.zeros(2, np.float32)])
    return model


def test_a_network_inside_a_network_is_looked_into() -> None:
    assert last_spatial_layer(nested()) == "body/copy"
    expected = scaled(IMAGE @ RIVALS[:, 0])
    np.testing.assert_allclose(grad_cam(nested())(IMAGE, 0), expected, atol=1e-5)
    np.testing.assert_allclose(grad_cam(nested(), "prepare")(IMAGE, 0), expected, atol=1e-5)


def test_a_sequential_network_is_looked_into() -> None:
    inner = known()
    layers = [keras.Input(SHAPE), inner.get_layer("copy"), inner.get_layer("mean"), inner.get_layer("logits")]
    assert last_spatial_layer(keras.Sequential(layers)) == "copy"
    np.testing.assert_allclose(grad_cam(keras.Sequential(layers))(IMAGE, 1), scaled(IMAGE @ RIVALS[:, 1]), atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_walking_through_a_network_gives_its_answer_and_leaves_it_as_it_is(name: str) -> None:
    model = find_architecture(name).build((32, 32, 3), 4)
    weights, config = model.get_weights(), model.get_config()
    seen: list[str] = []

    def see(path: str, _: keras.layers.Layer, __: object, made: Array) -> Array:
        seen.append(path)
        return made

    image = np.random.default_rng(7).random((2, 32, 32, 3), np.float32)
    np.testing.assert_allclose(keras_hooks.run_with_hook(model, image, see), model(image, training=False), atol=1e-5)
    assert set(seen) == {path for path in keras_hooks.flatten_layers(model) if path != "image"}
    assert model.get_config() == config
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
