"""Take steps of training on one picture, as Keras does. Importing this loads TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn.array_types import Array
from cnn.backpropagation.results import MOST_STEPS, StepQuestion, TrainingStep
from cnn.errors import BadInput
from cnn.keras_backend import keras, tf
from cnn.runs.optimizers import make_optimizer
from cnn.runs.settings import RunSettings


def take_training_steps(model: keras.Model, image: Array, asked: StepQuestion) -> TrainingStep:
    """Take the steps before and one more, on one picture, and look at the last one closely. All weights change.

    Args:
        model: is changed.
        image: float32 (height, width, channels).
        asked: what is to be learned, and how.
    Raises: BadInput: there is no such layer, unit, label or number of steps.
    """
    label, unit = asked.label, asked.unit
    looked = _convolution(model, asked.layer, unit)
    if not (0 <= label < model.output_shape[-1] and 0 <= asked.taken < MOST_STEPS):
        raise BadInput(f"No class {label}, or more than {MOST_STEPS} steps. Choose others.")
    settings = RunSettings(optimizer=asked.optimizer, rate=asked.rate, schedule="constant")
    optimizer = make_optimizer(settings, plain=True)  # the page says what Keras found
    optimizer.build(model.trainable_variables)
    whole = keras.Model(model.inputs[0], [looked.input, looked.output, model.output])
    gradients, logits, losses = [], [], []
    for _ in range(asked.taken + 1):
        kernel = looked.kernel.numpy()[..., unit]
        with tf.GradientTape() as tape:
            inputs, maps, answer = whole(image[None], training=False)
            loss = _loss(answer, label)
        by_maps, *found = tape.gradient(loss, [maps, *model.trainable_variables])
        deltas = _before_activation(looked, inputs, by_maps)
        gradients.append(np.asarray(_of(looked.kernel, model, found))[..., unit])
        logits.append(answer[0].numpy())
        losses.append(float(loss))
        optimizer.apply_gradients(zip(found, model.trainable_variables, strict=True))
    answer = model(image[None], training=False)
    return TrainingStep(
        inputs[0].numpy(),
        deltas[0, ..., unit].numpy(),
        kernel,
        looked.kernel.numpy()[..., unit],
        np.stack(gradients),
        np.stack([*logits, answer[0].numpy()]),
        (*losses, float(_loss(answer, label))),
    )


def _convolution(model: keras.Model, layer: str, unit: int) -> Any:
    found = next((one for one in model.layers if one.name == layer), None)
    if not isinstance(found, keras.layers.Conv2D) or not 0 <= unit < found.filters:
        raise BadInput(f"{layer} is no convolution with a channel {unit}. Choose another.")
    return found


def _loss(logits: Any, label: int) -> Any:
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits([label], logits))


def _before_activation(layer: Any, inputs: Any, by_maps: Any) -> Any:
    """Carry the gradient by a layer's maps back through its activation, to its sums."""
    sums = layer.convolution_op(inputs, layer.kernel)
    sums = sums + layer.bias if layer.use_bias else sums
    with tf.GradientTape() as tape:
        tape.watch(sums)
        maps = layer.activation(sums)
    return tape.gradient(maps, sums, by_maps)


def _of(variable: Any, model: keras.Model, found: list[Any]) -> Any:
    return next(
        gradient for one, gradient in zip(model.trainable_variables, found, strict=True) if one.path == variable.path
    )
