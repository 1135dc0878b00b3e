"""The shipped networks: their cards, their checksums, and loading them. No TensorFlow.

The only place that loads a network; everything else is handed one.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cnn.architectures import ARCHITECTURES, FEATURES, LARGE_ARCHITECTURES, find_architecture
from cnn.atomic_files import write_text
from cnn.errors import BrokenNetwork, UnknownName
from cnn.paths import ASSETS

if TYPE_CHECKING:
    from cnn.array_types import Array
    from cnn.metrics.mahalanobis import MahalanobisFit
    from cnn.zoo.litert_runner import LiteRTRunner

NETWORKS_FOLDER = ASSETS / "networks"
OWN_CLASSES: Final = "own_classes"  # the data set of networks whose classes are a person's own
NEIGHBOURS: Final = "neighbours"  # a card's familiarity: by the nearest of what was taught (FEATURES_FILE)
FEATURES_FILE: Final = ".features.npy"  # ending of the file of what was taught, as the trunk saw it
BACKGROUND_FILE: Final = ".background.npy"  # ... and of what pictures of all kinds differ by to it, where that is known
OWN: Final = "own"  # in names of networks that a person made, such as "own/3f2a9c01"
NAME_FORM: Final = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")  # no way to another folder
LAYERS_TFLITE = ".layers.tflite"  # ending of the file that returns every layer, after the architecture's name
OTHER_THINGS = "photos of other things"  # a kind of outlier, in cards of photo networks: no more than ...
OTHER_THINGS_PHOTOS, OTHER_THINGS_CROPS = 6, 200  # ... so many photos, with so many crops of each


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a network; it stands beside it as JSON.

    Attributes:
        architecture: its name.
        data: the data set whose networks are asked the same pictures.
        title: such as "ResNet-20", or what a person called it.
        classes: names, by label; () of a network without a classifier, which gives features and no answer.
        parameters: trained or not.
        multiply_adds: of one answer, counted over convolutions and dense layers.
        bytes: of the .tflite file; without a classifier, of the one that returns every layer.
        accuracy: share of right answers in [0, 1] ...
        measured_on: ... and on what.
        temperature: what logits are divided by before the softmax (`cnn.evaluation.calibration`).
        familiarity: how it is measured that an input is one of the classes (see `familiarity_score`) ...
        threshold: ... and the least of it.
        looks: how pictures have to look to be known; None where they may look like anything.
        caught: share of held-out outliers under the threshold, by kind.
        false_alarms: share of the test pictures under the threshold.
        seed, epochs, seconds: of the training; 0 where that was others' (their weights were taken over).
        licence: of the data set, and who made it.
        outliers: what it learned to be none of its classes, in words; "" for nothing.
        protocol: how it was trained, in words that are the same for all that were trained alike; "" where not told.
        learning_rate: the highest one of the training; 0 where not told.
        calibrated_on: what temperature and threshold were fitted to, in words; "" where not told.
        rounding: what weights of fewer than 32 bits cost, measured, in words; "" where they have 32 or it is not told.
        own: names it among a person's own networks; "" for a shipped or fetched one.
        mirrored_accuracy: as `accuracy`, where each picture's mirror image is asked, too; 0 where not told.
        brought: the file in which a person brought it and how that takes pictures, in words; "" for any other.
        sha256, weights_sha256: of that file and of the Keras weights.
    """

    architecture: str
    data: str
    title: str
    classes: tuple[str, ...]
    parameters: int
    multiply_adds: int
    bytes: int
    accuracy: float
    measured_on: str
    temperature: float
    familiarity: str
    threshold: float
    caught: dict[str, float]
    false_alarms: float
    seed: int
    epochs: int
    seconds: float
    licence: str
    sha256: str
    weights_sha256: str
    looks: MahalanobisFit | None = None
    outliers: str = ""
    protocol: str = ""
    learning_rate: float = 0.0
    calibrated_on: str = ""
    rounding: str = ""
    own: str = ""
    brought: str = ""
    mirrored_accuracy: float = 0.0

    @property
    def name(self) -> str:
        """Name the network, such as "mnist/resnet" or "own/3f2a9c01"."""
        return f"{OWN}/{self.own}" if self.own else f"{self.data}/{self.architecture}"

    @property
    def answers(self) -> bool:
        """Say whether it names what it sees; else it is "eyes only"."""
        return bool(self.classes)

    @property
    def engine_suffix(self) -> str:
        """Say how the file ends that it runs from.

        Convolutions alone run as fast from the one that returns every layer, so that their kernels are kept once.
        """
        return ".tflite" if self.answers else LAYERS_TFLITE

    def write(self, path: Path) -> None:
        """Write the card as JSON, beside first."""
        write_text(path, json.dumps(asdict(self), indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class Network:
    """An architecture trained on a data set, ready to answer.

    Attributes:
        card: what is known of it.
        runner: its engine.
        taught: features of length 1, float32 (n, features), of the pictures that were taught, where the card's
            familiarity is by the nearest of them; else None.
        background: of these features, from `cnn.metrics.background.fit_background`; None where there is none.
    """

    card: Card
    runner: LiteRTRunner
    taught: Array | None = None
    background: Array | None = None

    @property
    def name(self) -> str:
        """Name the network, as its card does."""
        return self.card.name

    def with_own_runner(self) -> Network:
        """Make the same network with an engine of its own, for another thread."""
        return replace(self, runner=self.runner.clone())


def network_names(data: str | None = None, folder: Path = NETWORKS_FOLDER) -> tuple[str, ...]:
    """List the shipped networks, such as "mnist/lenet", in the order of the architectures' tables.

    Those without a classifier are among them; `answering_networks` leaves them out.
    """
    sets = sorted(path.name for path in folder.glob("*") if data in (None, path.name))
    return tuple(
        f"{one}/{name}"
        for one in sets
        for name in (*ARCHITECTURES, *LARGE_ARCHITECTURES)
        if (folder / one / f"{name}.json").exists()
    )


def answering_networks(data: str | None = None, folder: Path = NETWORKS_FOLDER) -> tuple[str, ...]:
    """List the shipped networks that name what they see, in the same order."""
    return tuple(name for name in network_names(data, folder) if has_classifier(name))


def has_classifier(name: str) -> bool:
    """Say whether a network, such as "mnist/lenet", names what it sees, without reading its card.

    Raises: UnknownName: no architecture is called so.
    """
    data, _, architecture = name.rpartition("/")
    return data == OWN or find_architecture(architecture).classifier


def read_card(name: str, folder: Path = NETWORKS_FOLDER) -> Card:
    """Read a network's card.

    Raises: UnknownName: no network of that `name` is there.
        BrokenNetwork: its card cannot be read.
    """
    if not NAME_FORM.fullmatch(name) or not (folder / f"{name}.json").exists():
        raise UnknownName("network", name, network_names(folder=folder))
    try:
        entries = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        entries["classes"] = tuple(entries["classes"])
        entries["looks"] = _looks(entries.get("looks"))
        return Card(**{field.name: entries[field.name] for field in fields(Card) if field.name in entries})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenNetwork(f"The card of {name} cannot be read ({error!r}). Fetch assets/networks anew.") from error


def _looks(entry: dict[str, Any] | None) -> MahalanobisFit | None:
    if entry is None:
        return None
    from cnn.metrics import mahalanobis  # NumPy: the doctor must be able to list networks without it

    return mahalanobis.mahalanobis_from_json(entry)


def read_model(name: str, folder: Path = NETWORKS_FOLDER) -> tuple[Card, bytes]:
    """Read a network's card and the file that it runs from, after checking the one against the other.

    Raises: UnknownName: no network of that `name` is shipped.
        BrokenNetwork: a file is missing, or its checksum differs.
    """
    card = read_card(name, folder)
    try:
        model = (folder / f"{name}{card.engine_suffix}").read_bytes()
    except OSError as error:
        raise BrokenNetwork(
            f"The file of {name} cannot be read ({error.strerror}). Fetch assets/networks anew."
        ) from error
    if hashlib.sha256(model).hexdigest() != card.sha256:
        raise BrokenNetwork(
            f"The file of {name} is damaged: its checksum is not its card's. Fetch assets/networks anew."
        )
    return card, model


def load_network(name: str, folder: Path = NETWORKS_FOLDER) -> Network:
    """Load a network, after checking its file against its card.

    Raises: UnknownName: no network of that `name` is there.
        BrokenNetwork: a file is missing, or its checksum differs.
    """
    from cnn.zoo.litert_runner import (
        HEAVY_MULTIPLY_ADDS,
        RUNNER_THREADS,
        LiteRTRunner,
    )  # the first page lists cards and need not wait for it

    card, model = read_model(name, folder)
    threads = RUNNER_THREADS if card.multiply_adds >= HEAVY_MULTIPLY_ADDS else 1
    if card.familiarity == NEIGHBOURS:
        known, background = _read_taught(name, folder)
        return Network(card, LiteRTRunner(model, threads, features=True), known, background)
    return Network(card, LiteRTRunner(model, threads, None if card.answers else FEATURES))


def _read_taught(name: str, folder: Path) -> tuple[Array, Array | None]:
    """Read what was taught, and its background: float16 in the files, which moves a cosine by less than 1e-3."""
    import numpy as np  # the doctor must be able to list networks without it

    def read(ending: str) -> Array:
        return np.asarray(np.load(folder / f"{name}{ending}", allow_pickle=False), np.float32)

    try:
        background = read(BACKGROUND_FILE) if (folder / f"{name}{BACKGROUND_FILE}").exists() else None
        return read(FEATURES_FILE), background
    except (OSError, ValueError, EOFError) as error:
        raise BrokenNetwork(f"What was taught to {name} cannot be read ({error!r}). Teach it anew.") from error
