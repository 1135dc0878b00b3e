"""Turn a Keras model into files that others run. Importing this loads TensorFlow."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import BytesIO, StringIO

from cnn.architectures import find_architecture
from cnn.keras_backend import keras, tf


def inference_copy(model: keras.Model) -> keras.Model:
    """Copy `model`, built by its architecture, in float32 and without its optimizer."""
    keras.mixed_precision.set_dtype_policy("float32")
    copy = find_architecture(model.name).build(model.input_shape[1:], model.output_shape[-1])
    copy.set_weights(model.get_weights())
    return copy


def to_tflite(model: keras.Model) -> bytes:
    """Convert `model` to a .tflite flat buffer, float32, of any batch size."""
    with redirect_stdout(StringIO()):  # the converter lists every variable
        return bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


def pack_weights(model: keras.Model) -> bytes:
    """Pack the weights of `model`, and its optimizer's state, as Keras' .weights.h5; nothing touches the disk.

    HDF5 ends the process with a segmentation fault when a disk is full while it writes.
    """
    packed = _WeightsInMemory()
    model.save_weights(packed, overwrite=True)
    return packed.getvalue()


class _WeightsInMemory(BytesIO):
    """A file for Keras, which looks at how the name ends and writes to whatever has it."""

    def __str__(self) -> str:
        return ".weights.h5"
