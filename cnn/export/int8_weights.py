"""Store the kernels of a .tflite in 8 bits; what runs stays float32. Importing this loads TensorFlow.

Each kernel becomes int8 with a scale for each output channel and a DEQUANTIZE in front of its convolution. LiteRT
unpacks it once, when it loads the file: an answer costs what it cost, and activations are not rounded.
"""

from __future__ import annotations

from typing import Any, Final

import flatbuffers
import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

from cnn.array_types import Array
from cnn.errors import BrokenNetwork

LEAST_SIZE: Final = 100_000  # numbers: smaller kernels, of early layers, cost little in full and lose most when rounded
LEVELS: Final = 127  # int8, symmetric: the zero stays a zero
READ_BY: Final = {  # operators that read a kernel: which of their inputs it is, and its axis of output channels
    schema.BuiltinOperator.CONV_2D: (1, 0),  # (out, height, width, in)
    schema.BuiltinOperator.FULLY_CONNECTED: (1, 0),  # (out, in)
}
Model = Any  # the schema has no types


def round_to_int8(kernel: Array, axis: int) -> Array:
    """Round `kernel` to what 8 bits hold, one scale for each place along `axis`; float32 of the same shape."""
    levels, scales = _levels(kernel, axis)
    return np.asarray(levels.astype(np.float32) * scales, np.float32)


def _levels(kernel: Array, axis: int) -> tuple[Array, Array]:
    """Give int8 levels and float32 scales, which multiply to the kernel; scales keep every axis."""
    others = tuple(at for at in range(kernel.ndim) if at != axis)
    largest = np.abs(kernel).max(axis=others, keepdims=True)
    scales = np.where(largest > 0, largest / np.float32(LEVELS), np.float32(1)).astype(np.float32)
    return np.rint(kernel / scales).clip(-LEVELS, LEVELS).astype(np.int8), scales


def store_kernels_in_int8(model: bytes) -> bytes:
    """Rewrite a .tflite so that its kernels take a quarter of their bytes.

    Raises: BrokenNetwork: `model` has several subgraphs.
    """
    whole = schema.ModelT.InitFromObj(schema.Model.GetRootAs(bytearray(model), 0))
    if len(whole.subgraphs) != 1:
        raise BrokenNetwork(f"A .tflite with one subgraph is expected, not {len(whole.subgraphs)}.")
    graph, unpacked, operators = whole.subgraphs[0], {}, []
    unpack = _operator_code(whole)
    for operator in graph.operators:
        at, axis = READ_BY.get(whole.operatorCodes[operator.opcodeIndex].builtinCode, (None, 0))
        if at is not None:
            place = int(operator.inputs[at])
            if place not in unpacked and _is_kernel(whole, graph, place):
                unpacked[place] = _packed(whole, graph, place, axis)
                operators.append(_dequantize(unpack, unpacked[place], place))
        operators.append(operator)
    graph.operators = operators
    builder = flatbuffers.Builder(len(model) // 2)
    builder.Finish(whole.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _is_kernel(whole: Model, graph: Model, place: int) -> bool:
    tensor = graph.tensors[place]
    data = whole.buffers[tensor.buffer].data
    return tensor.type == schema.TensorType.FLOAT32 and data is not None and len(data) >= 4 * LEAST_SIZE


def _packed(whole: Model, graph: Model, place: int, axis: int) -> int:
    """Move a kernel into a new int8 tensor; the old one keeps its place and loses its numbers."""
    tensor = graph.tensors[place]
    kernel = np.frombuffer(bytes(whole.buffers[tensor.buffer].data), np.float32).reshape(tensor.shape)
    levels, scales = _levels(kernel, axis)
    packed = schema.TensorT()
    packed.name, packed.shape, packed.type = tensor.name + b"/int8", tensor.shape, schema.TensorType.INT8
    packed.quantization = schema.QuantizationParametersT()
    packed.quantization.scale = scales.ravel()
    packed.quantization.zeroPoint = np.zeros(scales.size, np.int64)
    packed.quantization.quantizedDimension = axis
    buffer = schema.BufferT()
    buffer.data = levels.ravel().view(np.uint8)
    whole.buffers.append(buffer)
    packed.buffer = len(whole.buffers) - 1
    if sum(other.buffer == tensor.buffer for other in graph.tensors) == 1:
        whole.buffers[tensor.buffer].data = None
    tensor.buffer = 0  # the empty one
    graph.tensors.append(packed)
    return len(graph.tensors) - 1


def _operator_code(whole: Model) -> int:
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.DEQUANTIZE
    code.version = 5  # per channel
    whole.operatorCodes.append(code)
    return len(whole.operatorCodes) - 1


def _dequantize(code: int, given: int, made: int) -> Model:
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = (
        code,
        np.array([given], np.int32),
        np.array([made], np.int32),
    )
    operator.builtinOptionsType = schema.BuiltinOptions.DequantizeOptions
    operator.builtinOptions = schema.DequantizeOptionsT()
    return operator
