"""A network up to its last maps, in LiteRT: several times as fast as TensorFlow. No TensorFlow."""

from __future__ import annotations

from pathlib import Path

from cnn import zoo
from cnn.array_types import Array
from cnn.layers import activations
from cnn.zoo.litert_runner import RUNNER_THREADS


class LiteRTBackbone:
    """Computes the maps of one layer; for one thread at a time."""

    def __init__(
        self, name: str, layer: str, folder: Path = zoo.NETWORKS_FOLDER, threads: int = RUNNER_THREADS
    ) -> None:
        """Open a network.

        Args:
            name: such as "mnist/resnet".
            layer: whose maps are wanted.
            folder: of the networks.
            threads: of LiteRT.
        Raises: UnknownName: no such network. BrokenNetwork: the file that holds every layer is not there, or damaged.
            KeyError: it does not hold that layer.
        """
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(
            model_content=activations.open_network(name, folder).engine.content, num_threads=threads
        )
        self._interpreter.allocate_tensors()
        self._entry = int(self._interpreter.get_input_details()[0]["index"])
        details = self._interpreter.get_signature_runner().get_output_details()
        self._exit = int(details[layer]["index"])

    def __call__(self, image: Array) -> Array:
        """Compute float32 (layer_height, layer_width, maps) of an input, float32 (height, width, channels)."""
        self._interpreter.set_tensor(self._entry, image[None])
        self._interpreter.invoke()
        maps: Array = self._interpreter.get_tensor(self._exit)[0]
        return maps
