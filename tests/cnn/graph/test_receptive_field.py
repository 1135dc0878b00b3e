"""The receptive field against what the gradient says: which pixels can change a unit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from keras import layers

from cnn import zoo
from cnn.architectures import ARCHITECTURES, keras_applications
from cnn.architectures.architecture import Architecture
from cnn.array_types import Array
from cnn.errors import UnknownName
from cnn.export import layer_outputs
from cnn.graph import Graph, receptive_field
from cnn.graph.receptive_field import ReceptiveField
from cnn.layers import activations

IMAGES = 16  # so that each pixel under a maximum pooling wins once
Model = Any  # Keras has no types


def positive(model: Model) -> Model:
    """Give it weights under which nothing cancels out, no ReLU is silent, and no tanh is at its end."""
    rng = np.random.default_rng(0)
    for layer in model.layers:
        for variable in layer.weights:
            fan = max(1, int(np.prod(variable.shape[:-1])))
            scale = 1.0 if "norm" in layer.name else 1 / fan
            variable.assign(scale * rng.uniform(0.5, 1.0, variable.shape))
    return model


def opened(model: Model, tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Graph]:
    path = tmp_path_factory.mktemp("weights") / "a.weights.h5"
    model.save_weights(path)
    return model, layer_outputs.describe_graph(model, path)


@pytest.fixture(scope="module", params=ARCHITECTURES)
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Graph]:
    keras.utils.set_random_seed(0)
    model = positive(ARCHITECTURES[request.param].build((28, 28, 1), 10))
    return opened(model, tmp_path_factory)


@cache
def noise(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(1).random((IMAGES, *shape), np.float32)


def support(model: Model, name: str, y: int, x: int) -> npt.NDArray[np.bool_]:
    """Tell which pixels have a gradient at the place (y, x) of a layer, in any channel and image."""
    part = keras.Model(model.inputs, model.get_layer(name).output)
    images = tf.constant(noise(model.input_shape[1:]))
    with tf.GradientTape() as tape:
        tape.watch(images)
        given = part(images, training=False)
        value = tf.reduce_sum(given[:, y, x, :] if len(given.shape) == 4 else given)
    return np.asarray(tape.gradient(value, images) != 0).any((0, 3))


def expect_exact(model: Model, graph: Graph, name: str, y: int, x: int) -> None:
    """Every pixel that counts lies in the box, and one of them on each of its four sides."""
    left, top, width, height = receptive_field.visible_pixels(graph, name).box(y, x)
    rows, columns = (np.flatnonzero(support(model, name, y, x).any(axis)) for axis in (1, 0))
    assert (rows.min(), rows.max() + 1) == (top, top + height), (name, y, x)
    assert (columns.min(), columns.max() + 1) == (left, left + width), (name, y, x)


def test_the_box_is_what_the_gradient_reaches(network: tuple[Model, Graph]) -> None:
    model, graph = network
    known = {layer.name for layer in model.layers}
    chosen = [layer for layer in graph.layers[1:] if layer.name in known]
    for layer in chosen[:: max(1, len(chosen) // 6)] + [graph.logits]:
        height, width = layer.shape[:2] if layer.has_maps else (1, 1)
        for y, x in {(0, 0), (height // 2, width // 3), (height - 1, width - 1)}:
            expect_exact(model, graph, layer.name, y, x)


Block = Callable[[Any], Any]
BLOCKS: dict[str, Block] = {
    "dilated": layers.Conv2D(3, 3, dilation_rate=4, padding="same", name="end"),
    "dilated, then strided": lambda x: layers.Conv2D(3, 3, strides=2, padding="same", name="end")(
        layers.Conv2D(3, 3, dilation_rate=3, padding="same")(x)
    ),
    "two dilated": lambda x: layers.Conv2D(3, 2, dilation_rate=3, padding="same", name="end")(
        layers.Conv2D(3, 3, dilation_rate=2, padding="same")(x)
    ),
    "in groups": lambda x: layers.Conv2D(4, (3, 5), strides=(2, 1), groups=2, name="end")(layers.Conv2D(4, 1)(x)),
    "depthwise": layers.DepthwiseConv2D(5, strides=2, padding="same", name="end"),
    "the last row is left out": lambda x: layers.Conv2D(2, 3, padding="same", name="end")(
        layers.AveragePooling2D(2)(layers.Conv2D(2, 2)(x))
    ),
    "zeros around": lambda x: layers.Conv2D(2, 3, strides=2, name="end")(layers.ZeroPadding2D(((2, 1), (1, 2)))(x)),
    "cropped": lambda x: layers.Conv2D(2, 3, strides=2, name="end")(layers.Cropping2D(((2, 1), (1, 3)))(x)),
    "a shortcut": lambda x: layers.Add(name="end")([x, layers.Conv2D(1, 3, padding="same")(x)]),
    "branches": lambda x: layers.Concatenate(name="end")(
        [layers.Conv2D(1, (1, 7), padding="same")(x), layers.Conv2D(1, (5, 1), padding="same")(x)]
    ),
    "squeezed": lambda x: layers.Multiply(name="end")([x, layers.GlobalAveragePooling2D(keepdims=True)(x)]),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_kind_of_block(block: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    image = keras.Input((13, 14, 1), name="image")
    model, graph = opened(positive(keras.Model(image, BLOCKS[block](image))), tmp_path_factory)
    height, width, _ = graph.logits.shape
    for y in range(height):
        expect_exact(model, graph, "end", y, min(y, width - 1))


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        (layers.UpSampling2D(2, name="end"), "UpSampling2D"),
        (layers.Conv2DTranspose(2, 3, strides=2, name="end"), "Conv2DTranspose"),
        (layers.Permute((2, 1, 3), name="end"), "Permute"),
        (layers.GroupNormalization(1, name="end"), "GroupNormalization"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_kind_whose_field_is_not_known_is_refused_by_name(
    block: Block, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A wrong field looks like a right one."""
    image = keras.Input((6, 6, 1), name="image")
    _, graph = opened(keras.Model(image, block(image)), tmp_path_factory)
    for asked in (receptive_field.receptive_fields, lambda graph: receptive_field.visible_pixels(graph, "end")):
        with pytest.raises(
            receptive_field.UnknownReceptiveField, match=f"end sees of the picture is not known: {kind} is no"
        ):
            asked(graph)


def test_a_place_of_padding_sees_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    image = keras.Input((6, 6, 1), name="image")
    _, graph = opened(keras.Model(image, layers.ZeroPadding2D(2, name="end")(image)), tmp_path_factory)
    reach = receptive_field.visible_pixels(graph, "end")
    assert reach.box(1, 4) == (2, 0, 1, 0)
    assert reach.box(2, 3) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    ("network", "layer", "field"),
    [
        ("mnist/lenet", "c1", ReceptiveField((5, 5), (1, 1), (-2, -2))),
        ("mnist/lenet", "s2", ReceptiveField((6, 6), (2, 2), (-2, -2))),
        ("mnist/lenet", "c3", ReceptiveField((14, 14), (2, 2), (-2, -2))),
        ("mnist/lenet", "logits", ReceptiveField((32, 32), (0, 0), (-2, -2))),
        ("imagenet/efficientnet_lite0", "stem", ReceptiveField((3, 3), (2, 2), (0, 0))),
    ],
)
def test_known_sizes(network: str, layer: str, field: ReceptiveField) -> None:
    assert receptive_field.receptive_fields(activations.open_network(network).graph)[layer] == field


@pytest.mark.parametrize(
    ("architecture", "layer", "size"),
    [(keras_applications.RESNET50, "conv5_block3_out", 483), (keras_applications.INCEPTION_V3, "mixed10", 1311)],
    ids=lambda value: getattr(value, "title", None),
)
def test_sizes_that_were_published(
    architecture: Architecture, layer: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Araujo et al. 2019, table of receptive fields: ResNet-50 and Inception v3."""
    monkeypatch.setattr(layer_outputs, "_places", lambda model, weights: {})  # the field asks for no weights
    graph = layer_outputs.describe_graph(architecture.build((224, 224, 3), 10), b"")
    assert receptive_field.receptive_fields(graph)[layer].size == (size, size)


@pytest.mark.parametrize("name", zoo.network_names())
def test_inside_the_picture_both_ways_agree(name: str) -> None:
    """Forwards along the layers, as papers do, and backwards from each place."""
    graph = activations.open_network(name).graph
    side = graph.layers[0].shape[0]
    for layer, field in receptive_field.receptive_fields(graph).items():
        rows = receptive_field.visible_pixels(graph, layer).rows
        for y, (first, last) in enumerate(rows.tolist()):
            start = field.start[0] + y * field.stride[0]
            if last < first:  # all of it is padding
                continue
            assert first >= max(start, 0)
            assert last <= min(start + field.size[0], side) - 1
        within = [y for y in range(len(rows)) if field.start[0] + y * field.stride[0] >= 0]
        for y in within:
            start = field.start[0] + y * field.stride[0]
            if start + field.size[0] <= side:
                assert rows[y].tolist() == [start, start + field.size[0] - 1]


def test_an_unknown_layer_names_the_known() -> None:
    with pytest.raises(UnknownName, match="c1"):
        receptive_field.visible_pixels(activations.open_network("mnist/lenet").graph, "c9")
