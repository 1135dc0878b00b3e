"""What is taken home, and what the pages answer with it. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from cnn import zoo
from cnn.array_types import Array, Pixels
from cnn.errors import UnknownName
from cnn.inference.photo_classification import CENTRAL_CROP, SMALL_PX, photo_input
from cnn.inference.predict import calibrated_probabilities, likeness_to_taught
from cnn.shelf import Shelf, load_own_network, network_folder
from cnn.zoo import Network, pretrained

PROBABILITIES: Final = "probabilities"  # what is given of a picture: a share for each class ...
FEATURES: Final = "features"  # ... or, without classes, the mean of each of the last maps ...
FAMILIARITY: Final = "familiarity"  # ... and, of taught classes, how like it is to the nearest taught pictures
DIGITS: Final = "mnist"  # its networks take a digit as the data set has it; all others take a photo of any size


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A network that can be taken home.

    Attributes:
        name: such as "mnist/lenet" or "own/3f2a9c01"; classes that a person taught are one of the latter.
        title: what people call it; it may hold any characters.
        classes: of the answers, which may hold any characters, too; () of a network that gives features alone.
        network: itself.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    network: Network

    @property
    def takes(self) -> Literal["digit", "photo"]:
        """Say what it takes: uint8 (n, 28, 28, 1), white ink on black, or uint8 (n, height, width, 3) of any size."""
        return "digit" if self.network.card.data == DIGITS and self.network.runner.shape[2] == 1 else "photo"

    @property
    def outputs(self) -> tuple[str, ...]:
        """Name what it gives, as `page_answers` does."""
        if not self.classes:
            return (FEATURES,)
        return (PROBABILITIES,) if self.network.taught is None else (PROBABILITIES, FAMILIARITY)

    @property
    def resize(self) -> int:
        """Say how long a photo's shorter side becomes before its middle is cut out, in px."""
        size = self.network.runner.shape[0]
        return size if size < SMALL_PX else round(size / CENTRAL_CROP)

    @property
    def folder(self) -> Path:
        """Say where the files of `network` lie."""
        return network_folder(self.name)

    def page_answers(self, pictures: list[Pixels]) -> dict[str, Array]:
        """Answer as the pages do.

        Args:
            pictures: each as `takes` says.
        Returns: float32 (n, classes) as PROBABILITIES, or (n, features) as FEATURES; and (n,) as FAMILIARITY where
            classes were taught.
        """
        network = self.network
        if self.takes == "digit":
            inputs = np.stack(pictures).astype(np.float32) / np.float32(255)
        else:
            inputs = np.stack([photo_input(network, one) for one in pictures])
        if not self.classes:
            return {FEATURES: network.runner(inputs)}
        if network.taught is None:
            return {PROBABILITIES: calibrated_probabilities(network.card, network.runner(inputs))}
        logits, features, _ = network.runner.run_with_features(inputs)
        return {
            PROBABILITIES: calibrated_probabilities(network.card, logits),
            FAMILIARITY: likeness_to_taught(network, features),
        }


def find_source(name: str) -> Source:
    """Look up what shall be taken home.

    Args:
        name: of a shipped or fetched network, or of one on the shelf, or what that is called.
    Raises: UnknownName: there is no such thing.
        BrokenNetwork: its files are damaged.
    """
    known = (*zoo.network_names(), *pretrained.fetched_networks())
    own = {key: one.name for one in Shelf().entries() for key in (one.name, one.id, one.title)}
    if name in known:
        network = pretrained.load_available(name)
    elif name in own:
        network = load_own_network(own[name])
    else:
        raise UnknownName("network", name, [*known, *(one.title for one in Shelf().entries())])
    return Source(network.name, network.card.title, network.card.classes, network)
