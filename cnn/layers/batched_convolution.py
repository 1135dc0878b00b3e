"""Convolutions and pooling of a batch, in NumPy: what a window makes of everything that it reads. No TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnn.array_types import Array
from cnn.graph import Layer
from cnn.graph.sliding_window import SlidingWindow, layer_window

LayerWeights = Mapping[str, Array]

PATCH_NUMBERS: Final = 2**18  # numbers, 1 MB: as many patches as stay in the processor's cache


def convolve(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Cut out patches, a few pictures at a time, and multiply them with the kernel; each group by itself."""
    kernel, groups = weights["kernel"], layer.config.get("groups", 1)  # kernel: (height, width, in, out)
    at = layer_window(layer, given[0].shape[1:])
    x, size = _padded(given[0], at), kernel[..., 0].size
    out = np.empty((len(x), *layer.shape), np.float32)
    step = max(1, PATCH_NUMBERS // (size * layer.shape[0] * layer.shape[1]))
    for group in range(groups):
        reads, makes = _share(group, groups, x.shape[3]), _share(group, groups, layer.units)
        matrix = kernel[..., makes].reshape(size, -1)
        for i in range(0, len(x), step):
            out[i : i + step, ..., makes] = _patches(x[i : i + step, ..., reads], at) @ matrix
    return add_bias(out, weights)


def _share(group: int, groups: int, channels: int) -> slice:
    return slice(group * channels // groups, (group + 1) * channels // groups)


def _patches(x: Array, at: SlidingWindow) -> Array:
    """Line up what the window reads at each of its places: (n, height, width, numbers of one patch)."""
    (down, across), (by, along) = at.strides, at.dilation
    if at.size == (1, 1):
        return x[:, ::down, ::across]
    reach = [(at.size[i] - 1) * at.dilation[i] + 1 for i in range(2)]
    windows = sliding_window_view(x, reach, (1, 2))[:, ::down, ::across, :, ::by, ::along]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(*windows.shape[:3], -1)


def convolve_depthwise(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Convolve each channel by itself."""
    kernel = weights["kernel"]  # (height, width, channels, filters a channel)
    made = [_summed(layer, given[0], kernel[..., i]) for i in range(kernel.shape[3])]
    return add_bias(np.stack(made, -1).reshape(-1, *layer.shape) if len(made) > 1 else made[0], weights)


def max_pool(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Take the largest number in each window; padding does not count."""
    seen = _seen(given[0], layer_window(layer, given[0].shape[1:]), -np.inf)
    out = next(seen)[1].copy()
    for _, numbers in seen:
        np.maximum(out, numbers, out=out)
    return out


def average_pool(layer: Layer, given: Sequence[Array], weights: LayerWeights) -> Array:
    """Average the numbers in each window; padding does not count."""
    x, pool = given[0], np.ones((*layer.config["pool_size"], 1), np.float32)
    total = _summed(layer, x, pool)
    total /= _summed(layer, np.ones((1, *x.shape[1:3], 1), np.float32), pool)
    return total


def add_bias(out: Array, weights: LayerWeights) -> Array:
    """Add the bias, where there is one, in place."""
    if "bias" in weights:
        out += weights["bias"]
    return out


def _summed(layer: Layer, x: Array, kernel: Array) -> Array:
    """Add up, for each channel by itself, what the window reads times the kernel, (height, width, channels)."""
    at = layer_window(layer, x.shape[1:])
    out = np.zeros((len(x), *at.output, x.shape[3]), np.float32)
    product = np.empty_like(out)
    for place, numbers in _seen(x, at, 0):
        out += np.multiply(numbers, kernel[place], out=product)
    return out


def _seen(x: Array, at: SlidingWindow, fill: float) -> Iterator[tuple[tuple[int, int], Array]]:
    """Go through the window's own places; each comes with what it reads, (n, height, width, channels), a view."""
    x = _padded(x, at, fill)
    last = [(at.output[i] - 1) * at.strides[i] + 1 for i in range(2)]
    for row in range(at.size[0]):
        for column in range(at.size[1]):
            top, left = row * at.dilation[0], column * at.dilation[1]
            yield (
                (row, column),
                x[:, top : top + last[0] : at.strides[0], left : left + last[1] : at.strides[1]],
            )


def _padded(x: Array, at: SlidingWindow, fill: float = 0.0) -> Array:
    around = [(at.before[i], at.after[i]) for i in range(2)]
    return np.pad(x, [(0, 0), *around, (0, 0)], constant_values=fill) if np.any(around) else x
