"""Look inside a network: its graph, its weights, and what every layer makes of an input. No TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn import graph, zoo
from cnn.errors import BadInput, BrokenNetwork
from cnn.graph import Graph
from cnn.litert import THREADS

Array = npt.NDArray[np.float32]
TFLITE, JSON = ".layers.tflite", ".layers.json"  # endings, after the architecture's name


@dataclass(frozen=True, slots=True)
class Inside:
    """A network that was opened; nobody changes what it gives.

    Attributes:
        name: of the network, such as "mnist/resnet".
        graph: its layers.
        engine: LiteRT with every layer as an output.
        file: of its weights.
    """

    name: str
    graph: Graph
    engine: Engine
    file: Path

    def maps(self, image: Array) -> dict[str, Array]:
        """Compute what every layer makes of an input.

        Args:
            image: float32 (height, width, channels) in [0, 1], the network's exact input.
        Returns: layer name -> float32 of the layer's shape; the input layer's is `image`.
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
        return _arrays(self.file, places) if places else {}


@dataclass(slots=True)
class Engine:
    """An interpreter whose outputs are all layers; it answers one thread at a time."""

    content: bytes
    _interpreter: Any = None
    _places: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, image: Array) -> dict[str, Array]:
        """Run one input, float32 (height, width, channels); see `Inside.maps`."""
        with self._lock:
            if self._interpreter is None:
                self._start(image.shape)
            self._interpreter.set_tensor(self._entry(), image[None])
            self._interpreter.invoke()
            return {name: self._interpreter.get_tensor(place)[0] for name, place in self._places.items()}

    def _start(self, shape: tuple[int, ...]) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_content=self.content, num_threads=THREADS)
        self._interpreter.resize_tensor_input(self._entry(), (1, *shape))
        self._interpreter.allocate_tensors()
        details = self._interpreter.get_signature_runner().get_output_details()
        self._places = {name: int(detail["index"]) for name, detail in details.items()}

    def _entry(self) -> int:
        return int(self._interpreter.get_input_details()[0]["index"])


def load(name: str, folder: Path = zoo.FOLDER) -> Inside:
    """Open a network, after checking its file against the checksum in its graph.

    Args:
        name: such as "mnist/resnet".
        folder: of the networks.
    Raises: UnknownName: no network of that `name` is there.
        BrokenNetwork: a file is missing or damaged.
    """
    zoo.read_card(name, folder)
    layers, sha256 = graph.read(folder / f"{name}{JSON}")
    try:
        content = (folder / f"{name}{TFLITE}").read_bytes()
    except OSError as error:
        raise BrokenNetwork(f"The layers of {name} cannot be read ({error}). Fetch assets/networks anew.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BrokenNetwork(f"The layers of {name} are damaged: wrong checksum. Fetch assets/networks anew.")
    return Inside(name, layers, Engine(content), folder / f"{name}.weights.h5")


def _arrays(path: Path, places: Mapping[str, str]) -> dict[str, Array]:
    import h5py  # not before somebody looks inside

    try:
        with h5py.File(path) as file:
            return {name: np.asarray(file[place][()], np.float32) for name, place in places.items()}
    except (OSError, KeyError) as error:
        raise BrokenNetwork(
            f"The weights in {path.name} cannot be read ({error}). Fetch assets/networks anew."
        ) from error
