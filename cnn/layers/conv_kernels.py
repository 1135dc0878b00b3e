"""The kernels behind a layer's units. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cnn.array_types import Array
from cnn.graph import Graph, Layer
from cnn.graph.blocks import gather_blocks
from cnn.layers.activations import InspectableNetwork

RGB_CHANNELS: Final = 3
MAX_KERNEL_VALUES: Final = 5_000_000  # weights of a layer that are read to be drawn: 20 MB


@dataclass(frozen=True, slots=True, eq=False)
class LayerKernels:
    """The kernels of a layer.

    Attributes:
        layer: that has them.
        source: the layer whose units are the channels.
        kernels: float32 (height, width, channels, units); a depthwise kernel has one channel.
            A dense layer behind flattened maps has kernels as large as these maps, else of 1x1.
        colours: what the channels are where they are colours of the input: "rgb", or "bgr" behind `CaffeInput`;
            "" where they are not.
    """

    layer: Layer
    source: Layer
    kernels: Array
    colours: Literal["", "rgb", "bgr"]

    @property
    def rgb(self) -> Array:
        """The kernels of a layer that reads colours, in the order in which a picture has them."""
        return self.kernels[:, :, ::-1] if self.colours == "bgr" else self.kernels


def layer_with_kernels(graph: Graph, name: str) -> Layer | None:
    """Find the layer whose kernels make the units of layer `name`: itself, or the one that it follows unit by unit.

    Raises: UnknownName: no layer has that `name`.
    """
    layer = graph.layer(name)
    block = next(block for block in gather_blocks(graph) if layer in block.layers)
    first = block.layers[0]
    return first if "kernel" in first.weights and first.units == layer.units else None


def read_kernels(inside: InspectableNetwork, name: str) -> LayerKernels | None:
    """Read the kernels behind the units of a layer; None where it has none, or more than MOST numbers.

    Raises: UnknownName: no layer has that `name`.
        BrokenNetwork: the file of weights cannot be read.
    """
    layer = layer_with_kernels(inside.graph, name)
    if layer is None or layer.parameters > MAX_KERNEL_VALUES:
        return None
    kernel, source = inside.weights(layer.name)["kernel"], inside.graph.layer(layer.inputs[0])
    if layer.kind == "DepthwiseConv2D":
        return LayerKernels(layer, source, kernel.reshape(*kernel.shape[:2], 1, -1), "")
    if kernel.ndim == 2:
        before = _flattened(inside.graph, source)
        shape = before.shape if before.has_maps else (1, 1, before.units)
        return LayerKernels(layer, before, kernel.reshape(*shape, -1), colours_of(inside.graph, before))
    return LayerKernels(layer, source, kernel, colours_of(inside.graph, source))


def colours_of(graph: Graph, source: Layer) -> Literal["", "rgb", "bgr"]:
    """Say which colours the channels of `source` are; "" where a layer between it and the input mixes them."""
    order: tuple[Literal["rgb", "bgr"], Literal["rgb", "bgr"]] = ("rgb", "bgr")
    layer = source
    while layer.inputs:
        if "kernel" in layer.weights or len(layer.inputs) > 1 or layer.units != RGB_CHANNELS:
            return ""
        order = (order[1], order[0]) if layer.kind == "CaffeInput" else order
        layer = graph.layer(layer.inputs[0])
    return order[0] if layer.units == RGB_CHANNELS else ""


def _flattened(graph: Graph, source: Layer) -> Layer:
    """Find the maps that were laid out as the row which `source` gives; `source` itself where there are none."""
    layer = source
    while not layer.has_maps and layer.kind in ("Flatten", "Dropout", "Reshape"):
        layer = graph.layer(layer.inputs[0])
    return layer if int(np.prod(layer.shape)) == source.units else source
