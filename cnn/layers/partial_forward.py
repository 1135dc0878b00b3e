"""Run a network from any layer on, in NumPy, for a batch: what comes after a change. No TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cnn.array_types import Array
from cnn.graph import Graph, Layer
from cnn.layers.batched_ops import compute_layer


class WeightedGraph(Protocol):
    """Layers and their arrays: a network that was opened, or a moment of a training."""

    @property
    def graph(self) -> Graph:
        """Give its layers."""

    def weights(self, layer: str) -> dict[str, Array]:
        """Read the arrays of a layer by name; {} where it has none."""


@dataclass(frozen=True, slots=True)
class PartialForward:
    """A network that can be run from any layer on; whoever shares it changes nothing in it.

    Attributes:
        inside: the network.
    """

    inside: WeightedGraph
    _weights: dict[str, dict[str, Array]] = field(default_factory=dict)  # read when first needed, then kept

    @property
    def graph(self) -> Graph:
        """Give its layers."""
        return self.inside.graph

    def logits(self, known: Mapping[str, Array], keep: Mapping[str, Array] | None = None) -> Array:
        """Compute the logits; what is known is used wherever nothing before it changed.

        Args:
            known: what layers give, float32 with the batch in front; a batch of 1 serves all others. It holds the
                input's at least. None of it is changed.
            keep: for some layers, what each unit's output is multiplied with, float32 (n, units); 0 makes it 0.
        Returns: float32 (n, classes).
        Raises: BadInput: a kind of layer that nobody taught us.
            BrokenNetwork: the weights cannot be read.
        """
        keep, fresh = keep or {}, dict[str, Array]()
        last_reader = {name: layer.name for layer in self.graph.layers for name in layer.inputs}
        for layer in self.graph.layers:
            stale = layer.name not in known or any(name in fresh for name in layer.inputs)
            if stale:
                fresh[layer.name] = self.layer(layer, [_of(name, fresh, known) for name in layer.inputs])
            if layer.name in keep:
                fresh[layer.name] = _masked(_of(layer.name, fresh, known), keep[layer.name])
            for name in layer.inputs:
                if last_reader[name] == layer.name:
                    fresh.pop(name, None)  # a batch of everything would not fit in memory
        return _of(self.graph.logits.name, fresh, known)

    def maps(self, images: Array) -> dict[str, Array]:
        """Compute what every layer gives, float32 with the batch in front, of inputs, float32 (n, height, ...).

        Raises: as `logits`.
        """
        found = {self.graph.layers[0].name: images}
        for layer in self.graph.layers[1:]:
            found[layer.name] = self.layer(layer, [found[name] for name in layer.inputs])
        return found

    def layer(self, layer: Layer, given: list[Array]) -> Array:
        """Compute one layer from what it reads; see `cnn.layers.batched_ops.compute_layer`."""
        if layer.name not in self._weights:
            self._weights[layer.name] = self.inside.weights(layer.name)
        return compute_layer(layer, given, self._weights[layer.name])


def _of(name: str, fresh: Mapping[str, Array], known: Mapping[str, Array]) -> Array:
    return fresh[name] if name in fresh else known[name]


def _masked(maps: Array, keep: Array) -> Array:
    """Multiply each unit: (n, ..., units) with (n, units)."""
    return maps * keep.reshape(len(keep), *(1,) * (maps.ndim - 2), -1)
