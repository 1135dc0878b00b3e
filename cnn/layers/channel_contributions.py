"""How much each channel adds to a convolution's unit, at every place at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnn.array_types import Array
from cnn.graph import Layer, sliding_window
from cnn.graph.sliding_window import SlidingWindow
from cnn.layers import unit_arithmetic


@dataclass(frozen=True, slots=True, eq=False)
class ChannelContributions:
    """The strongest channels that a unit reads, and the sum of all others.

    Attributes:
        chosen: those channels of the input, the strongest first (by their mean share over all places).
        kernels: of each, (chosen, rows, columns).
        others: how many more the kernel reads ...
        rest: ... and what they add together at each place, (height, width); all 0 where there are no others.
        window: that slides.
    """

    chosen: tuple[int, ...]
    kernels: Array
    others: int
    rest: Array
    window: SlidingWindow


def strongest_channels(layer: Layer, kernel: Array, maps: Array, unit: int, most: int) -> ChannelContributions:
    """Find at most `most` channels that add most to a unit.

    Args:
        layer: Conv2D or DepthwiseConv2D.
        kernel: of the whole layer.
        maps: that it reads, (height, width, channels).
        unit: of the layer.
        most: at least 1.
    """
    own, channels = unit_arithmetic.unit_kernel(layer, kernel, unit)
    window = sliding_window.layer_window(layer, maps.shape)
    parts = convolve_each_channel(own, maps[..., channels], window)
    order = np.argsort(-np.abs(parts).mean((0, 1)), kind="stable")
    chosen, others = order[:most], order[most:]
    return ChannelContributions(
        tuple(int(channel) + channels.start for channel in chosen),
        np.ascontiguousarray(own[..., chosen].transpose(2, 0, 1)),
        len(others),
        parts[..., others].sum(-1, dtype=np.float64).astype(np.float32),
        window,
    )


def convolve_each_channel(kernel: Array, maps: Array, window: SlidingWindow) -> Array:
    """Convolve each channel by itself: (*window.output, channels); their sum is the convolution without bias.

    Args:
        kernel: (rows, columns, channels).
        maps: (height, width, channels).
        window: that slides.
    """
    spread = sliding_window.pad_maps(maps, window)
    parts = np.zeros((*window.output, maps.shape[2]), np.float32)
    for row, column in np.ndindex(window.size):
        parts += sliding_window.shift_by_tap(spread, window, row, column) * kernel[row, column]
    return parts


def largest_indices(parts: Sequence[float], most: int) -> list[int]:
    """List the places of the `most` numbers that are farthest from 0, the farthest first."""
    return [int(i) for i in np.argsort(-np.abs(np.asarray(parts)), kind="stable")[:most]]
