"""The sum behind a number: by hand, and against what every network computes in every layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn import zoo
from cnn.architectures import ARCHITECTURES, LARGE_ARCHITECTURES, find_architecture
from cnn.errors import BadInput, UnknownName
from cnn.export import layer_outputs
from cnn.graph import Layer
from cnn.layers import activations, unit_arithmetic
from cnn.layers.activation_function import ActivationFunction
from cnn.layers.activations import InspectableNetwork, LayerOutputEngine
from cnn.layers.unit_arithmetic import STEP_BUILDERS, build_step, compute_unit
from cnn.layers.unit_steps import (
    ActivationStep,
    AdditionStep,
    BatchNormStep,
    ConvolutionStep,
    CopyStep,
    DenseStep,
    LocalResponseStep,
    PoolingStep,
    RescalingStep,
    UnitPlace,
)
from cnn.metrics.softmax import softmax
from tests.support.slow import each_network

AGREE = 1e-4  # of the layer's largest value
MIDDLE = {"vgg16": 32, "inception_v3": 75, "resnet50": 32, "alexnet_features": 63}  # px: the least that each takes


def layer(kind: str, shape: tuple[int, ...], reads: Sequence[str] = ("a",), **config: Any) -> Layer:
    return Layer("it", kind, tuple(reads), shape, 0, config, {})


def conv(shape: tuple[int, ...], kind: str = "Conv2D", **config: Any) -> Layer:
    settings = {"strides": (1, 1), "padding": "valid", "dilation_rate": (1, 1), "groups": 1, "activation": "linear"}
    return layer(kind, shape, **{"kernel_size": (2, 2), **settings, **config})


def made(one: Layer, given: Any, weights: dict[str, Any] | None = None, at: tuple[int, int, int] = (0, 0, 0)) -> Any:
    """Work out the number at (y, x, unit)."""
    several = given if isinstance(given, list) else [given]
    arrays = {name: np.asarray(array, np.float32) for name, array in (weights or {}).items()}
    return build_step(
        one, arrays, [np.asarray(maps, np.float32) for maps in several], UnitPlace("it", at[2], at[0], at[1])
    )


SQUARE = np.arange(1, 10).reshape(3, 3, 1)  # 1 2 3 | 4 5 6 | 7 8 9
CROSS = np.array([[1, 0], [0, -1]]).reshape(2, 2, 1, 1)


def test_a_convolution_multiplies_and_adds() -> None:
    it = made(conv((2, 2, 1), activation="relu"), SQUARE, {"kernel": CROSS, "bias": [3.5]}, (1, 0, 0))
    assert isinstance(it, ConvolutionStep)
    assert it.patch[..., 0].tolist() == [[4, 5], [7, 8]]
    assert it.products[..., 0].tolist() == [[4, 0], [0, -8]]
    assert (it.total, it.bias, it.before, it.value) == (-4, 3.5, -0.5, 0)
    assert (it.channels, it.start) == ((0,), (1, 0))


def test_padding_is_zero_and_marked() -> None:
    it = made(conv((3, 3, 1), padding="same"), SQUARE, {"kernel": CROSS}, (2, 2, 0))
    assert it.patch[..., 0].tolist() == [[9, 0], [0, 0]]
    assert it.real.tolist() == [[True, False], [False, False]]
    assert (it.bias, it.value) == (0, 9)


def test_stride_and_dilation_move_the_window() -> None:
    assert made(conv((1, 1, 1), strides=(2, 2)), SQUARE, {"kernel": CROSS}).patch[..., 0].tolist() == [[1, 2], [4, 5]]
    it = made(conv((1, 1, 1), dilation_rate=(2, 2)), SQUARE, {"kernel": CROSS})
    assert it.patch[..., 0].tolist() == [[1, 3], [7, 9]]
    assert it.value == 1 - 9


def test_each_channel_has_its_share() -> None:
    both = np.concatenate([SQUARE, 10 * SQUARE], -1)
    kernel = np.concatenate([CROSS, CROSS], 2)
    assert made(conv((2, 2, 1)), both, {"kernel": kernel}).partial.tolist() == [1 - 5, 10 - 50]


def test_a_group_reads_its_own_channels() -> None:
    maps = np.arange(4).reshape(1, 1, 4)
    kernel = np.array([[1, 10, 100, 1000], [2, 20, 200, 2000]]).reshape(1, 1, 2, 4)
    one = conv((1, 1, 4), kernel_size=(1, 1), groups=2)
    assert [made(one, maps, {"kernel": kernel}, (0, 0, unit)).value for unit in range(4)] == [2, 20, 800, 8000]
    assert made(one, maps, {"kernel": kernel}, (0, 0, 3)).channels == (2, 3)


def test_a_depthwise_kernel_reads_one_channel() -> None:
    maps, kernel = np.array([3, 5]).reshape(1, 1, 2), np.array([[1, 2], [3, 4]]).reshape(1, 1, 2, 2)
    one = conv((1, 1, 4), "DepthwiseConv2D", kernel_size=(1, 1))
    assert [made(one, maps, {"kernel": kernel}, (0, 0, unit)).value for unit in range(4)] == [3, 6, 15, 20]


@pytest.mark.parametrize(
    ("kind", "place", "value"),
    [
        ("MaxPooling2D", (0, 0, 0), 5),
        ("MaxPooling2D", (1, 1, 0), 9),
        ("AveragePooling2D", (0, 0, 0), 3),
        ("AveragePooling2D", (1, 1, 0), 9),  # one real pixel: padding does not count
        ("AveragePooling2D", (0, 1, 0), 4.5),
    ],
)
def test_a_pool_leaves_padding_out(kind: str, place: tuple[int, int, int], value: float) -> None:
    it = made(layer(kind, (2, 2, 1), pool_size=(2, 2), strides=(2, 2), padding="same"), SQUARE, at=place)
    assert isinstance(it, PoolingStep)
    assert it.value == value


def test_the_largest_wins_even_below_zero() -> None:
    one = layer("MaxPooling2D", (2, 2, 1), pool_size=(2, 2), strides=(2, 2), padding="same")
    it = made(one, -SQUARE, at=(1, 1, 0))
    assert (it.winner, it.value) == ((0, 0), -9)


def test_the_mean_of_a_map() -> None:
    it = made(layer("GlobalAveragePooling2D", (1,)), SQUARE)
    assert (it.total, it.count, it.value) == (45, 9, 5)


def test_batch_normalisation() -> None:
    weights = {"gamma": [3], "beta": [1], "moving_mean": [2], "moving_variance": [3]}
    one = layer("BatchNormalization", (3, 3, 1), epsilon=1.0)
    it = made(one, SQUARE, weights, (2, 1, 0))
    assert isinstance(it, BatchNormStep)
    assert (it.given, it.spread, it.value) == (8, 2, 10)
    del weights["gamma"], weights["beta"]
    assert made(one, SQUARE, weights, (2, 1, 0)).value == 3


@pytest.mark.parametrize(
    ("squash", "numbers"),
    [
        (ActivationFunction(), [-2, -0.5, 0, 7]),
        (ActivationFunction("relu"), [0, 0, 0, 7]),
        (ActivationFunction("relu", 6.0), [0, 0, 0, 6]),
        (ActivationFunction("relu", None, 0.5, 1.0), [-1.5, -0.75, -0.5, 7]),
        (ActivationFunction("tanh"), np.tanh([-2, -0.5, 0, 7]).tolist()),
    ],
)
def test_functions_of_one_number(squash: ActivationFunction, numbers: list[float]) -> None:
    assert [squash(number) for number in (-2, -0.5, 0, 7)] == numbers
    assert ActivationFunction("relu", 6.0).title == "ReLU6"


def test_a_layer_names_its_function() -> None:
    relu = layer("ReLU", (3, 3, 1), max_value=6.0, negative_slope=0.0, threshold=0.0)
    for one, function in (
        (relu, ActivationFunction("relu", 6.0)),
        (layer("Activation", (3, 3, 1), activation="tanh"), ActivationFunction("tanh")),
    ):
        it = made(one, SQUARE, at=(2, 2, 0))
        assert isinstance(it, ActivationStep)
        assert it == ActivationStep(9, function)
    assert made(layer("Activation", (3, 3, 1), activation="relu6"), SQUARE, at=(2, 2, 0)).value == 6
    with pytest.raises(UnknownName, match="swish"):
        made(layer("Activation", (3, 3, 1), activation="swish"), SQUARE)


def test_a_dense_unit() -> None:
    one = layer("Dense", (2,), activation="relu")
    it = made(one, [np.array([1, 2, 3])], {"kernel": [[1, 0], [0, 1], [2, -1]], "bias": [0.5, 0]})
    assert isinstance(it, DenseStep)
    assert it.products.tolist() == [1, 0, 6]
    assert (it.total, it.value) == (7, 7.5)
    assert (
        made(one, [np.array([1, 2, 3])], {"kernel": [[1, 0], [0, 1], [2, -1]], "bias": [0.5, 0]}, (0, 0, 1)).value == 0
    )


def test_what_only_moves_says_where_from() -> None:
    rgb = np.arange(12).reshape(2, 2, 3)
    places = {
        "Flatten": (made(layer("Flatten", (12,)), rgb, at=(0, 0, 7)), UnitPlace("a", 1, 1, 0), 7),
        "Dropout": (made(layer("Dropout", (2, 2, 3)), rgb, at=(1, 1, 2)), UnitPlace("a", 2, 1, 1), 11),
        "Concatenate": (
            made(layer("Concatenate", (2, 2, 6), "ab"), [rgb, -rgb], at=(1, 1, 4)),
            UnitPlace("b", 1, 1, 1),
            -10,
        ),
        "ZeroPadding2D": (
            made(layer("ZeroPadding2D", (5, 4, 3), padding=((1, 2), (1, 1))), rgb, at=(2, 1, 0)),
            UnitPlace("a", 0, 1, 0),
            6,
        ),
    }
    for it, source, value in places.values():
        assert it == CopyStep(source, value)


@pytest.mark.parametrize(("unit", "source"), [(0, None), (1, UnitPlace("a", 0)), (3, UnitPlace("a", 2)), (4, None)])
def test_padded_channels_come_from_nowhere(unit: int, source: UnitPlace | None) -> None:
    it = made(layer("Pad", (1, 1, 6), pad_width=((0, 0), (0, 0), (0, 0), (1, 2))), [[[[7, 8, 9]]]], at=(0, 0, unit))
    assert it == CopyStep(source, 0 if source is None else 7 + source.unit)


def test_sums_scales_and_neighbours() -> None:
    added = made(layer("Add", (3, 3, 1), "ab"), [SQUARE, 10 * SQUARE], at=(0, 1, 0))
    assert added == AdditionStep(((UnitPlace("a", 0, 0, 1), 2), (UnitPlace("b", 0, 0, 1), 20)))
    assert added.value == 22
    one = layer("Rescaling", (1, 1, 2), scale=(2.0, 3.0), offset=1.0)
    assert made(one, [[[[5, 7]]]], at=(0, 0, 1)) == RescalingStep(UnitPlace("a", 1), 7, 3, 1)
    caffe = made(layer("CaffeInput", (1, 1, 3)), [[[[0, 0.5, 1]]]], at=(0, 0, 0))
    assert caffe.source == UnitPlace("a", 2)
    assert caffe.value == pytest.approx(255 - 103.939)
    near = made(layer("LocalResponseNormalization", (1, 1, 4), K=2.0, N=3, ALPHA=1.0), [[[[1, 2, 3, 4]]]], at=(0, 0, 3))
    assert isinstance(near, LocalResponseStep)
    assert (near.first, near.energy) == (2, 25)
    assert near.value == pytest.approx(4 / 27**0.75)


def test_softmax_shares_what_there_is() -> None:
    it = unit_arithmetic.build_softmax_step(np.array([1, 2, 3], np.float32), 2.0, 1)
    powers = np.exp(np.array([1, 2, 3]) / 2)
    np.testing.assert_allclose(it.shares, powers / powers.sum())
    assert it.value == it.shares[1]
    assert unit_arithmetic.build_softmax_step(np.array([1e4, 0], np.float32), 1.0, 0).value == 1


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="LSTM"):
        made(layer("LSTM", (3, 3, 1)), SQUARE)
    for place in ((3, 0, 0), (0, 3, 0), (0, 0, 1), (-1, 0, 0)):
        with pytest.raises(BadInput, match="outside"):
            made(layer("Dropout", (3, 3, 1)), SQUARE, at=place)


def spots(shape: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Choose units and places: the corners and some between."""
    rng = np.random.default_rng(7)
    height, width, units = shape if len(shape) == 3 else (1, 1, shape[0])
    for unit in {0, units - 1, *map(int, rng.integers(0, units, 2))}:
        corners = {(0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1)}
        between = {(int(rng.integers(height)), int(rng.integers(width))) for _ in range(2)}
        yield from ((y, x, unit) for y, x in corners | between)


def check(opened: InspectableNetwork, maps: dict[str, np.ndarray]) -> set[str]:
    """Hold every layer's arithmetic against its maps; return the kinds that were seen."""
    for one in opened.graph.layers:
        weights = opened.weights(one.name)
        given = [maps[name] for name in one.inputs or (one.name,)]
        off = AGREE * max(1e-3, float(np.abs(maps[one.name]).max()))
        for y, x, unit in spots(one.shape):
            place = UnitPlace(one.name, unit, y, x)
            found = build_step(one, weights, given, place).value
            assert found == pytest.approx(unit_arithmetic.value_at(maps[one.name], place), abs=off), (one.name, place)
    return {one.kind for one in opened.graph.layers}


@each_network
def test_it_is_what_every_shipped_network_computes(name: str) -> None:
    opened = activations.open_network(name)
    image = np.random.default_rng(3).random(opened.graph.layers[0].shape, np.float32)
    maps = opened.maps(image)
    assert len(check(opened, maps)) > 4
    logits = maps[opened.graph.logits.name]
    temperature = zoo.read_card(name).temperature
    shares = softmax(logits / np.float32(temperature))
    for label in range(3):
        assert unit_arithmetic.build_softmax_step(logits, temperature, label).value == pytest.approx(
            shares[label], abs=1e-6
        )


def untrained(name: str, place: Path) -> tuple[InspectableNetwork, dict[str, np.ndarray]]:
    """Build an architecture with weights of chance, and what Keras computes in each layer."""
    import keras

    size = MIDDLE.get(name, 32)
    keras.utils.set_random_seed(1)
    architecture = find_architecture(name)
    model = architecture.build((size, size, 3), 7 if architecture.classifier else 0)
    rng = np.random.default_rng(5)
    for one in model.layers:  # fresh normalisation would have nothing to do
        if isinstance(one, keras.layers.BatchNormalization):
            one.set_weights([0.5 + rng.random(array.shape, np.float32) for array in one.get_weights()])
    path = place / "it.weights.h5"
    model.save_weights(path)
    graph = layer_outputs.describe_graph(model, path)
    image = rng.random((size, size, 3), np.float32)
    outputs = {one.name: operation.output for one, operation in zip(graph.layers, model.operations, strict=True)}
    every = keras.Model(model.inputs, outputs)([image[None]], training=False)
    return InspectableNetwork(name, graph, LayerOutputEngine(b""), path), {
        one: np.asarray(maps)[0] for one, maps in every.items()
    }


@pytest.mark.parametrize("name", [*ARCHITECTURES, *LARGE_ARCHITECTURES])
def test_it_is_what_keras_computes_in_every_architecture(name: str, tmp_path: Path) -> None:
    assert check(*untrained(name, tmp_path)) <= set(STEP_BUILDERS)


def test_one_number_with_its_layer_and_what_was_computed() -> None:
    opened = activations.open_network("mnist/lenet")
    maps = opened.maps(np.random.default_rng(3).random((28, 28, 1), np.float32))
    it = compute_unit(opened, maps, UnitPlace("c1", 2, 5, 6))
    assert it.layer.kind == "Conv2D"
    assert it.computed == maps["c1"][5, 6, 2]
    assert it.step.value == pytest.approx(it.computed, abs=1e-5)
    with pytest.raises(UnknownName, match="c3"):
        compute_unit(opened, maps, UnitPlace("c9", 0))
