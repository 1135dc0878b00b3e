"""How a gradient becomes a step: Keras' optimizers, each variable changed by one operation. Loads TensorFlow."""

from __future__ import annotations

from typing import Any, Final

from cnn.keras_backend import keras, tf
from cnn.runs.settings import RunSettings

WARM_UP_SHARE: Final = 0.05  # of the steps, under the cosine
LAST_SHARE: Final = 0.01  # of the rate, where the cosine ends
MOMENTUM: Final = 0.9


class SGD(keras.optimizers.SGD):  # type: ignore[misc]  # Keras has no types
    """Keras' stochastic gradient descent; the step of a variable is one operation instead of four.

    A small network's step is mostly many small operations: LeNet-5 has ten variables.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change `variable` and its momentum as Keras does."""
        changed = {"var": variable.handle, "use_locking": False}
        if not self.momentum:
            tf.raw_ops.ResourceApplyGradientDescent(alpha=learning_rate, delta=gradient, **changed)
            return
        moment = self.momentums[self._get_variable_index(variable)].value.handle
        tf.raw_ops.ResourceApplyKerasMomentum(
            accum=moment, lr=learning_rate, grad=gradient, momentum=self.momentum, **changed
        )


class Adam(keras.optimizers.Adam):  # type: ignore[misc]
    """Keras' Adam; the step of a variable is one operation instead of a dozen."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change `variable` and its two moments as Keras does."""
        at, step = self._get_variable_index(variable), tf.cast(self.iterations.value + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[at].value.handle,
            v=self._velocities[at].value.handle,
            beta1_power=tf.pow(self.beta_1, step),
            beta2_power=tf.pow(self.beta_2, step),
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


def make_optimizer(settings: RunSettings, plain: bool = False) -> keras.optimizers.Optimizer:
    """Make the optimizer of a run, its learning rate a function of the step; a `plain` one is Keras' own."""
    rate, made = _schedule(settings), keras.optimizers
    if settings.optimizer == "adam":
        return made.Adam(rate) if plain else Adam(rate)
    momentum = MOMENTUM if settings.optimizer == "momentum" else 0.0
    return made.SGD(rate, momentum) if plain else SGD(rate, momentum)


def _schedule(settings: RunSettings) -> Any:
    steps = settings.steps
    if settings.schedule == "constant" or steps < 4:
        return settings.rate
    if settings.schedule == "steps":
        rates = [settings.rate, settings.rate / 10, settings.rate / 100]
        return keras.optimizers.schedules.PiecewiseConstantDecay([steps // 2, steps * 3 // 4], rates)
    warm = max(1, int(steps * WARM_UP_SHARE))
    return keras.optimizers.schedules.CosineDecay(
        settings.rate / 10, steps - warm, alpha=LAST_SHARE, warmup_target=settings.rate, warmup_steps=warm
    )
