"""Open a Keras model: a .tflite that returns every layer, and the graph of its layers. Loads TensorFlow.

`python -m cnn.export.layer_outputs NAME [NAME ...]` writes both beside networks that were shipped without them.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from cnn import graph, zoo
from cnn.atomic_files import write_bytes, write_text
from cnn.errors import BrokenNetwork
from cnn.export import keras_to_tflite, keras_twin
from cnn.graph import Graph, Layer
from cnn.keras_backend import keras
from cnn.layers.activations import JSON, TFLITE
from cnn.zoo import pretrained

CONFIG: Final = (  # what a layer's sum depends on
    *("kernel_size", "strides", "padding", "dilation_rate", "groups", "depth_multiplier", "use_bias", "activation"),
    *("pool_size", "epsilon", "momentum", "rate", "max_value", "negative_slope", "threshold", "scale", "offset"),
    *("axis", "keepdims", "pad_width", "cropping", "units", "filters"),
    *("K", "N", "ALPHA"),  # of local response normalisation
)
Operation = Any  # a Keras layer, or an operation on tensors; Keras has no types


def to_tflite_of_every_layer(model: keras.Model) -> bytes:
    """Convert `model` to a .tflite whose outputs are named like its layers, each with the batch in front."""
    found = {name: operation.output for name, operation in _operations(model)}
    return keras_to_tflite.to_tflite(keras.Model(model.inputs, found))


def describe_graph(model: keras.Model, weights: bytes | Path) -> Graph:
    """Describe every layer of `model`.

    Args:
        model: flat, as the builders of `cnn.architectures` make them.
        weights: its file of weights, or the content of one.
    Raises: BrokenNetwork: the weights are not this model's.
    """
    names = {id(operation): name for name, operation in [*_inputs(model), *_operations(model)]}
    places = _places(model, weights)
    made = [_layer(operation, names, places) for operation in model.operations]
    return Graph(tuple(made))


def write_layer_outputs(model: keras.Model, stem: Path, weights: bytes | Path) -> None:
    """Write both files beside a network; the graph, which holds the other's checksum, comes last.

    Args:
        model: of the network.
        stem: the network's files without their endings.
        weights: as for `describe_graph`.
    Raises: OSError: the disk is full.
    """
    content = to_tflite_of_every_layer(model)
    write_bytes(stem.with_name(stem.name + TFLITE), content)
    text = graph.graph_to_json(describe_graph(model, weights), hashlib.sha256(content).hexdigest())
    write_text(stem.with_name(stem.name + JSON), text)


def _inputs(model: keras.Model) -> Iterator[tuple[str, Operation]]:
    yield from ((layer.name, layer) for layer in model.layers if isinstance(layer, keras.layers.InputLayer))


def _operations(model: keras.Model) -> Iterator[tuple[str, Operation]]:
    """Name all but the input. What is no layer gets its name from its reader: Keras numbers it through the process."""
    known = set(model.layers)
    for operation in model.operations:
        if isinstance(operation, keras.layers.InputLayer):
            continue
        if operation in known:
            yield operation.name, operation
        else:
            yield f"{_reader(model, operation).name}_{type(operation).__name__.lower()}", operation


def _reader(model: keras.Model, operation: Operation) -> Operation:
    wanted = operation.output
    return next(one for one in model.operations if any(wanted is given for given in _read_by(one)))


def _read_by(operation: Operation) -> list[Any]:
    return [] if isinstance(operation, keras.layers.InputLayer) else keras.tree.flatten(operation.input)


def _layer(operation: Operation, names: Mapping[int, str], places: Mapping[int, dict[str, str]]) -> Layer:
    sources = [given._keras_history.operation for given in _read_by(operation)]
    return Layer(
        name=names[id(operation)],
        kind=type(operation).__name__,
        inputs=tuple(names[id(source)] for source in sources),
        shape=tuple(int(side) for side in operation.output.shape[1:]),
        parameters=operation.count_params() if isinstance(operation, keras.layers.Layer) else 0,
        config=_config(operation),
        weights=places.get(id(operation), {}),
    )


def _config(operation: Operation) -> dict[str, Any]:
    found = {name: getattr(operation, name) for name in CONFIG if hasattr(operation, name)}
    if "activation" in found:
        found["activation"] = getattr(found["activation"], "__name__", "linear")
    return {name: value for name, value in found.items() if isinstance(value, int | float | str | tuple | list)}


def _places(model: keras.Model, weights: bytes | Path) -> dict[int, dict[str, str]]:
    """Find each layer's arrays in the file, by Keras' rule: the class's name, numbered in the order of the layers."""
    from io import BytesIO

    seen: Counter[str] = Counter()
    found = {}
    with h5py.File(BytesIO(weights) if isinstance(weights, bytes) else weights) as file:
        for layer in model.layers:
            kind = keras.src.utils.naming.to_snake_case(type(layer).__name__)
            place = f"layers/{kind}_{seen[kind]}" if seen[kind] else f"layers/{kind}"
            seen[kind] += 1
            found[id(layer)] = {
                _plain(variable): _checked(file, f"{place}/vars/{i}", variable)
                for i, variable in enumerate(layer.weights)
            }
    return found


def _plain(variable: Any) -> str:
    return str(variable.path.rsplit("/", 1)[-1])


def _checked(file: h5py.File, place: str, variable: Any) -> str:
    if place not in file or not np.array_equal(file[place][()], np.asarray(variable)):
        raise BrokenNetwork(f"The file of weights does not hold {variable.path} at {place}.")
    return place


def main(names: list[str]) -> None:
    """Write both files beside each named network."""
    for name in names:
        folder = pretrained.pretrained_folder() if name in pretrained.PRETRAINED else zoo.NETWORKS_FOLDER
        network = zoo.load_network(name, folder)
        weights = folder / f"{name}.weights.h5"
        write_layer_outputs(keras_twin.build_keras_twin(name, network.runner.shape, folder), folder / name, weights)


if __name__ == "__main__":
    main(sys.argv[1:])
