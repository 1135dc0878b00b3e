"""What a network's last weights weigh: its features, from its own .tflite, cut before them. No TensorFlow."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cnn.array_types import Array
from cnn.errors import BrokenNetwork
from cnn.zoo.litert_runner import LiteRTRunner
from cnn.zoo.networks import Network

WEIGHING: Final = frozenset(
    {"CONV_2D", "FULLY_CONNECTED"}
)  # operations that end a network: those with its last weights


class FeatureExtractor:
    """Turns inputs into the features of a network, averaged over places where they have any.

    Every class of the network is a weighted sum of them, so they hold all that it found in the picture; a new head on
    them learns other classes (Donahue et al. 2013, arXiv:1310.1531).

    Attributes:
        name: of the network, such as "imagenet/efficientnet_lite0".
        shape: (height, width, channels) of an input.
        width: features of one input.
    """

    def __init__(self, network: Network) -> None:
        """Cut the network before its last weights.

        Raises: BrokenNetwork: nothing in it weighs features.
        """
        self.name = network.name
        self._runner = LiteRTRunner(cut_before_last_weights(network.runner.model, network.name))
        self.shape = self._runner.shape
        self.width = int(self(np.zeros((1, *self.shape), np.float32)).shape[1])

    def __call__(self, inputs: Array) -> Array:
        """Compute float32 (n, width) of inputs, float32 (n, height, width, channels) as the network takes them."""
        features = self._runner(inputs)
        return features.mean(axis=tuple(range(1, features.ndim - 1))) if features.ndim > 2 else features


def cut_before_last_weights(model: bytes, name: str) -> bytes:
    """Make a .tflite that ends with the input of the last convolution or dense layer of another.

    Args:
        model: the content of a .tflite file of one graph.
        name: for the error.
    Raises: BrokenNetwork: it has no such layer.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    content: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    graph = content.subgraphs[0]
    kinds = {code: kind for kind, code in vars(schema.BuiltinOperator).items() if not kind.startswith("_")}
    maker = {tensor: at for at, operator in enumerate(graph.operators) for tensor in operator.outputs}
    tensor = graph.outputs[0]
    while tensor in maker:
        operator = graph.operators[maker[tensor]]
        tensor = operator.inputs[0]
        if kinds[content.operatorCodes[operator.opcodeIndex].builtinCode] in WEIGHING:
            break
    else:
        raise BrokenNetwork(f"{name} weighs no features: it has neither a dense layer nor a convolution.")
    if tensor not in maker:
        raise BrokenNetwork(f"{name} weighs its picture directly: it has no features.")
    graph.outputs = [tensor]
    graph.operators = graph.operators[: maker[tensor] + 1]
    content.signatureDefs = []
    builder = flatbuffers.Builder(len(model))
    builder.Finish(content.Pack(builder), b"TFL3")
    return bytes(builder.Output())
