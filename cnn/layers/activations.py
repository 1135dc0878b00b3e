"""Look inside a network: its graph, its weights, and what every layer makes of an input. No TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from cnn import graph, zoo
from cnn.array_types import Array
from cnn.atomic_files import sha256
from cnn.errors import BadInput, BrokenNetwork
from cnn.graph import Graph
from cnn.layers import packed_kernels
from cnn.zoo.litert_runner import RUNNER_THREADS

TFLITE, JSON = zoo.LAYERS_TFLITE, ".layers.json"  # endings, after the architecture's name


@dataclass(frozen=True, slots=True)
class InspectableNetwork:
    """A network that was opened; nobody changes what it gives.

    Attributes:
        name: of the network, such as "mnist/resnet".
        graph: its layers.
        engine: LiteRT with every layer as an output.
        file: of its weights.
    """

    name: str
    graph: Graph
    engine: LayerOutputEngine
    file: Path

    def maps(self, image: Array) -> dict[str, Array]:
        """Compute what every layer makes of an input.

        Args:
            image: float32 (height, width, channels) in [0, 1], the network's exact input.
        Returns: layer name -> float32 of the layer's shape, read-only; the input layer's is `image`.
        Raises: BadInput: a wrong shape.
        """
        first = self.graph.layers[0]
        if image.shape != first.shape:
            raise BadInput(f"{self.name} takes an input of {first.shape}, not {image.shape}.")
        return {first.name: image} | self.engine(image)

    def weights(self, layer: str) -> dict[str, Array]:
        """Read the arrays of a layer, such as "kernel", (height, width, in, out), and "bias"; {} where it has none.

        Raises: UnknownName: there is no such layer.
            BrokenNetwork: the file cannot be read.
        """
        places = self.graph.layer(layer).weights
        packed = {name: place for name, place in places.items() if packed_kernels.is_packed(place)}
        kept = {name: place for name, place in places.items() if name not in packed}
        found = _arrays(self.file, kept) if kept else {}
        if packed:
            found |= packed_kernels.read_packed_kernels(self.file.parent / (Path(self.name).name + TFLITE), packed)
        return {name: found[name] for name in places}


@dataclass(slots=True)
class LayerOutputEngine:
    """Interpreters whose outputs are all layers; one answers at a time.

    What they return stays in their own memory: copying the 80 MB of EfficientNet-Lite0 took four times as long as
    computing them. An interpreter whose last answer somebody still holds is left alone, and another one starts.
    """

    content: bytes
    _interpreters: list[Any] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, image: Array) -> dict[str, Array]:
        """Run one input, float32 (height, width, channels); see `InspectableNetwork.maps`."""
        return {name: values[0] for name, values in self.run_batch(image[None]).items()}

    def run_batch(self, images: Array) -> dict[str, Array]:
        """Run several inputs, float32 (n, height, width, channels): layer name -> float32 (n, ...), read-only.

        Another n than last time costs a new plan of the memory.
        """
        with self._lock:
            for interpreter in self._interpreters:
                with suppress(RuntimeError):  # LiteRT refuses to overwrite what is held
                    return self._run(interpreter, images)
            self._interpreters.append(self._start(images.shape))
            return self._run(self._interpreters[-1], images)

    def _run(self, interpreter: Any, images: Array) -> dict[str, Array]:
        entry = interpreter.get_input_details()[0]
        if tuple(entry["shape"]) != images.shape:
            interpreter.resize_tensor_input(entry["index"], images.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(entry["index"], images)
        interpreter.invoke()
        return {name: _view(interpreter.tensor(place)()) for name, place in self._places.items()}

    def _start(self, shape: tuple[int, ...]) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(model_content=self.content, num_threads=RUNNER_THREADS)
        interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], shape)
        interpreter.allocate_tensors()
        details = interpreter.get_signature_runner().get_output_details()
        self._places = {name: int(detail["index"]) for name, detail in details.items()}
        return interpreter


def _view(values: Array) -> Array:
    """Let nobody write into the interpreter's memory."""
    values.setflags(write=False)
    return values


def open_network(name: str, folder: Path = zoo.NETWORKS_FOLDER) -> InspectableNetwork:
    """Open a network, after checking its files against the checksums in its card and its graph.

    Args:
        name: such as "mnist/resnet".
        folder: of the networks.
    Raises: UnknownName: no network of that `name` is there.
        BrokenNetwork: a file is missing or damaged.
    """
    card = zoo.read_card(name, folder)
    layers, layers_sha256 = graph.read_graph(folder / f"{name}{JSON}")
    try:
        content = (folder / f"{name}{TFLITE}").read_bytes()
    except OSError as error:
        raise BrokenNetwork(
            f"The layers of {name} cannot be read ({error.strerror}). Fetch assets/networks anew."
        ) from error
    if hashlib.sha256(content).hexdigest() != layers_sha256:
        raise BrokenNetwork(f"The layers of {name} are damaged: wrong checksum. Fetch assets/networks anew.")
    weights = folder / f"{name}.weights.h5"
    try:
        whole = sha256(weights) == card.weights_sha256
    except OSError as error:
        raise BrokenNetwork(
            f"The weights of {name} cannot be read ({error.strerror}). Fetch assets/networks anew."
        ) from error
    if not whole:  # sums would be shown that the network never made
        raise BrokenNetwork(f"The weights of {name} are damaged: wrong checksum. Fetch assets/networks anew.")
    return InspectableNetwork(name, layers, LayerOutputEngine(content), weights)


def _arrays(path: Path, places: Mapping[str, str]) -> dict[str, Array]:
    import h5py  # not before somebody looks inside

    try:
        with h5py.File(path) as file:
            return {name: np.asarray(file[place][()], np.float32) for name, place in places.items()}
    except (OSError, KeyError) as error:
        raise BrokenNetwork(
            f"The weights in {path.name} cannot be read ({type(error).__name__}). Fetch assets/networks anew."
        ) from error
