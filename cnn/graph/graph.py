"""What a network is made of: every layer, what it reads and how large it is. No TensorFlow.

Each network's file `<architecture>.layers.json` holds it; `cnn.export.layer_outputs` writes it from the Keras model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cnn.errors import BrokenNetwork, UnknownName

INPUT_KIND: Final = "InputLayer"  # the kind of the layer that stands for the input
CONVOLUTION_KINDS: Final = ("Conv2D", "DepthwiseConv2D")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, or one operation that stands between layers.

    Attributes:
        name: unique in its network.
        kind: Keras' name for it, such as "Conv2D", "BatchNormalization" or "Add".
        inputs: names of the layers that it reads, in the order in which it takes them.
        shape: of what it gives for one input: (height, width, channels) or (units,).
        parameters: how many numbers it learned or keeps, 0 for most kinds.
        config: what makes its sum, such as kernel_size, strides, padding, activation; pairs are tuples.
        weights: names of its arrays, such as "kernel", and where they stand in the file of weights.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    shape: tuple[int, ...]
    parameters: int
    config: Mapping[str, Any]
    weights: Mapping[str, str]

    @property
    def has_maps(self) -> bool:
        """Say whether it gives maps, (height, width, channels); else it gives a row of numbers."""
        return len(self.shape) == 3

    @property
    def units(self) -> int:
        """Count its channels, or its numbers."""
        return self.shape[-1]


@dataclass(frozen=True, slots=True)
class Graph:
    """The layers of a network, each after all that it reads; the first is the input, the last gives the logits."""

    layers: tuple[Layer, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """List the layers' names."""
        return tuple(layer.name for layer in self.layers)

    @property
    def logits(self) -> Layer:
        """Give the last layer."""
        return self.layers[-1]

    def layer(self, name: str) -> Layer:
        """Look one up.

        Raises: UnknownName: no layer has that `name`.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise UnknownName("layer", name, self.names)

    def readers(self, name: str) -> tuple[Layer, ...]:
        """List the layers that read the layer `name`."""
        return tuple(layer for layer in self.layers if name in layer.inputs)

    @property
    def depth(self) -> int:
        """Count the layers with a kernel on the longest way from the input to the logits, as papers count depth."""
        longest: dict[str, int] = {}
        for layer in self.layers:
            before = max((longest[name] for name in layer.inputs), default=0)
            longest[layer.name] = before + ("kernel" in layer.weights)
        return longest[self.logits.name]


def graph_to_json(graph: Graph, sha256: str) -> str:
    """Write a graph as JSON, with the checksum of the network that returns every layer."""
    return json.dumps({"sha256": sha256, "layers": [asdict(layer) for layer in graph.layers]}, indent=1) + "\n"


def read_graph(path: Path) -> tuple[Graph, str]:
    """Read a graph and that checksum.

    Raises: BrokenNetwork: the file is missing or not of that form.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Graph(tuple(_layer(entry) for entry in content["layers"])), str(content["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenNetwork(
            f"The layers in {path.name} cannot be read ({error!r}). Fetch assets/networks anew."
        ) from error


def _layer(entry: dict[str, Any]) -> Layer:
    config = {name: tuple(value) if isinstance(value, list) else value for name, value in entry["config"].items()}
    return Layer(
        name=entry["name"],
        kind=entry["kind"],
        inputs=tuple(entry["inputs"]),
        shape=tuple(entry["shape"]),
        parameters=entry["parameters"],
        config=config,
        weights=entry["weights"],
    )
