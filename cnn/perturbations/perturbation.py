"""What every change to a picture is: a name, a strength with its bounds, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnn.array_types import Array

PerturbationFunction = Callable[[Array, float, np.random.Generator], Array]


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A change to pictures.

    Attributes:
        name: in the table, in addresses.
        title: what people call it.
        unit: of the strength, such as "degrees"; "" for a plain factor.
        low, high, step: bounds of the strength, and by how much a slider moves.
        rest: the strength at which nothing changes.
        change: float32 (n, height, width, channels) in [0, 1], strength, source of chance -> the same, changed.
        digits, photos: which pictures it makes sense for.
        corruption: its name in Hendrycks & Dietterich 2019, arXiv:1903.12261, where it is one of theirs.
        extra: it is one of the four extra corruptions there, not of the fifteen of the benchmark.
        about: what it stands for in the world, in a few words.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    rest: float
    change: PerturbationFunction
    about: str
    digits: bool = True
    photos: bool = True
    corruption: str = ""
    extra: bool = False

    def __call__(self, images: Array, strength: float, seed: int = 0) -> Array:
        """Change pictures; the same seed gives the same pictures, and at `rest` they come back as they are.

        Args:
            images: float32 (n, height, width, channels) in [0, 1]; they stay as they are.
            strength: from `low` to `high`; what lies outside counts as the bound.
            seed: of chance, for those that need it.
        """
        strength = min(self.high, max(self.low, strength))
        if strength == self.rest or not len(images):
            return images.copy()
        changed = self.change(images, strength, np.random.default_rng([seed, 77]))
        return np.clip(changed, 0, 1).astype(np.float32)

    def levels(self, count: int) -> tuple[float, ...]:
        """List `count` strengths from `low` to `high`, evenly, and `rest` among them."""
        even = np.linspace(self.low, self.high, count)
        nearest = int(np.abs(even - self.rest).argmin())
        even[nearest] = self.rest
        return tuple(round(float(level), 4) for level in even)
