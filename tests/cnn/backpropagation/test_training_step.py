"""A weight's gradient is the sum over places that the page shows, and the update is the optimizer's, as in Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cnn.backpropagation.results import StepQuestion
from cnn.backpropagation.weight_gradient import (
    ConvolutionWindow,
    WeightPlace,
    gradient_terms,
    optimizer_update,
    read_by_weight,
)
from cnn.errors import BadInput
from cnn.runs.settings import OPTIMIZERS, OptimizerName

if TYPE_CHECKING:
    import keras

RATE, LABEL, UNIT, TAKEN = 0.01, 2, 3, 2
LAYERS = ("same", "strided", "valid", "last")
IMAGE = np.random.default_rng(1).random((13, 14, 2), np.float32)


def build() -> keras.Model:
    """Make a network with each way of padding and moving, and activations inside layers and behind them."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(7)
    image = keras.Input((13, 14, 2), name="image")
    x = layers.Conv2D(4, 3, padding="same", activation="tanh", name="same")(image)
    x = layers.Conv2D(5, (3, 2), 2, padding="same", activation="relu", name="strided")(x)
    x = layers.Conv2D(6, 2, (1, 2), use_bias=False, name="valid")(x)
    x = layers.ReLU(name="relu")(layers.BatchNormalization(name="norm")(x))
    x = layers.Conv2D(4, 1, activation="sigmoid", name="last")(layers.Dropout(0.5, name="dropout")(x))
    return keras.Model(image, layers.Dense(3, name="logits")(layers.Flatten(name="flatten")(x)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_sum_over_places_and_the_update_are_keras(optimizer: OptimizerName) -> None:
    from cnn.backpropagation.training_step import take_training_steps

    for layer in LAYERS:
        model = build()
        kind = model.get_layer(layer)
        found = take_training_steps(model, IMAGE, StepQuestion(LABEL, layer, UNIT, optimizer, RATE, TAKEN))
        assert found.losses[-1] < found.losses[0]
        assert len(found.gradients) == TAKEN + 1
        for at in np.ndindex(found.kernel.shape):
            place = WeightPlace(*at)
            window = ConvolutionWindow(found.kernel.shape[:2], kind.strides, kind.padding == "same")
            read = read_by_weight(found.inputs, place, window, found.deltas.shape)
            gradient = gradient_terms(read, found.deltas).sum()
            assert gradient == pytest.approx(found.gradients[-1][at], rel=1e-4, abs=1e-7)
            update = optimizer_update(optimizer, RATE, found.kernel[at], [float(one[at]) for one in found.gradients])
            assert update.after == pytest.approx(found.kernel_after[at], rel=1e-4, abs=1e-6)


def test_the_gradient_is_what_the_loss_does() -> None:
    from cnn.backpropagation.training_step import take_training_steps

    asked = StepQuestion(LABEL, "same", UNIT, "sgd", RATE)
    found = take_training_steps(build(), IMAGE, asked)
    nudge, losses = 1e-2, []
    for sign in (-1, 1):
        model = build()
        kernel = model.get_layer("same").kernel.numpy()
        kernel[1, 2, 0, UNIT] += sign * nudge
        model.get_layer("same").kernel.assign(kernel)
        losses.append(take_training_steps(model, IMAGE, asked).losses[0])
    assert (losses[1] - losses[0]) / (2 * nudge) == pytest.approx(found.gradients[0][1, 2, 0], rel=0.01)


@pytest.mark.parametrize(
    ("layer", "unit", "label", "taken"),
    [("logits", 0, 0, 0), ("same", 4, 0, 0), ("same", 0, 3, 0), ("same", 0, 0, 20), ("none", 0, 0, 0)],
)
def test_what_is_not_there_is_told(layer: str, unit: int, label: int, taken: int) -> None:
    from cnn.backpropagation.training_step import take_training_steps

    with pytest.raises(BadInput, match="Choose"):
        take_training_steps(build(), IMAGE, StepQuestion(label, layer, unit, "sgd", RATE, taken))
