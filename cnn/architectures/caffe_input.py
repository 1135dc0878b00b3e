"""What stands in front of a network, so that all take [0, 1]. Importing this loads Keras."""

from typing import TypeAlias

import keras
from keras import layers, ops

from cnn.architectures.imagenet_mean import CAFFE_MEAN

Tensor: TypeAlias = keras.KerasTensor


@keras.saving.register_keras_serializable("cnn")
class CaffeInput(layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Bring RGB in [0, 1] to what networks from Caffe were trained on: BGR in [0, 255] minus ImageNet's mean.

    Source: `keras.applications.imagenet_utils.preprocess_input`, mode "caffe".
    """

    def call(self, inputs: Tensor) -> Tensor:
        """Turn (batch, height, width, 3) round; the shape stays."""
        return ops.flip(inputs * 255.0, axis=-1) - ops.convert_to_tensor(CAFFE_MEAN, inputs.dtype)
