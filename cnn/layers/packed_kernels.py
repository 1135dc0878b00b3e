"""Kernels that a network keeps once, in its .layers.tflite, and not a second time for Keras. No TensorFlow.

A large network's graph says so with the place "tflite:17": the constant 17 of that file, float32, or int8 with a scale
for each output channel (`cnn.export.int8_weights`).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.errors import BrokenNetwork

PREFIX: Final = "tflite:"
INT8: Final = 9  # TensorType of the schema


def is_packed(place: str) -> bool:
    """Say whether a layer's array stands in the .layers.tflite, not in the file of weights."""
    return place.startswith(PREFIX)


def has_int8_kernels(model: bytes) -> bool:
    """Say whether a .tflite keeps any of its constants in 8 bits."""
    from ai_edge_litert import schema_py_generated as schema  # not before somebody looks inside

    graph = schema.Model.GetRootAs(model, 0).Subgraphs(0)
    return any(graph.Tensors(at).Type() == INT8 for at in range(graph.TensorsLength()))


def read_packed_kernels(path: Path, places: Mapping[str, str]) -> dict[str, Array]:
    """Read kernels as Keras has them: float32 (height, width, in, out), or (in, out).

    Args:
        path: of the .layers.tflite.
        places: name of an array -> its place, each one for which `is_packed` holds.
    Raises: BrokenNetwork: the file cannot be read, or has no such constant.
    """
    from ai_edge_litert import schema_py_generated as schema  # not before somebody looks inside

    try:
        model = schema.Model.GetRootAs(path.read_bytes(), 0)
        return {name: _kernel(model, int(place.removeprefix(PREFIX))) for name, place in places.items()}
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise BrokenNetwork(
            f"The kernels in {path.name} cannot be read ({error!r}). Fetch assets/networks anew."
        ) from error


def _kernel(model: object, at: int) -> Array:
    tensor = model.Subgraphs(0).Tensors(at)  # type: ignore[attr-defined]  # the schema has no types
    data = model.Buffers(tensor.Buffer()).DataAsNumpy()  # type: ignore[attr-defined]
    shape = tuple(tensor.ShapeAsNumpy().tolist())
    if tensor.Type() == INT8:
        levels, scales = data.view(np.int8).reshape(shape), tensor.Quantization().ScaleAsNumpy()
        kernel = levels.astype(np.float32) * scales.reshape(-1, *(1 for _ in shape[1:]))
    else:
        kernel = data.view(np.float32).reshape(shape)
    return np.ascontiguousarray(kernel.transpose((1, 2, 3, 0) if kernel.ndim == 4 else (1, 0)))
