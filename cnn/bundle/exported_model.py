"""A network from a picture's bytes to probabilities, in Keras' own layers alone. Importing this loads TensorFlow."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from cnn.keras_backend import keras  # isort: skip  # first: it sets what TensorFlow reads
from cnn.architectures.batch_norm import BatchNormalization
from cnn.architectures.blocks import LocalResponseNormalization
from cnn.architectures.caffe_input import CaffeInput
from cnn.architectures.imagenet_mean import CAFFE_MEAN
from cnn.bundle import picture_input
from cnn.bundle.source import Source
from cnn.export import keras_twin

layers, ops = keras.layers, keras.ops
Tensor: TypeAlias = keras.KerasTensor


def build_exported_model(source: Source) -> keras.Model:
    """Build what is written in every format.

    Returns: a model from "picture", as `Source.takes` says, to what `Source.output` names; the temperature is inside.
    Raises: BrokenNetwork: the weights are missing, or not this network's.
    """
    size, _, channels = shape = source.network.runner.shape
    twin = keras_twin.build_keras_twin(source.network.name, shape, source.folder)
    model = with_keras_layers_alone(twin)
    if source.takes == "digit":
        picture = keras.Input(shape, dtype="uint8", name="picture")
        x = picture_input.digit_pixels(picture)
    else:
        picture = keras.Input((None, None, channels), dtype="uint8", name="picture")
        x = picture_input.photo_pixels(picture, size, source.resize)
    if source.classes:
        out = picture_input.softmax(model(x) / float(source.network.card.temperature))
    else:
        out = layers.Identity(name="features")(model(x))
    return keras.Model(picture, out, name="network")


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
