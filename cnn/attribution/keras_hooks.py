"""Walk through a network layer by layer, also through networks inside it; nothing is built or edited.

Importing this loads TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from cnn.errors import BadInput, UnknownName
from cnn.keras_backend import keras, tf

LayerHook: TypeAlias = Callable[[str, keras.layers.Layer, tf.Tensor, tf.Tensor], tf.Tensor]

RELUS: Final = ("relu", "relu6", "leaky_relu")
POOLING_KINDS: Final = ("Pooling", "Dropout", "Flatten", "Input", "Padding")  # layers whose maps are no filter's answer


def flatten_layers(model: keras.Model) -> dict[str, keras.layers.Layer]:
    """List the layers in their order; one inside a network inside this one is named "inner/conv"."""
    return dict(_layers(model, ""))


def _layers(model: keras.Model, above: str) -> Iterator[tuple[str, keras.layers.Layer]]:
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer, f"{above}{layer.name}/")
        else:
            yield f"{above}{layer.name}", layer


def resolve_layer_name(model: keras.Model, name: str | None) -> str:
    """Check a layer's name; `last_spatial_layer(model)` if None.

    Raises: UnknownName: it is not in `model`.
    """
    known = flatten_layers(model)
    if name is not None and name not in known:
        raise UnknownName("layer", name, known)
    return name or last_spatial_layer(model)


def last_spatial_layer(model: keras.Model) -> str:
    """Name the last layer whose answer is maps larger than one place, pooling aside.

    Raises: BadInput: `model` has none.
    """
    for name, layer in reversed(flatten_layers(model).items()):
        shape = layer.output.shape if isinstance(layer.output, keras.KerasTensor) else ()
        if len(shape) == 4 and min(shape[1:3]) > 1 and not any(kind in type(layer).__name__ for kind in POOLING_KINDS):
            return name
    raise BadInput(f"{model.name} has no layer of maps, so it cannot be asked where it looked.")


def ends_in_relu(layer: keras.layers.Layer) -> bool:
    """Say whether a layer ends in a ReLU, capped, leaky or plain."""
    activation = getattr(getattr(layer, "activation", None), "__name__", "")
    return isinstance(layer, keras.layers.ReLU | keras.layers.LeakyReLU) or activation in RELUS


def has_relu(model: keras.Model) -> bool:
    """Say whether any layer ends in a ReLU."""
    return any(ends_in_relu(layer) for layer in flatten_layers(model).values())


def run_with_hook(model: keras.Model, images: tf.Tensor, hook: LayerHook) -> tf.Tensor:
    """Compute a network's answer as in inference.

    Args:
        model: functional or sequential, with or without such models inside.
        images: (batch, height, width, channels).
        hook: is handed each layer's name as in `flatten_layers`, the layer, what it was given and what it made,
            and returns what goes on from there.
    Returns: logits (batch, classes).
    """
    return _run(model, images, hook, "")


def _run(model: keras.Model, images: tf.Tensor, hook: LayerHook, above: str) -> tf.Tensor:
    """Call every operation in turn; Keras' own loop over its graph does it, with our call in place of its."""
    whole = getattr(model, "_functional", None) or model  # a sequential model holds a functional one

    def call(operation: keras.Operation) -> Callable[..., tf.Tensor]:
        if isinstance(operation, keras.Model):
            return lambda given, **_: _run(operation, given, hook, f"{above}{operation.name}/")
        if not isinstance(operation, keras.layers.Layer):
            return operation  # type: ignore[no-any-return]
        return lambda given, **rest: hook(f"{above}{operation.name}", operation, given, operation(given, **rest))

    logits: tf.Tensor = whole._run_through_graph(images, operation_fn=call)
    return logits
