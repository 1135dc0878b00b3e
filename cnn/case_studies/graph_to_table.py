"""Draw a shipped network from its own layers: rows of a diagram, as `architecture_table` has them for the papers'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Final

from cnn.case_studies.architecture_table import ArchitectureRow, ArchitectureTable, RowShape
from cnn.graph import CONVOLUTION_KINDS, INPUT_KIND, Graph, Layer

POOLING_KINDS: Final = {"MaxPooling2D": "max pool", "AveragePooling2D": "mean pool"}
GLOBAL_POOLING_KINDS: Final = ("GlobalAveragePooling2D",)
MERGING_KINDS: Final = {"Concatenate": "inception block", "Add": "residual block"}


def tabulate_graph(graph: Graph) -> ArchitectureTable:
    """Turn layers into rows; what has no row of its own (such as normalisation) counts to the row before it.

    Between two layers that everything passes through, a single layer is a row, and several are a block.
    """
    parts: list[ArchitectureRow] = []
    for segment in _segments(graph):
        part = _part(graph, segment)
        if part:
            parts.append(part)
        else:
            more = sum(layer.parameters for layer in segment)
            parts[-1] = replace(parts[-1], parameters=parts[-1].parameters + more)
    return tuple(parts)


def _segments(graph: Graph) -> Iterator[tuple[Layer, ...]]:
    """Cut the layers after each one that everything passes through."""
    segment: list[Layer] = []
    waiting: set[str] = set()  # layers that somebody further on reads
    places = {layer.name: place for place, layer in enumerate(graph.layers)}
    last = {
        layer.name: max((places[one.name] for one in graph.readers(layer.name)), default=0) for layer in graph.layers
    }
    for place, layer in enumerate(graph.layers):
        segment.append(layer)
        waiting = {name for name in (*waiting, layer.name) if last[name] > place}
        if waiting <= {layer.name}:
            yield tuple(segment)
            segment = []


def _part(graph: Graph, segment: Sequence[Layer]) -> ArchitectureRow | None:
    """Draw a segment; None where it has no row of its own."""
    if len(segment) > 1:
        return _block(graph, segment)
    (layer,) = segment
    size = _size(layer.config.get("kernel_size") or layer.config.get("pool_size") or ())
    if layer.kind == INPUT_KIND:
        return ArchitectureRow("picture" if layer.units == 3 else "digit", "input", _shape(layer))
    if layer.kind in POOLING_KINDS:
        return ArchitectureRow(f"{POOLING_KINDS[layer.kind]} {size}", "pool", _shape(layer), note=_note(layer, ""))
    if layer.kind in GLOBAL_POOLING_KINDS:
        return ArchitectureRow("mean of each map", "pool", _shape(layer), note="one number a map")
    return _sum(graph, layer, size)


def _sum(graph: Graph, layer: Layer, size: str) -> ArchitectureRow | None:
    """Draw a layer that multiplies and adds."""
    cost = layer.parameters, _multiply_adds(graph, layer)
    if layer.kind in CONVOLUTION_KINDS:
        return ArchitectureRow(f"conv {size}", "conv", _shape(layer), *cost, _note(layer, f"{layer.units} kernels"))
    if layer.kind == "Dense":
        return ArchitectureRow("dense", "dense", _shape(layer), *cost, _note(layer, f"{layer.units:,} units"))
    return None


def _block(graph: Graph, segment: Sequence[Layer]) -> ArchitectureRow:
    """Gather what runs side by side up to the layer that joins it."""
    join = segment[-1]
    inside = {layer.name for layer in segment}
    ways = [_way(graph, name, inside) for name in join.inputs]
    cost = sum(layer.parameters for layer in segment), sum(_multiply_adds(graph, layer) for layer in segment)
    branches = tuple(way for way in ways if way)
    title = MERGING_KINDS.get(join.kind, "block")
    return ArchitectureRow(
        title, "block", _shape(join), *cost, "", branches, shortcut=join.kind == "Add" and len(branches) < len(ways)
    )


def _way(graph: Graph, name: str, inside: set[str]) -> str:
    """Say what stands on the way from the fork to `name`; "" where nothing learns or pools there."""
    steps: list[str] = []
    while name in inside:
        layer = graph.layer(name)
        if layer.kind in CONVOLUTION_KINDS:
            steps.append(f"{_size(layer.config['kernel_size'])} {layer.units}")
        elif layer.kind in POOLING_KINDS and max(layer.config["pool_size"]) > 1:
            steps.append("pool")
        name = layer.inputs[0]
    return ", ".join(reversed(steps))


def _multiply_adds(graph: Graph, layer: Layer) -> int:
    """Count as `cnn.export.multiply_adds` does, from the layer's settings."""
    if layer.kind == "Dense":
        return graph.layer(layer.inputs[0]).units * layer.units
    if layer.kind not in CONVOLUTION_KINDS:
        return 0
    into: int = graph.layer(layer.inputs[0]).units // layer.config.get("groups", 1)
    maps = 1 if layer.kind == "DepthwiseConv2D" else into
    return int(prod(layer.config["kernel_size"])) * maps * prod(layer.shape)


def _note(layer: Layer, start: str) -> str:
    words = [start] if start else []
    if (stride := max(layer.config.get("strides") or (1,))) > 1:
        words.append(f"stride {stride}")
    if (squash := layer.config.get("activation", "linear")) != "linear":
        words.append({"relu": "ReLU"}.get(squash, squash))
    return ", ".join(words)


def _shape(layer: Layer) -> RowShape:
    return (layer.shape[0], layer.shape[1], layer.shape[2]) if layer.has_maps else (1, 1, layer.units)


def _size(pair: Sequence[int]) -> str:
    return "x".join(map(str, pair))
