"""Keep a converted network's kernels once: in its .layers.tflite, not a second time for Keras. Loads TensorFlow."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from cnn.array_types import Array
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.int8_weights import LEAST_SIZE, round_to_int8
from cnn.graph import Graph
from cnn.layers.packed_kernels import PREFIX

if TYPE_CHECKING:
    import keras


def round_kernels(model: keras.Model) -> None:
    """Round in Keras what the files keep in 8 bits, so that both engines have the same weights."""
    for layer in model.layers:
        if hasattr(layer, "kernel") and layer.kernel.shape.num_elements() >= LEAST_SIZE:
            kernel, *rest = layer.get_weights()
            layer.set_weights([round_to_int8(kernel, kernel.ndim - 1), *rest])


def pack_kernels(model: keras.Model, layers: bytes) -> tuple[Graph, bytes]:
    """Describe `model` with its kernels in `layers`, its .layers.tflite, and keep the rest as a file of weights.

    Returns: the graph, and the content of the .weights.h5.
    """
    places = _constants(layers)
    weights = keras_to_tflite.pack_weights(model)
    described = layer_outputs.describe_graph(model, weights)
    with h5py.File(BytesIO(weights)) as whole, BytesIO() as made:
        kernels = {
            layer.name: places[hashlib.sha256(_stored(whole[layer.weights["kernel"]][()])).digest()]
            for layer in described.layers
            if "kernel" in layer.weights
        }
        packed = Graph(
            tuple(
                replace(layer, weights={**layer.weights, "kernel": f"{PREFIX}{kernels[layer.name]}"})
                if layer.name in kernels
                else layer
                for layer in described.layers
            )
        )
        with h5py.File(made, "w", libver="latest") as ours:
            for place in (place for layer in packed.layers for place in layer.weights.values()):
                if not place.startswith(PREFIX):
                    ours[place] = whole[place][()]
        return packed, made.getvalue()


def _stored(kernel: Array) -> bytes:
    """Give a kernel's numbers in the order of axes of LiteRT, rounded to what is told apart."""
    turned = kernel.transpose((3, 0, 1, 2) if kernel.ndim == 4 else (1, 0))
    return np.ascontiguousarray(turned, np.float32).tobytes()


def _constants(content: bytes) -> dict[bytes, int]:
    """Find every constant of a .tflite by the checksum of its numbers."""
    model = schema.Model.GetRootAs(bytearray(content), 0)
    graph_ = model.Subgraphs(0)
    return {
        hashlib.sha256(numbers.tobytes()).digest(): at
        for at in range(graph_.TensorsLength())
        if (numbers := _numbers(model, graph_.Tensors(at))) is not None
    }


def _numbers(model: Any, tensor: Any) -> Array | None:
    data = model.Buffers(tensor.Buffer()).DataAsNumpy()
    if not isinstance(data, np.ndarray) or tensor.Type() not in (schema.TensorType.FLOAT32, schema.TensorType.INT8):
        return None
    if tensor.Type() == schema.TensorType.FLOAT32:
        return data.view(np.float32)
    shape = tensor.ShapeAsNumpy()
    scales = tensor.Quantization().ScaleAsNumpy().reshape(-1, *(1 for _ in shape[1:]))
    return np.asarray(data.view(np.int8).reshape(shape).astype(np.float32) * scales, np.float32)
