"""How long and how fast each architecture is trained on each data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Recipe:
    """AdamW with a linear warm-up and a cosine down to zero.

    Attributes:
        epochs: passes over the training pictures.
        rate: highest learning rate.
        decay: weight decay.
        batch: pictures a step.
        refinement: a second stage that starts from the weights of this one, with harder pictures
            (`cnn.training.batches`); None where there is none.

    Source: Loshchilov & Hutter 2017, arXiv:1711.05101 (AdamW) and 2016, arXiv:1608.03983 (cosine).
    """

    epochs: int
    rate: float
    decay: float
    batch: int = 128
    refinement: Recipe | None = None


_MNIST: Final[Mapping[str, Recipe]] = {
    "lenet": Recipe(epochs=50, rate=2e-3, decay=0.01, refinement=Recipe(epochs=24, rate=1e-3, decay=0.01)),
    "alexnet": Recipe(epochs=12, rate=1e-3, decay=0.05, refinement=Recipe(epochs=6, rate=5e-4, decay=0.05)),
    "vgg": Recipe(epochs=20, rate=2e-3, decay=0.05, refinement=Recipe(epochs=6, rate=5e-4, decay=0.05)),
    "inception": Recipe(epochs=8, rate=3e-3, decay=0.05, refinement=Recipe(epochs=5, rate=1e-3, decay=0.05)),
    "resnet": Recipe(epochs=20, rate=4e-3, decay=0.05, refinement=Recipe(epochs=5, rate=1e-3, decay=0.05)),
    "plain": Recipe(epochs=14, rate=4e-3, decay=0.05),
}
_CIFAR10: Final[Mapping[str, Recipe]] = {
    "lenet": Recipe(epochs=60, rate=1e-3, decay=0.05),
    "alexnet": Recipe(epochs=60, rate=1e-3, decay=0.05),
    "vgg": Recipe(epochs=60, rate=2e-3, decay=0.05),
    "inception": Recipe(epochs=100, rate=3e-3, decay=0.05),
    "resnet": Recipe(epochs=26, rate=4e-3, decay=0.05),
    "plain": Recipe(epochs=26, rate=4e-3, decay=0.05),
}
RECIPES: Final[Mapping[str, Mapping[str, Recipe]]] = {"mnist": _MNIST, "cifar10": _CIFAR10}
