"""Grad-CAM: which places of a picture speak for a class. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from cnn.engine import keras, tf
from cnn.errors import BadInput, UnknownName

Array = npt.NDArray[np.float32]
Evidence = Callable[[Array, int], Array]

NO_MAPS = ("Pooling", "Dropout", "Flatten", "Input", "Padding")  # layers whose maps are no filter's answer


def grad_cam(model: keras.Model, layer: str | None = None) -> Evidence:
    """Prepare Grad-CAM on a network; the first answer of what is returned takes longer, as it is compiled then.

    Args:
        model: from (batch, height, width, channels) to logits (batch, classes).
        layer: whose maps are weighted; `last_maps(model)` if None.
    Returns: a function of `image`, float32 (height, width, channels) in [0, 1], and a label, to
        float32 (layer_height, layer_width) in [0, 1], its greatest value 1; all 0 where nothing speaks for it.
    Raises: UnknownName: `layer` is not in `model`.
        BadInput, from the function: a wrong shape, or a label out of range.
    Source: Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2.
    """
    name = layer or last_maps(model)
    if name not in {one.name for one in model.layers}:
        raise UnknownName("layer", name, [one.name for one in model.layers])
    both = keras.Model(model.inputs, [model.get_layer(name).output, model.outputs[0]])

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def heat(images: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(images)
            maps, logits = both(images, training=False)
            score = tf.gather(logits, label, axis=1)
        weights = tf.reduce_mean(tape.gradient(score, maps), (1, 2), keepdims=True)  # (1, 1, 1, k)
        return tf.nn.relu(tf.reduce_sum(weights * maps, axis=3))[0]

    def evidence(image: Array, label: int) -> Array:
        _check(model, image, label)
        found = np.nan_to_num(np.asarray(heat(tf.constant(image[None], tf.float32), tf.constant(label))))
        return np.asarray(found / found.max() if found.max() > 0 else found, np.float32)

    return evidence


def last_maps(model: keras.Model) -> str:
    """Name the last layer whose answer is maps larger than one place, pooling aside.

    Raises: BadInput: `model` has none.
    """
    for layer in reversed(model.layers):
        shape = layer.output.shape if isinstance(layer.output, keras.KerasTensor) else ()
        if len(shape) == 4 and min(shape[1:3]) > 1 and not any(kind in type(layer).__name__ for kind in NO_MAPS):
            return str(layer.name)
    raise BadInput(f"{model.name} has no layer of maps, so it cannot be asked where it looked.")


def _check(model: keras.Model, image: Array, label: int) -> None:
    if image.shape != model.input_shape[1:]:
        raise BadInput(f"{model.name} takes an input of {model.input_shape[1:]}, not {image.shape}.")
    if not 0 <= label < model.output_shape[-1]:
        raise BadInput(f"{model.name} has the labels 0 to {model.output_shape[-1] - 1}, not {label}.")
