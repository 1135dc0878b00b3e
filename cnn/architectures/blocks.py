"""Blocks that two or more architectures share. Importing this loads Keras."""

from typing import TypeAlias

import keras
from keras import layers, ops

from cnn.architectures.batch_norm import BatchNormalization

Tensor: TypeAlias = keras.KerasTensor


def conv_norm_relu(x: Tensor, filters: int, size: int, name: str, strides: int = 1) -> Tensor:
    """Convolution without bias, batch normalisation, ReLU.

    Args:
        x: (batch, height, width, channels).
        filters: how many maps come out.
        size: height and width of the kernel.
        name: prefix of the three layers' names.
        strides: step of the kernel in pixels.
    Returns: (batch, ceil(height / strides), ceil(width / strides), filters).
    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.2.
    """
    return layers.ReLU(name=f"{name}_relu")(conv_norm(x, filters, size, name, strides))


def conv_norm(x: Tensor, filters: int, size: int, name: str, strides: int = 1) -> Tensor:
    """Convolution without bias, then batch normalisation; arguments as `conv_norm_relu`."""
    x = layers.Conv2D(
        filters, size, strides, padding="same", use_bias=False, kernel_initializer="he_normal", name=name
    )(x)
    return BatchNormalization(name=f"{name}_norm")(x)


@keras.saving.register_keras_serializable("cnn")
class LocalResponseNormalization(layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Divide each activation by what its neighbour channels have at the same place.

    b_i = a_i / (k + alpha * sum of a_j^2 over the n channels around i) ^ beta, with the paper's
    k = 2, n = 5, alpha = 1e-4, beta = 0.75. The sum is a 1x1 convolution with a fixed band
    of ones, which every engine runs fast, and x^-0.75 is rsqrt(x) * sqrt(rsqrt(x)).

    Source: Krizhevsky, Sutskever & Hinton 2012, section 3.3.
    """

    K, N, ALPHA = 2.0, 5, 1e-4

    def call(self, inputs: Tensor) -> Tensor:
        """Normalise (batch, height, width, channels); the shape stays."""
        channels = inputs.shape[-1]
        place = ops.arange(channels)
        near = ops.abs(place[:, None] - place[None, :]) <= self.N // 2
        band = ops.reshape(ops.cast(near, inputs.dtype), (1, 1, channels, channels))
        energy = ops.conv(ops.square(inputs), band)  # (batch, height, width, channels)
        root = ops.rsqrt(self.K + self.ALPHA * energy)
        return inputs * root * ops.sqrt(root)
