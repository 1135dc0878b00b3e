"""A round of questions: a set of pictures, and what each network said of them."""

from __future__ import annotations

from dataclasses import dataclass

from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import PictureSet
from cnn.evaluation.dataset_predictions import DatasetPredictions
from cnn.zoo import Network


@dataclass(frozen=True, slots=True, eq=False)
class DatasetRun:
    """A set, its pictures, and what each network said of them."""

    of: PictureSet
    split: Split
    found: tuple[tuple[Network, DatasetPredictions], ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """Name the classes, by label."""
        return self.found[0][0].card.classes

    def alone(self, at: int) -> DatasetRun:
        """Keep one network."""
        return DatasetRun(self.of, self.split, (self.found[at],))

    @property
    def titles(self) -> tuple[str, ...]:
        """Name the networks."""
        return tuple(network.card.title for network, _ in self.found)
