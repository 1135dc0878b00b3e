"""What a unit looks for: a picture that excites it, made by climbing its gradient. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.attribution import keras_hooks
from cnn.attribution.results import FeatureVisualization
from cnn.errors import BadInput
from cnn.keras_backend import keras, tf
from cnn.progress import Progress, ProgressSteps

LEARNING_RATE: Final = 0.05  # of Adam, as in Lucid (Olah et al. 2017)
ADAM_BETAS: Final = (0.9, 0.999)
START, DIGIT_START, TRIES = 0.01, 1.0, 16  # deviations of a first spectrum; the best of some does not start in a flat
SHIFT, SCALE, TURN = 1 / 16, 0.05, 5.0  # jitter: of the side, of the size, in degrees; either way
SMOOTH, PLAIN = 0.15, 0.05  # weights of total variation and of distance from the middle, of the unit's gradient
DARK_OFFSET: Final = 2.0  # taken off before the sigmoid: a digit begins as dark paper, not as grey
STEPS_PER_PICTURE: Final = 8  # steps between two pictures
# Colours of ImageNet vary together: the root of their covariance, as in Lucid, so that hues stay natural.
COLOR_CORRELATION: Final = np.array([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]], np.float32)


def visualize_unit(
    model: keras.Model, layer: str, unit: int, steps: int, seed: int = 0
) -> ProgressSteps[FeatureVisualization]:
    """Make a picture that excites a unit: the mean over its map, before its ReLU.

    The picture is kept as a spectrum, its waves equally strong (Olah et al. 2017, "preconditioning"), is shifted,
    turned and scaled a little before each step, and is drawn towards smooth and plain pictures.

    Args:
        model: from (batch, height, width, channels) to logits; stays as it is.
        layer: its name as in `keras_hooks.flatten_layers`.
        unit: of that layer: a map, or a number of a dense one.
        steps: of Adam, at least 1.
        seed: of the first spectrum and of the jitter.
    Raises: UnknownName: no such layer. BadInput: no such unit.
    Source: Olah et al. 2017, doi:10.23915/distill.00007.
    """
    keras_hooks.resolve_layer_name(model, layer)
    units = keras_hooks.flatten_layers(model)[layer].output.shape[-1]
    if not 0 <= unit < units:
        raise BadInput(f"{layer} has the units 0 to {units - 1}, not {unit}.")
    random = np.random.default_rng(seed)
    shape = model.input_shape[1:]
    climb, draw = _climber(model, layer), _drawer(shape)
    still = tf.constant(_jitter(shape, None))
    spectrum = max(_starts(shape, random), key=lambda one: float(climb(tf.constant(one), tf.constant(unit), still)[1]))
    adam, first = _Adam(spectrum.shape), 0.0
    for step in range(steps):
        gradient, activation = climb(tf.constant(spectrum), tf.constant(unit), tf.constant(_jitter(shape, random)))
        first = first if step else float(activation)
        spectrum = spectrum + adam.step(gradient.numpy())
        shown = _pixels(draw(tf.constant(spectrum))) if step % STEPS_PER_PICTURE == 0 else None
        yield Progress((step + 1) / steps, shown)
    _, last = climb(tf.constant(spectrum), tf.constant(unit), still)
    return FeatureVisualization(_pixels(draw(tf.constant(spectrum))), first, float(last))


def _starts(shape: tuple[int, int, int], random: np.random.Generator) -> list[Array]:
    deviation = np.float32(START if shape[2] == 3 else DIGIT_START)
    size = (2, shape[2], shape[0], shape[1] // 2 + 1)
    return [deviation * random.standard_normal(size, np.float32) for _ in range(TRIES)]


def _climber(model: keras.Model, layer: str) -> Callable[..., Any]:
    """Compile a step: spectrum, unit, jitter -> the direction that excites the unit, and how excited it is."""
    shape = model.input_shape[1:]
    draw = _drawer(shape)

    def climb(spectrum: tf.Tensor, unit: tf.Tensor, matrix: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            tape.watch(spectrum)
            picture = draw(spectrum)
            moved = tf.raw_ops.ImageProjectiveTransformV3(
                images=picture,
                transforms=matrix,
                output_shape=shape[:2],
                interpolation="BILINEAR",
                fill_mode="REFLECT",
                fill_value=0.0,
            )
            activation = tf.reduce_mean(tf.gather(_before_relu(model, layer, moved), unit, axis=-1))
            variation = tf.reduce_mean(tf.image.total_variation(picture))
            distance = tf.reduce_mean((picture - (0.5 if shape[2] == 3 else 0.0)) ** 2)
        towards = _unit_length(tape.gradient(activation, spectrum))
        towards -= SMOOTH * _unit_length(tape.gradient(variation, spectrum))
        towards -= PLAIN * _unit_length(tape.gradient(distance, spectrum))
        return towards, activation

    size = (2, shape[2], shape[0], shape[1] // 2 + 1)
    signature = [tf.TensorSpec(size), tf.TensorSpec((), tf.int32), tf.TensorSpec((1, 8))]
    compiled: Callable[..., Any] = tf.function(climb, input_signature=signature).get_concrete_function()
    return compiled


def _before_relu(model: keras.Model, layer: str, images: tf.Tensor) -> tf.Tensor:
    """Compute what a layer makes, before its ReLU if it has one: a unit that is off still has a gradient."""
    found: list[tf.Tensor] = []

    def see(name: str, one: keras.layers.Layer, given: tf.Tensor, made: tf.Tensor) -> tf.Tensor:
        if name == layer:
            found.append(_linear(one)(given) if keras_hooks.ends_in_relu(one) else made)
        return made

    keras_hooks.run_with_hook(model, images, see)
    return found[-1]


def _linear(layer: keras.layers.Layer) -> Callable[[tf.Tensor], tf.Tensor]:
    """Give the same layer, with the same weights, without its ReLU."""
    if not hasattr(layer, "kernel"):
        return lambda given: given
    bare = object.__new__(type(layer))  # copy() would write the weights to a file and read them again
    bare.__dict__.update(layer.__dict__, activation=keras.activations.linear)
    call: Callable[[tf.Tensor], tf.Tensor] = bare.call
    return call


def _drawer(shape: tuple[int, int, int]) -> Callable[[tf.Tensor], tf.Tensor]:
    """Prepare spectrum, (2, channels, height, width // 2 + 1) -> picture (1, height, width, channels) in [0, 1]."""
    height, width, channels = shape
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    weight = np.float32(np.sqrt(height * width) / np.maximum(frequency, 1 / max(height, width)) / 4)
    dark = 0.0 if channels == 3 else DARK_OFFSET
    colours = (
        COLOR_CORRELATION / np.linalg.norm(COLOR_CORRELATION, axis=0).max()
        if channels == 3
        else np.eye(channels, dtype=np.float32)
    )

    def draw(spectrum: tf.Tensor) -> tf.Tensor:
        waves = tf.signal.irfft2d(tf.complex(spectrum[0], spectrum[1]) * weight, (height, width))
        return tf.sigmoid(tf.transpose(waves, (1, 2, 0)) @ colours.T - dark)[None]

    return draw


def _jitter(shape: tuple[int, int, int], random: np.random.Generator | None) -> Array:
    """Draw a small shift, turn and scale around the middle as a projective transform, (1, 8); none without `random`."""
    right, down, scale, turn = random.uniform(-1, 1, 4) if random else np.zeros(4)
    size, angle = 1 + SCALE * scale, np.deg2rad(TURN * turn)
    cosine, sine = size * np.cos(angle), size * np.sin(angle)
    middle_y, middle_x = (shape[0] - 1) / 2, (shape[1] - 1) / 2
    x = middle_x - cosine * middle_x + sine * middle_y + SHIFT * shape[1] * right
    y = middle_y - sine * middle_x - cosine * middle_y + SHIFT * shape[0] * down
    return np.array([[cosine, -sine, x, sine, cosine, y, 0, 0]], np.float32)


def _unit_length(gradient: tf.Tensor) -> tf.Tensor:
    return gradient / (tf.norm(gradient) + 1e-12)


def _pixels(picture: tf.Tensor) -> Pixels:
    return np.asarray(np.rint(picture.numpy()[0] * 255), np.uint8)


class _Adam:
    """Kingma & Ba 2014, arXiv:1412.6980, algorithm 1, upwards."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._mean, self._square, self._count = np.zeros(shape, np.float32), np.zeros(shape, np.float32), 0

    def step(self, gradient: Array) -> Array:
        self._count += 1
        self._mean += (1 - ADAM_BETAS[0]) * (gradient - self._mean)
        self._square += (1 - ADAM_BETAS[1]) * (gradient**2 - self._square)
        mean = self._mean / (1 - ADAM_BETAS[0] ** self._count)
        square = self._square / (1 - ADAM_BETAS[1] ** self._count)
        return np.asarray(LEARNING_RATE * mean / (np.sqrt(square) + 1e-8), np.float32)
