"""Cut a network in front of its last block: what is before runs once, what is behind learns. Loads TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cnn.architectures.taught import CENTRE
from cnn.keras_backend import keras

# Convolutions and dense layers that learn, at least: a block of ResNet-50 has three; the last one of EfficientNet-Lite0
# has two, and the widening to 1,280 maps behind it is the third.
LAST_LAYERS: Final = 3


def split_before_last_block(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Take a network of taught classes apart at the last place where all goes through one tensor.

    Args:
        model: from `cnn.architectures.taught.put_head_on`.
    Returns: from the picture to what the last block is given, float32 (batch, ...); and from there to the features,
        float32 (batch, features), and the logits. Both share the layers of `model`.
    """
    at = _last_cut(model.operations)
    given = model.operations[at].output
    front = keras.Model(model.input, given)
    back = keras.Model(given, [model.get_layer(CENTRE).input, model.output])
    return front, back


def _last_cut(operations: Sequence[Any]) -> int:
    """Find the last operation that alone is read by what follows, with `LAST_LAYERS` layers before the head."""
    places = {id(operation): at for at, operation in enumerate(operations)}
    readers = [0] * len(operations)  # the last operation that reads each
    for at, operation in enumerate(operations):
        for given in _inputs(operation):
            readers[places[id(given)]] = at
    reach = 0  # how far anything before is read
    cuts = []
    for at, last in enumerate(readers):
        if reach <= at:
            cuts.append(at)
        reach = max(reach, last)
    head = next(at for at, operation in enumerate(operations) if operation.name == CENTRE)
    learning = [at for at, operation in enumerate(operations[:head]) if _mixes_channels(operation)]
    first = learning[-min(LAST_LAYERS, len(learning))]
    return max(at for at in cuts if at < first)


def _inputs(operation: Any) -> list[Any]:
    return [tensor._keras_history.operation for node in operation._inbound_nodes for tensor in node.input_tensors]


def _mixes_channels(layer: Any) -> bool:
    """Say whether a layer weighs all channels for each of its own: a convolution or a dense one."""
    depthwise = isinstance(layer, (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D))
    return not depthwise and any(one.path.endswith("/kernel") for one in getattr(layer, "weights", ()))
