"""A network from a picture's bytes to probabilities, in Keras' own layers alone. Importing this loads TensorFlow."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from cnn.keras_backend import keras  # isort: skip  # first: it sets what TensorFlow reads
from cnn.architectures.batch_norm import BatchNormalization
from cnn.architectures.blocks import LocalResponseNormalization
from cnn.architectures.caffe_input import CaffeInput
from cnn.architectures.imagenet_mean import CAFFE_MEAN
from cnn.architectures.taught import features_of
from cnn.array_types import Array
from cnn.bundle import picture_input
from cnn.bundle.source import FAMILIARITY, FEATURES, PROBABILITIES, Source
from cnn.export import keras_twin
from cnn.metrics.nearest_neighbours import NEIGHBOURS

layers, ops = keras.layers, keras.ops
Tensor: TypeAlias = keras.KerasTensor


def build_exported_model(source: Source) -> keras.Model:
    """Build what is written in every format.

    Returns: a model from "picture", as `Source.takes` says, to what `Source.page_answers` names; the temperature is
        inside.
    Raises: BrokenNetwork: the weights are missing, or not this network's.
    """
    network = source.network
    size, _, channels = shape = network.runner.shape
    twin = keras_twin.build_keras_twin(network.name, shape, source.folder)
    inner = twin if network.taught is None else keras.Model(twin.input, [twin.output, features_of(twin)], name="taught")
    model = with_keras_layers_alone(inner)
    if source.takes == "digit":
        picture = keras.Input(shape, dtype="uint8", name="picture")
        x = picture_input.digit_pixels(picture)
    else:
        picture = keras.Input((None, None, channels), dtype="uint8", name="picture")
        x = picture_input.photo_pixels(picture, size, source.resize)
    if not source.classes:
        return keras.Model(picture, {FEATURES: layers.Identity(name="features")(model(x))}, name="network")
    logits, *features = keras.tree.flatten(model(x))
    calibrated = layers.Rescaling(1 / float(network.card.temperature), name="temperature")(logits)
    given = {PROBABILITIES: layers.Softmax(name="probabilities")(calibrated)}
    if network.taught is not None:
        given[FAMILIARITY] = _likeness_to_taught(features[0], network.taught, network.background)
    return keras.Model(picture, given, name="network")


def _likeness_to_taught(features: Tensor, taught: Array, background: Array | None) -> Tensor:
    """Do what `cnn.inference.predict.likeness_to_taught` does, (n,); what was taught are the weights of a layer."""
    x = features
    if background is not None:
        apart = x - background[0]
        along = _product(apart, background[1:].T, "background")
        x = apart - _product(along, background[1:], "back")
    cosines = _product(layers.UnitNormalization(name="unit_length")(x), taught.T, "taught_pictures")
    return ops.mean(ops.top_k(cosines, min(NEIGHBOURS, len(taught)))[0], axis=1)


def _product(x: Tensor, kernel: Array, name: str) -> Tensor:
    layer = layers.Dense(kernel.shape[1], use_bias=False, name=name)
    made = layer(x)
    layer.set_weights([kernel])
    return made


def with_keras_layers_alone(model: keras.Model) -> keras.Model:
    """Copy a model with its weights; layers of our own become the operations of Keras that they are made of."""

    def copied(layer: Any) -> Any:
        kind = layers.BatchNormalization if isinstance(layer, BatchNormalization) else type(layer)
        return kind.from_config(layer.get_config())

    def called(layer: Any, *inputs: Tensor, **options: Any) -> Tensor:
        if isinstance(layer, LocalResponseNormalization):
            return _normalized_locally(*inputs)
        if isinstance(layer, CaffeInput):
            return ops.flip(inputs[0] * 255.0, axis=-1) - np.array(CAFFE_MEAN, np.float32)
        ours = type(layer).__module__.startswith("cnn.")
        return layer.call(*inputs) if ours else layer(*inputs, **options)

    copy = keras.models.clone_model(model, clone_function=copied, call_function=called)
    copy.set_weights(model.get_weights())
    return copy


def _normalized_locally(x: Tensor) -> Tensor:
    """Do what `LocalResponseNormalization` does; its band is an array here: tf2onnx takes a tensor for an input."""
    place = np.arange(x.shape[-1])
    near = np.abs(place[:, None] - place[None]) <= LocalResponseNormalization.N // 2
    energy = ops.conv(ops.square(x), near.astype(np.float32)[None, None])  # (batch, height, width, channels)
    root = ops.rsqrt(LocalResponseNormalization.K + LocalResponseNormalization.ALPHA * energy)
    return x * root * ops.sqrt(root)
