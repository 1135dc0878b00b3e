"""Batch normalisation that trains fast on a processor. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from keras import layers

from cnn.keras_backend import keras, tf

_answering_in_one: ContextVar[bool] = ContextVar("answering in one operation", default=False)

LANES: Final = 16  # oneDNN is fast for multiples of so many channels, and slower than Keras for others


@contextmanager
def one_operation() -> Iterator[None]:
    """Have the layers answer by one operation each, too: quicker, but not what an exported file is made of."""
    before = _answering_in_one.set(True)
    try:
        yield
    finally:
        _answering_in_one.reset(before)


@keras.saving.register_keras_serializable("cnn")
class BatchNormalization(layers.BatchNormalization):  # type: ignore[misc]  # Keras has no types
    """Keras' layer, with the batch's statistics, the scaling and their gradients in one operation each.

    Keras makes them of many small operations, each of which reads and writes all maps: half of the time
    that ResNet-20 trains. Weights, configuration and what a trained network answers are Keras' own; the moving
    variance is the unbiased one, n / (n - 1) of Keras', of n = batch * height * width values.

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
    """

    def call(self, inputs: keras.KerasTensor, training: bool | None = None) -> keras.KerasTensor:
        """Normalise (batch, height, width, channels); the shape stays."""
        if inputs.shape[-1] % LANES or not (training or _answering_in_one.get()):
            return super().call(inputs, training=training)
        if not training:
            averages = {"mean": self.moving_mean, "variance": self.moving_variance}
            return tf.raw_ops.FusedBatchNormV3(
                x=inputs, scale=self.gamma, offset=self.beta, epsilon=self.epsilon, is_training=False, **averages
            )[0]
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs, scale=self.gamma, offset=self.beta, mean=[], variance=[], epsilon=self.epsilon
        )
        for average, measured in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(average * self.momentum + measured * (1 - self.momentum))
        return outputs
