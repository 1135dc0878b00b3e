"""Networks run anew in NumPy: layer by layer against LiteRT, and whole."""

from __future__ import annotations

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import BadInput
from cnn.graph import Layer
from cnn.layers import activations
from cnn.layers.activations import InspectableNetwork
from cnn.layers.batched_ops import LAYER_OPERATIONS, compute_layer
from cnn.layers.partial_forward import PartialForward
from tests.support.slow import each_network

AGREE = 1e-4  # of the layer's largest value: the engines add up in another order
NETWORKS = zoo.network_names()


def image(opened: InspectableNetwork, seed: int = 3) -> np.ndarray:
    """Blots on nothing: more like a digit or a photo than noise is, so that every layer has something to do."""
    shape = opened.graph.layers[0].shape
    rng = np.random.default_rng(seed)
    rough = rng.random((4, 4, shape[2]), np.float32) ** 2
    return rough.repeat(shape[0] // 4, 0).repeat(shape[1] // 4, 1)


@each_network
def test_every_layer_is_what_litert_computes(name: str) -> None:
    forward = PartialForward(activations.open_network(name))
    maps = forward.inside.maps(image(forward.inside))
    for layer in forward.graph.layers[1:]:
        found = forward.layer(layer, [maps[read][None] for read in layer.inputs])
        assert found.dtype == np.float32
        assert found.shape == (1, *layer.shape)
        wanted = maps[layer.name]
        assert np.abs(found[0] - wanted).max() <= AGREE * np.abs(wanted).max(), layer.name


@each_network
def test_whole_networks_answer_as_their_runner_does(name: str) -> None:
    opened = activations.open_network(name)
    first = opened.graph.layers[0].name
    batch = np.stack([image(opened, seed) for seed in range(3)])
    wanted = zoo.load_network(name).runner(batch)
    found = PartialForward(opened).logits({first: batch})
    assert np.abs(found - wanted).max() <= AGREE * np.abs(wanted).max()
    assert np.ptp(wanted, axis=0).max() > 0.01  # the pictures are told apart, so that a mix-up would show


@each_network
def test_what_is_known_is_used(name: str) -> None:
    opened = activations.open_network(name)
    maps = {layer: one[None] for layer, one in opened.maps(image(opened)).items()}
    logits = maps[opened.graph.logits.name]
    assert PartialForward(opened).logits(maps) is logits
    layer = opened.graph.layers[len(maps) // 2]
    kept = PartialForward(opened).logits(maps, {layer.name: np.ones((1, layer.units), np.float32)})
    assert np.abs(kept - logits).max() <= AGREE * np.abs(logits).max()


def layer(kind: str, shape: tuple[int, ...], **config: object) -> Layer:
    return Layer("one", kind, ("image",), shape, 0, config, {})


# kind, Keras' arguments, the shape of each input without the batch
KERAS = [
    ("Conv2D", {"filters": 6, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same"}, [(9, 7, 4)]),
    ("Conv2D", {"filters": 6, "kernel_size": 3, "dilation_rate": (2, 1), "padding": "same"}, [(9, 7, 4)]),
    ("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2, "activation": "sigmoid"}, [(9, 7, 4)]),
    ("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "padding": "same", "depth_multiplier": 2}, [(9, 8, 4)]),
    ("Dense", {"units": 5, "activation": "softmax"}, [(9,)]),
    ("BatchNormalization", {"scale": False}, [(5, 5, 3)]),
    ("Activation", {"activation": "relu6"}, [(5, 5, 3)]),
    ("ReLU", {"max_value": 0.7, "negative_slope": 0.1, "threshold": 0.2}, [(5, 5, 3)]),
    ("Softmax", {}, [(7,)]),
    ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(8, 7, 3)]),
    ("AveragePooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(8, 7, 3)]),
    ("GlobalAveragePooling2D", {"keepdims": True}, [(8, 7, 3)]),
    ("Add", {}, [(4, 4, 2)] * 3),
    ("Multiply", {}, [(4, 4, 2)] * 3),
    ("Concatenate", {}, [(4, 4, 2), (4, 4, 3)]),
    ("ZeroPadding2D", {"padding": ((1, 2), (0, 3))}, [(4, 4, 2)]),
    ("Flatten", {}, [(3, 4, 2)]),
    ("Rescaling", {"scale": 2.0, "offset": -1.0}, [(3, 4, 2)]),
]


@pytest.mark.parametrize(("kind", "arguments", "shapes"), KERAS, ids=[f"{row[0]}-{i}" for i, row in enumerate(KERAS)])
def test_each_kind_is_what_keras_computes(kind: str, arguments: dict, shapes: list[tuple[int, ...]]) -> None:
    import keras

    from cnn import graph
    from cnn.export import layer_outputs

    rng = np.random.default_rng(1)
    given = [rng.normal(size=(2, *shape)).astype(np.float32) for shape in shapes]
    made = getattr(keras.layers, kind)(**arguments, name="one")
    images = [keras.Input(shape) for shape in shapes]
    made(images if len(images) > 1 else images[0])
    made.set_weights([rng.random(weight.shape, np.float32) for weight in made.get_weights()])
    wanted = np.asarray(made(given if len(given) > 1 else given[0], training=False))
    asked = graph.Layer("one", kind, ("a",), wanted.shape[1:], 0, layer_outputs._config(made), {})
    weights = {variable.path.rsplit("/", 1)[-1]: np.asarray(variable) for variable in made.weights}
    found = compute_layer(asked, given, weights)
    assert found.dtype == np.float32
    assert np.allclose(found, wanted, atol=1e-5)


def test_a_preprocessing_of_caffe_is_known() -> None:
    from cnn.architectures.caffe_input import CaffeInput

    given = np.random.default_rng(1).random((2, 4, 4, 3), np.float32)
    found = compute_layer(layer("CaffeInput", (4, 4, 3)), [given], {})
    assert np.allclose(found, np.asarray(CaffeInput()(given)), atol=1e-4)


@pytest.mark.parametrize(("kind", "activation"), [("LSTM", "linear"), ("Dense", "swish")])
def test_what_nobody_taught_us_is_refused(kind: str, activation: str) -> None:
    with pytest.raises(BadInput, match=f"{kind}, {activation}.*Conv2D.*tanh"):
        compute_layer(layer(kind, (3,), activation=activation), [np.ones((1, 3), np.float32)], {})


def test_every_kind_of_the_zoo_is_in_the_table() -> None:
    kinds = {layer.kind for name in NETWORKS for layer in activations.open_network(name).graph.layers[1:]}
    assert kinds <= set(LAYER_OPERATIONS)
