"""What each kind of layer computes, in NumPy, for a batch. No TensorFlow.

Each takes a layer, the batches that it reads and its arrays, and gives float32 (n, height, width, channels) or
(n, units), as Keras does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Final

import numpy as np

from cnn.architectures.imagenet_mean import CAFFE_MEAN
from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.graph import INPUT_KIND, Graph, Layer
from cnn.layers import batched_convolution
from cnn.metrics.softmax import softmax
from cnn.metrics.unit_length import of_length_one

LayerWeights = Mapping[str, Array]
LayerOperation = Callable[[Layer, Sequence[Array], LayerWeights], Array]


def compute_layer(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Compute a layer.

    Args:
        layer: of a kind in KINDS.
        given: what it reads, in its order, each float32 with the batch in front; a batch of 1 serves all others.
        weights: its arrays by name, as `cnn.layers.activations.InspectableNetwork.weights` gives them.
    Raises: BadInput: another kind, or an activation that is not in ACTIVATIONS.
    """
    name = layer.config.get("activation", "linear")
    if layer.kind not in LAYER_OPERATIONS or name not in ACTIVATION_FUNCTIONS:
        raise BadInput(
            f"{layer.name} ({layer.kind}, {name}) cannot be run anew. These can: {', '.join(LAYER_OPERATIONS)}, "
            f"with one of these activations: {', '.join(ACTIVATION_FUNCTIONS)}."
        )
    return ACTIVATION_FUNCTIONS[name](LAYER_OPERATIONS[layer.kind](layer, given, weights))


def layers_not_computed(graph: Graph) -> tuple[str, ...]:
    """List the layers of a network, such as "up (UpSampling2D)", that `compute_layer` does not know."""
    found = []
    for layer in graph.layers:
        activation = layer.config.get("activation", "linear")
        if layer.kind not in (INPUT_KIND, *LAYER_OPERATIONS):
            found.append(f"{layer.name} ({layer.kind})")
        elif activation not in ACTIVATION_FUNCTIONS:
            found.append(f"{layer.name} ({activation})")
    return tuple(found)


def _dense(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return batched_convolution.add_bias(given[0] @ weights["kernel"], weights)


def _normalised(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 2."""
    scale = weights.get("gamma", np.float32(1)) / np.sqrt(
        weights["moving_variance"] + np.float32(layer.config["epsilon"])
    )
    out = given[0] * scale
    out += weights.get("beta", np.float32(0)) - weights["moving_mean"] * scale
    return np.asarray(out, np.float32)


def _relu(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Keras' ReLU: 0 under the threshold, or a slope there, and a ceiling."""
    x, config = given[0], layer.config
    threshold, slope = np.float32(config.get("threshold", 0)), np.float32(config.get("negative_slope", 0))
    out = np.maximum(x, threshold) if threshold == 0 else np.where(x >= threshold, x, np.float32(0))
    if config.get("max_value") is not None:
        np.minimum(out, np.float32(config["max_value"]), out=out)
    return np.where(x < threshold, slope * (x - threshold), out) if slope else out


def _among_neighbours(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Source: Krizhevsky, Sutskever & Hinton 2012, section 3.3; written as in `cnn.architectures.blocks`."""
    x, channel = given[0], np.arange(layer.units)
    band = (abs(channel[:, None] - channel) <= layer.config["N"] // 2).astype(np.float32)
    root = 1 / np.sqrt(np.float32(layer.config["K"]) + np.float32(layer.config["ALPHA"]) * (np.square(x) @ band))
    return np.asarray(x * root * np.sqrt(root), np.float32)


def _averaged(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return np.asarray(given[0].mean((1, 2), keepdims=bool(layer.config.get("keepdims", False))), np.float32)


def _added(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return np.asarray(reduce(np.add, given), np.float32)


def _multiplied(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return np.asarray(reduce(np.multiply, given), np.float32)


def _joined(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    count = max(len(one) for one in given)
    return np.concatenate([np.broadcast_to(one, (count, *one.shape[1:])) for one in given], layer.config["axis"])


def _framed(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    around = layer.config.get("pad_width") or ((0, 0), *layer.config["padding"], (0, 0))
    return np.pad(given[0], [tuple(one) for one in around])


def _flat(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return given[0].reshape(len(given[0]), -1)


def _same(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return given[0]


def _of_length_one(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return of_length_one(given[0])


def _rescaled(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return given[0] * np.asarray(layer.config["scale"], np.float32) + np.asarray(layer.config["offset"], np.float32)


def _caffe(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    return given[0][..., ::-1] * np.float32(255) - np.asarray(CAFFE_MEAN, np.float32)


ACTIVATION_FUNCTIONS: Final[Mapping[str, Callable[[Array], Array]]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, np.float32(0)),
    "relu6": lambda x: np.clip(x, np.float32(0), np.float32(6)),
    "tanh": np.tanh,
    "sigmoid": lambda x: np.asarray(1 / (1 + np.exp(-x)), np.float32),
    "softmax": softmax,
}
LAYER_OPERATIONS: Final[Mapping[str, LayerOperation]] = {
    "Conv2D": batched_convolution.convolve,
    "DepthwiseConv2D": batched_convolution.convolve_depthwise,
    "Dense": _dense,
    "BatchNormalization": _normalised,
    "LocalResponseNormalization": _among_neighbours,
    "Activation": _same,  # all that it does is its activation
    "ReLU": _relu,
    "Softmax": lambda layer, given, weights: softmax(given[0]),
    "MaxPooling2D": batched_convolution.max_pool,
    "AveragePooling2D": batched_convolution.average_pool,
    "GlobalAveragePooling2D": _averaged,
    "Add": _added,
    "Multiply": _multiplied,
    "Concatenate": _joined,
    "Pad": _framed,
    "ZeroPadding2D": _framed,
    "Flatten": _flat,
    "Dropout": _same,  # it drops in training alone
    "Rescaling": _rescaled,
    "UnitNormalization": _of_length_one,
    "CaffeInput": _caffe,
}
