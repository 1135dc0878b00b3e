"""A network's compiled functions, each made when it is first needed. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np

from cnn.array_types import Array
from cnn.attribution import keras_hooks
from cnn.errors import BadInput
from cnn.keras_backend import keras, tf

MapsAndGradients = tuple[Array, Array]
BackboneFunction = Callable[[Array], Array]

TWIN_TOLERANCE: Final = 1e-3  # of the greatest value: how near two engines must come


class GradientModel:
    """Answers, maps and gradients of one network as arrays; nothing edits the network."""

    def __init__(self, model: keras.Model, backbone: BackboneFunction | None = None) -> None:
        """Compile nothing yet.

        Args:
            model: from (batch, height, width, channels) to logits (batch, classes).
            backbone: a faster way to its last maps, if there is one; it is compared with the model before it is used.
        """
        self.model = model
        self._backbone = backbone
        self._maps: dict[str, Callable[..., tuple[tf.Tensor, tf.Tensor]]] = {}

    def check_input(self, image: Array, label: int) -> None:
        """Refuse what the network cannot answer.

        Raises: BadInput: a wrong shape, or a label out of range.
        """
        if image.shape != self.model.input_shape[1:]:
            raise BadInput(f"{self.model.name} takes an input of {self.model.input_shape[1:]}, not {image.shape}.")
        if not 0 <= label < self.model.output_shape[-1]:
            raise BadInput(f"{self.model.name} has the labels 0 to {self.model.output_shape[-1] - 1}, not {label}.")

    def scores(self, images: Array) -> Array:
        """Compute logits, float32 (n, classes), of images (n, height, width, channels)."""
        return np.asarray(self._scores(tf.constant(images, tf.float32)))

    def gradients(self, images: Array, label: int) -> Array:
        """Differentiate the logit of `label` by each value of images (n, height, width, channels); the same shape."""
        return np.asarray(self._gradients(tf.constant(images, tf.float32), tf.constant(label)))

    def guided_gradients(self, images: Array, label: int) -> Array:
        """As `gradients`, but each ReLU passes on only what is positive (Springenberg et al. 2015, figure 1)."""
        return np.asarray(self._guided(tf.constant(images, tf.float32), tf.constant(label)))

    def maps_and_gradients(self, image: Array, label: int, layer: str | None = None) -> MapsAndGradients:
        """Compute the maps of a layer, and the gradients of the logit of `label` by them.

        Args:
            image: float32 (height, width, channels).
            label: of the class.
            layer: its name as in `keras_hooks.flatten_layers`; the last maps if None.
        Returns: twice float32 (layer_height, layer_width, maps).
        Raises: UnknownName: no such layer.
        """
        if layer is None and self._backbone and self._tail:
            maps = self._backbone(image)
            return maps, self._tail(tf.constant(maps[None]), tf.constant(label)).numpy()[0]
        return self._whole(image, label, layer)

    def _whole(self, image: Array, label: int, layer: str | None) -> MapsAndGradients:
        name = keras_hooks.resolve_layer_name(self.model, layer)
        if name not in self._maps:
            self._maps[name] = _maps_and_gradients(self.model, name)
        maps, gradients = self._maps[name](tf.constant(image[None], tf.float32), tf.constant(label))
        return maps.numpy()[0], gradients.numpy()[0]

    @cached_property
    def _tail(self) -> Callable[..., tf.Tensor] | None:
        """Compile what follows the last maps; None where that, behind the backbone, is not the network."""
        tail = _tail(self.model, keras_hooks.last_spatial_layer(self.model))
        image = np.random.default_rng(0).random(self.model.input_shape[1:], np.float32)
        maps, gradients = self._whole(image, 0, None)
        near = self._backbone(image) if self._backbone else maps
        found = tail(tf.constant(near[None]), tf.constant(0)).numpy()[0]
        return tail if _close(near, maps) and _close(found, gradients) else None

    @cached_property
    def _scores(self) -> Callable[[tf.Tensor], tf.Tensor]:
        return _compile(lambda images: self.model(images, training=False), _images(self.model))

    @cached_property
    def _gradients(self) -> Callable[..., tf.Tensor]:
        return compile_input_gradients(self.model, lambda _, __, ___, made: made)

    @cached_property
    def _guided(self) -> Callable[..., tf.Tensor]:
        return compile_input_gradients(
            self.model, lambda _, layer, __, made: _positive_back(made) if keras_hooks.ends_in_relu(layer) else made
        )


def compile_input_gradients(model: keras.Model, hook: keras_hooks.LayerHook) -> Callable[..., tf.Tensor]:
    """Compile the gradients of a label's logit by images (n, height, width, channels)."""

    def gradients(images: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(images)
            score = tf.gather(keras_hooks.run_with_hook(model, images, hook), label, axis=1)
        return tape.gradient(score, images)

    return _compile(gradients, _images(model), tf.TensorSpec((), tf.int32))


def _maps_and_gradients(model: keras.Model, name: str) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    """Compile the maps of a layer and their gradients; the tape watches no more than what follows them."""

    def both(image: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        kept: list[tf.Tensor] = []

        def keep(path: str, _: keras.layers.Layer, __: tf.Tensor, made: tf.Tensor) -> tf.Tensor:
            if path == name:
                kept.append(made)
                tape.watch(made)
            return made

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            score = tf.gather(keras_hooks.run_with_hook(model, image, keep), label, axis=1)
        return kept[-1], tape.gradient(score, kept[-1], unconnected_gradients="zero")

    return _compile(both, tf.TensorSpec((1, *model.input_shape[1:])), tf.TensorSpec((), tf.int32))


def _tail(model: keras.Model, name: str) -> Callable[..., tf.Tensor]:
    """Compile the gradients of a label's logit by the maps of a layer, given these; what comes before is left out."""
    blank = tf.zeros((1, *model.input_shape[1:]))

    def gradients(maps: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(maps)
            logits = keras_hooks.run_with_hook(model, blank, lambda path, _, __, made: maps if path == name else made)
            score = tf.gather(logits, label, axis=1)
        return tape.gradient(score, maps, unconnected_gradients="zero")

    return _compile(
        gradients,
        tf.TensorSpec((1, *keras_hooks.flatten_layers(model)[name].output.shape[1:])),
        tf.TensorSpec((), tf.int32),
    )


def _close(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max() <= TWIN_TOLERANCE * np.abs(other).max())


def _images(model: keras.Model) -> tf.TensorSpec:
    return tf.TensorSpec((None, *model.input_shape[1:]))


def _compile(function: Callable[..., Any], *signature: tf.TensorSpec) -> Callable[..., Any]:
    """Trace a function once for all; a concrete function is called in a quarter of a `tf.function`'s time."""
    compiled: Callable[..., Any] = tf.function(function, input_signature=signature).get_concrete_function()
    return compiled


@tf.custom_gradient  # type: ignore[untyped-decorator]  # TensorFlow has no types
def _positive_back(made: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Pass values on as they are, and of their gradients only what is positive."""
    return tf.identity(made), tf.nn.relu
