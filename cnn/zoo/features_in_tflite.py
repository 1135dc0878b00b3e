"""A .tflite file that gives its features: what its last weights read. No TensorFlow."""

from __future__ import annotations

from typing import Any, Final

from cnn.architectures.taught import CENTRE, UNIT_LENGTH
from cnn.errors import BrokenNetwork

WEIGHING: Final = frozenset(
    {"CONV_2D", "FULLY_CONNECTED"}
)  # operations that end a network: those with its last weights

HEAD_LAYERS: Final = (CENTRE.encode(), UNIT_LENGTH.encode())  # stand in the names of what they make

MAPS_AXES: Final = 4  # of a batch of maps


def cut_before_last_weights(model: bytes, name: str) -> bytes:
    """Make a .tflite that ends with the input of the last convolution or dense layer of another.

    Of a network of taught classes it ends with the features of the trunk: those that their head reads, too.

    Args:
        model: the content of a .tflite file of one graph.
        name: for the error.
    Raises: BrokenNetwork: it has no such layer.
    """
    content, tensor, maker = _find_features(model, name)
    graph = content.subgraphs[0]
    graph.outputs = [tensor]
    graph.operators = graph.operators[: maker[tensor] + 1]
    return _packed(content, len(model))


def cut_before_pooling(model: bytes, name: str) -> bytes | None:
    """Make a .tflite that ends with the maps whose means are the features; None where features are no means of maps.

    Args:
        model: the content of a .tflite file of one graph, of a network that answers.
        name: for the error.
    Raises: BrokenNetwork: it has no features.
    """
    content, tensor, maker = _find_features(model, name)
    graph = content.subgraphs[0]
    made_by = graph.operators[maker[tensor]]
    if _kind(content, made_by) == "MEAN":
        tensor = int(made_by.inputs[0])
    if len(graph.tensors[tensor].shape) != MAPS_AXES:
        return None
    graph.outputs = [tensor]
    graph.operators = graph.operators[: maker[tensor] + 1]
    return _packed(content, len(model))


def return_features_too(model: bytes, name: str) -> bytes:
    """Make a .tflite of taught classes that returns the features of its trunk behind its logits.

    Args:
        model: the content of a .tflite file whose architecture is one of `cnn.architectures.taught`.
        name: for the error.
    Raises: BrokenNetwork: it has no features.
    """
    content, tensor, _ = _find_features(model, name)
    graph = content.subgraphs[0]
    graph.outputs = [*graph.outputs, tensor]
    return _packed(content, len(model))


def _find_features(model: bytes, name: str) -> tuple[Any, int, dict[int, int]]:
    """Find the tensor of the features, behind the head of taught classes, and which operator makes which tensor."""
    from ai_edge_litert import schema_py_generated as schema

    content: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    graph = content.subgraphs[0]
    maker = {tensor: at for at, operator in enumerate(graph.operators) for tensor in operator.outputs}
    tensor = graph.outputs[0]
    while tensor in maker:
        operator = graph.operators[maker[tensor]]
        tensor = operator.inputs[0]
        if _kind(content, operator) in WEIGHING:
            break
    else:
        raise BrokenNetwork(f"{name} weighs no features: it has neither a dense layer nor a convolution.")
    if tensor not in maker:
        raise BrokenNetwork(f"{name} weighs its picture directly: it has no features.")
    return content, _before_head(graph, tensor, maker, name), maker


def _before_head(graph: Any, tensor: int, maker: dict[int, int], name: str) -> int:
    """Go back from what the last weights of taught classes read to the features of their trunk."""
    while any(layer in graph.tensors[tensor].name for layer in HEAD_LAYERS):
        shape = list(graph.tensors[tensor].shape)
        given = [one for one in graph.operators[maker[tensor]].inputs if one in maker]
        tensor = next((one for one in given if list(graph.tensors[one].shape) == shape), -1)
        if tensor < 0:
            raise BrokenNetwork(f"The features of {name} are not where the head of taught classes reads them.")
    return tensor


def _kind(content: Any, operator: Any) -> str:
    """Name what an operator does, such as "CONV_2D"."""
    from ai_edge_litert import schema_py_generated as schema

    kinds = {code: kind for kind, code in vars(schema.BuiltinOperator).items() if not kind.startswith("_")}
    return str(kinds[content.operatorCodes[operator.opcodeIndex].builtinCode])


def _packed(content: Any, size: int) -> bytes:
    import flatbuffers

    content.signatureDefs = []
    builder = flatbuffers.Builder(size)
    builder.Finish(content.Pack(builder), b"TFL3")
    return bytes(builder.Output())
