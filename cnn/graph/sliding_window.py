"""Which places of its input a sliding window reads: kernels and pools, with stride, dilation and padding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.graph import Layer

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """What slides over maps; every pair is (down, across).

    Attributes:
        size: rows and columns that it reads at once.
        strides: how far it goes at each step, in pixels.
        dilation: from one pixel that it reads to the next.
        before: rows and columns of padding above and on the left ...
        after: ... and below and on the right.
        output: how many places it stops at.
    """

    size: Pair
    strides: Pair
    dilation: Pair
    before: Pair
    after: Pair
    output: Pair

    def start(self, y: int, x: int) -> Pair:
        """Say where the window of the output's place (y, x) begins; under 0 it begins in the padding."""
        return y * self.strides[0] - self.before[0], x * self.strides[1] - self.before[1]

    def rows_columns(self, y: int, x: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """List the rows and the columns of the input that it reads at (y, x); some may lie outside."""
        top, left = self.start(y, x)
        rows = top + self.dilation[0] * np.arange(self.size[0])
        return rows, left + self.dilation[1] * np.arange(self.size[1])


def layer_window(layer: Layer, shape: tuple[int, ...]) -> SlidingWindow:
    """Describe the window of a convolution or a pooling layer.

    Args:
        layer: has a kernel_size or a pool_size.
        shape: of what it reads, (height, width, channels).
    """
    config = layer.config
    size: Pair = config["kernel_size"] if "kernel_size" in config else config["pool_size"]
    return place_window(shape, size, config["strides"], config.get("dilation_rate", (1, 1)), config["padding"])


def place_window(shape: tuple[int, ...], size: Pair, strides: Pair, dilation: Pair, padding: str) -> SlidingWindow:
    """Lay out a window over maps of a `shape` that begins with (height, width).

    `size`, `strides` and `dilation` are those of `SlidingWindow`; `padding` is "valid" or "same".

    Source: TensorFlow's guide, "Notes on padding" of `tf.nn`.
    """
    down, across = (
        _side(shape[i], (size[i] - 1) * dilation[i] + 1, strides[i], padding == "same") for i in range(2)
    )  # (before, after, places) of each
    return SlidingWindow(size, strides, dilation, (down[0], across[0]), (down[1], across[1]), (down[2], across[2]))


def _side(length: int, reach: int, stride: int, same: bool) -> tuple[int, int, int]:
    if not same:
        return 0, 0, (length - reach) // stride + 1
    places = -(-length // stride)
    padding = max((places - 1) * stride + reach - length, 0)
    return padding // 2, padding - padding // 2, places


def window_patch(maps: Array, at: SlidingWindow, y: int, x: int) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Cut out of (height, width, channels) what the window reads at the output's place (y, x).

    Returns: (rows, columns, channels) with 0 where there is padding, and bool (rows, columns): no padding there.
    """
    rows, columns = at.rows_columns(y, x)
    height, width = maps.shape[:2]
    real = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None, :]
    inside = maps[np.clip(rows, 0, height - 1)[:, None], np.clip(columns, 0, width - 1)[None, :]]
    return np.where(real[..., None], inside, np.float32(0)), real


def pad_maps(maps: Array, at: SlidingWindow, fill: float = 0.0) -> Array:
    """Put the window's padding around (height, width, channels)."""
    sides = [(at.before[i], at.after[i]) for i in range(2)]
    return np.pad(maps, [*sides, (0, 0)], constant_values=fill)


def shift_by_tap(spread: Array, at: SlidingWindow, row: int, column: int) -> Array:
    """Give what the window's pixel (row, column) reads at every place, out of what `pad_maps` gave.

    Returns: (*at.output, channels), a view.
    """
    top, left = row * at.dilation[0], column * at.dilation[1]
    bottom = top + (at.output[0] - 1) * at.strides[0] + 1
    right = left + (at.output[1] - 1) * at.strides[1] + 1
    return spread[top : bottom : at.strides[0], left : right : at.strides[1]]
