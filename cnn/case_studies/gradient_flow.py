"""What depth does to a gradient, with and without shortcuts: random networks, worked out on the spot in NumPy.

One walks in small steps along a line of inputs, and asks at each step how the answer of an untrained stack of blocks
changes with the step. A block is that of a ResNet, with dense layers: two of them, and what came in added.
Source: Balduzzi et al. 2017, arXiv:1702.08591 (slopes turn to noise); He et al. 2015, arXiv:1512.03385 (the block).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Float64Array = npt.NDArray[np.float64]

WIDTH: Final = 64  # units a layer
WALK_STEPS: Final = 256  # of the walk, and of the inputs that a normalisation has seen
WALK_REACH: Final = 2.0  # those go from -REACH to REACH ...
ZOOM: Final = 16  # ... and the walk through the middle, in steps as much smaller
LAYERS: Final = 2  # in a block
WALK_CHUNK: Final = 32  # steps that are multiplied at a time
TINY: Final = 1e-5  # as in batch normalisation


@dataclass(frozen=True, slots=True, eq=False)
class GradientFlow:
    """What becomes of a gradient.

    Attributes:
        slopes: of the answer at each step of the walk, float64 (STEPS,).
        strengths: root mean square of the gradient behind the stack, and then in front of each block, going
            back to the input; float64 (blocks + 1,), the first is 1.
    """

    slopes: Float64Array
    strengths: Float64Array

    @property
    def alike(self) -> float:
        """Correlate the slopes of neighbouring steps: 1 where the answer changes smoothly, 0 for noise."""
        apart = self.slopes - self.slopes.mean()
        return float((apart[1:] * apart[:-1]).mean() / max((apart**2).mean(), np.finfo(float).tiny))


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """A dense layer, and what its normalisation divides by: (units,), 1 without."""

    weights: Float64Array
    mean: Float64Array
    deviation: Float64Array

    def __call__(self, x: Float64Array) -> Float64Array:
        """Map (steps, units) to (steps, units)."""
        return (_times(x, self.weights) - self.mean) / self.deviation

    def back(self, gradient: Float64Array) -> Float64Array:
        """Bring a gradient from the output to the input; the normalisation stays as it is, as in a trained network."""
        return _times(gradient / self.deviation, self.weights.T)


@dataclass(frozen=True, slots=True, eq=False)
class UntrainedStack:
    """An untrained network on one number: a first layer, blocks of two layers, and a last one."""

    first: _Layer
    blocks: tuple[tuple[_Layer, _Layer], ...]
    last: Float64Array
    shortcuts: bool

    def answer(self, x: Float64Array) -> Float64Array:
        """Answer numbers, (steps,) to (steps,)."""
        return np.asarray(self._forward(x)[-1] @ self.last)

    def fate(self, x: Float64Array) -> GradientFlow:
        """Follow the gradient of the answer back to the input, at each of the numbers `x`, (steps,)."""
        maps = self._forward(x)
        gradient = np.tile(self.last, (len(x), 1))  # (steps, units)
        strengths = [_size(gradient)]
        for block, before, after in zip(self.blocks[::-1], maps[-2::-1], maps[:0:-1], strict=True):
            gradient = self._back(block, before, gradient * (after > 0))
            strengths.append(_size(gradient))
        slopes = self.first.back(gradient * (maps[0] > 0))[:, 0]
        return GradientFlow(slopes, np.array(strengths) / strengths[0])

    def _forward(self, x: Float64Array) -> list[Float64Array]:
        maps = [np.maximum(self.first(x[:, None]), 0)]
        for one, two in self.blocks:
            added = two(np.maximum(one(maps[-1]), 0))
            maps.append(np.maximum(added + maps[-1] if self.shortcuts else added, 0))
        return maps

    def _back(self, block: tuple[_Layer, _Layer], before: Float64Array, gradient: Float64Array) -> Float64Array:
        one, two = block
        through = one.back(two.back(gradient) * (one(before) > 0))
        return through + gradient if self.shortcuts else through


def _times(x: Float64Array, weights: Float64Array) -> Float64Array:
    """Multiply (steps, units) by (units, units) in pieces so small that no second core is called.

    OpenBLAS calls one from 2^18 products on, and waits for it: seconds where other work keeps the cores busy.
    """
    pieces = x.reshape(-1, len(x) if len(x) % WALK_CHUNK else WALK_CHUNK, x.shape[1])
    return np.asarray(pieces @ weights).reshape(len(x), -1)


def _size(gradient: Float64Array) -> float:
    return float(np.sqrt((gradient**2).mean()))


def input_walk() -> Float64Array:
    """Give the inputs of the walk, (STEPS,)."""
    return np.linspace(-WALK_REACH, WALK_REACH, WALK_STEPS) / ZOOM


def build_stack(blocks: int, shortcuts: bool, normalised: bool, seed: int) -> UntrainedStack:
    """Make an untrained stack.

    Args:
        blocks: of LAYERS layers each, at least 1.
        shortcuts: whether what comes into a block is added to what comes out.
        normalised: True: batch normalisation and He's weights of variance 2 / units, as since 2015.
            False: no normalisation, variance 1 / units, as before.
        seed: of the weights; they are the same with and without shortcuts.
    """
    rng = np.random.default_rng(seed)
    x = input_walk()[:, None] * ZOOM
    first = _layer(rng, x, normalised)
    h = np.maximum(first(x), 0)
    made = []
    for _ in range(blocks):
        one = _layer(rng, h, normalised)
        inside = np.maximum(one(h), 0)
        two = _layer(rng, inside, normalised)
        made.append((one, two))
        h = np.maximum(two(inside) + h if shortcuts else two(inside), 0)
    last = rng.normal(0, WIDTH**-0.5, WIDTH)
    return UntrainedStack(first, tuple(made), last, shortcuts)


def _layer(rng: np.random.Generator, x: Float64Array, normalised: bool) -> _Layer:
    """Draw weights for inputs `x`, (steps, units), and measure what they give, where that is normalised."""
    weights = rng.normal(0, np.sqrt((2 if normalised else 1) / x.shape[1]), (x.shape[1], WIDTH))
    raw = _times(x, weights)
    if not normalised:
        return _Layer(weights, np.zeros(WIDTH), np.ones(WIDTH))
    return _Layer(weights, raw.mean(0), raw.std(0) + TINY)


def measure_gradient_flow(blocks: int, shortcuts: bool, normalised: bool, seed: int) -> GradientFlow:
    """Follow the gradient back through a new stack; arguments as `build_stack`."""
    return build_stack(blocks, shortcuts, normalised, seed).fate(input_walk())
