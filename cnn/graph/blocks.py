"""Layers that belong together: a convolution, say, with the norm and the activation that follow it place by place."""

from __future__ import annotations

from dataclasses import dataclass

from cnn.graph import INPUT_KIND, Graph, Layer


@dataclass(frozen=True, slots=True)
class LayerBlock:
    """Layers of one place.

    Attributes:
        layers: the one that gives it its name, and those that joined it, in order.
        sources: names of the blocks that it reads.
    """

    layers: tuple[Layer, ...]
    sources: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name it by its first layer."""
        return self.layers[0].name


def gather_blocks(graph: Graph) -> tuple[LayerBlock, ...]:
    """Gather the layers into blocks, in the order of their first layers."""
    made: dict[str, list[Layer]] = {}  # name of a block -> its layers
    home: dict[str, str] = {}  # layer -> name of its block
    for layer in graph.layers:
        before = home.get(layer.inputs[0], "") if layer.inputs else ""
        joins = _folds(layer) and made[before][-1].name == layer.inputs[0] and len(graph.readers(layer.inputs[0])) == 1
        home[layer.name] = before if joins else layer.name
        made.setdefault(home[layer.name], []).append(layer)
    return tuple(LayerBlock(tuple(layers), tuple(home[name] for name in layers[0].inputs)) for layers in made.values())


def _folds(layer: Layer) -> bool:
    """Say whether a layer may join another: it has one input, and no window that slides over it."""
    slides = "kernel" in layer.weights or "pool_size" in layer.config or layer.kind.startswith("Global")
    return len(layer.inputs) == 1 and not slides and layer.kind != INPUT_KIND
