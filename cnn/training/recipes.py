"""How long and how fast each architecture is trained on each data set.

CIFAR-10 has one protocol for all: what differs is the highest learning rate alone, chosen on pictures held
out of the training set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cnn.training.checkpoint import Stage


@dataclass(frozen=True, slots=True)
class Recipe:
    """A linear warm-up, then a cosine down to nearly zero.

    Attributes:
        epochs: passes over the training pictures.
        rate: highest learning rate.
        decay: weight decay, apart from the gradient: a step takes rate * decay of each kernel away.
        batch: pictures a step.
        optimizer: AdamW, or stochastic gradient descent with Nesterov's momentum of 0.9.
        smoothing: share of a label that is spread over all classes alike.
        refinement: a second stage that starts from the weights of this one, with harder pictures
            (`cnn.training.batches`); None where there is none.

    Source: Loshchilov & Hutter 2017, arXiv:1711.05101 (decay apart from the gradient) and 2016,
        arXiv:1608.03983 (cosine); Szegedy et al. 2015, arXiv:1512.00567, section 7 (smoothing).
    """

    epochs: int
    rate: float
    decay: float
    batch: int = 128
    optimizer: Literal["adamw", "sgd"] = "adamw"
    smoothing: float = 0.0
    refinement: Recipe | None = None

    @property
    def stages(self) -> dict[Stage, Recipe]:
        """List this one and the one that follows it, if there is one, in order."""
        return {"first": self} if self.refinement is None else {"first": self, "refinement": self.refinement}

    @property
    def protocol(self) -> str:
        """Say in words all but the rate, so that two networks that were trained alike say the same."""
        how = {"adamw": "AdamW", "sgd": "SGD with Nesterov momentum"}[self.optimizer]
        smoothing = f", label smoothing {self.smoothing:g}" if self.smoothing else ""
        return (
            f"{self.epochs} epochs of {how}, {self.batch} pictures a step, weight decay {self.decay:g}{smoothing}, "
            "a warm-up and then a cosine down"
        )


def _cifar10_recipe(rate: float) -> Recipe:
    """Fill the protocol that all networks on CIFAR-10 share."""
    return Recipe(epochs=60, rate=rate, decay=5e-3, optimizer="sgd", smoothing=0.1)


_MNIST: Final[Mapping[str, Recipe]] = {
    "lenet": Recipe(epochs=50, rate=2e-3, decay=0.01, refinement=Recipe(epochs=24, rate=1e-3, decay=0.01)),
    "alexnet": Recipe(epochs=12, rate=1e-3, decay=0.05, refinement=Recipe(epochs=6, rate=5e-4, decay=0.05)),
    "vgg": Recipe(epochs=20, rate=2e-3, decay=0.05, refinement=Recipe(epochs=6, rate=5e-4, decay=0.05)),
    "inception": Recipe(epochs=8, rate=3e-3, decay=0.05, refinement=Recipe(epochs=5, rate=1e-3, decay=0.05)),
    "resnet": Recipe(epochs=20, rate=4e-3, decay=0.05, refinement=Recipe(epochs=5, rate=1e-3, decay=0.05)),
    "plain": Recipe(epochs=14, rate=4e-3, decay=0.05),
}
_CIFAR10: Final[Mapping[str, Recipe]] = {
    "lenet": _cifar10_recipe(rate=0.1),
    "alexnet": _cifar10_recipe(rate=0.03),
    "vgg": _cifar10_recipe(rate=0.1),
    "inception": _cifar10_recipe(rate=0.1),
    "resnet": _cifar10_recipe(rate=0.1),
    "plain": _cifar10_recipe(rate=0.1),
}
RECIPES: Final[Mapping[str, Mapping[str, Recipe]]] = {"mnist": _MNIST, "cifar10": _CIFAR10}
