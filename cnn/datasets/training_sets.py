"""What a person may train on: the digits that come with the app, and what is on this machine. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.datasets import own_pictures
from cnn.datasets.dataset import FASHION, Split, SplitName, find_data_set
from cnn.datasets.evaluation_sets import data_folder
from cnn.errors import UnknownName
from cnn.paths import ASSETS

TRAINING_DIGITS: Final = ASSETS / "digits" / "mnist5000.npz"
HELD_OUT_DIGITS: Final = 500  # of the 5,000: for validation, and as many again for the test

Splits = dict[SplitName, Split]


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Pictures to train on, as they stand in the table.

    Attributes:
        title: what people call it.
        shows: what its pictures are, in a few words.
        like: the data set whose pictures look alike, such as "mnist"; its networks are asked the same inputs.
        pictures: how many there are to learn from.
        file: that holds it, in the folder of data; None for what comes with the app.
        megabytes: that Keras downloads for it; 0 for what comes with the app.
        read: reads all its parts; raises MissingData.
    """

    title: str
    shows: str
    like: str
    pictures: int
    file: str | None
    megabytes: int
    read: Callable[[], Splits]

    @property
    def classes(self) -> tuple[str, ...]:
        """Name the classes, by label."""
        return find_data_set(self.like).classes

    @property
    def shape(self) -> tuple[int, int, int]:
        """Give (height, width, channels) of a picture."""
        return find_data_set(self.like).shape

    @property
    def kind(self) -> str:
        """Name the data set of the table whose pictures are of the same kind: one's own are photos, as CIFAR-10's."""
        return "cifar10" if own_pictures.is_own_pictures(self.like) else self.like

    @property
    def here(self) -> bool:
        """Say whether it is on this machine."""
        return self.file is None or (data_folder() / self.file).exists()


def training_set(name: str) -> TrainingSet:
    """Look one up, of the table or made of one's own pictures.

    Raises: UnknownName: no set has that `name`.
    """
    if own_pictures.is_own_pictures(name):
        of = own_pictures.find_own_pictures(name)
        return TrainingSet(of.title, _kinds(of.classes), name, of.training, None, 0, find_data_set(name).load)
    if name not in TRAINING_SETS:
        raise UnknownName("set to train on", name, TRAINING_SETS)
    return TRAINING_SETS[name]


def _kinds(classes: tuple[str, ...]) -> str:
    """Say what one's own pictures show."""
    return f"pictures of {' and '.join(classes)}" if len(classes) == 2 else f"pictures of {len(classes)} kinds"


def read_training_digits() -> Split:
    """Read the 5,000 of MNIST's training digits that come with the app: the shipped networks were trained on them."""
    with np.load(TRAINING_DIGITS) as arrays:
        return Split(arrays["images"][..., None], arrays["labels"].astype(np.int64))


def _embedded_digits() -> Splits:
    """Cut the 5,000 digits that come with the app, in MNIST's order: 4,000, 500 and 500."""
    every = read_training_digits()
    test = len(every.labels) - HELD_OUT_DIGITS
    cut = test - HELD_OUT_DIGITS
    return {
        "train": every.first(cut),
        "validation": Split(every.images[cut:test], every.labels[cut:test]),
        "test": Split(every.images[test:], every.labels[test:]),
    }


TRAINING_SETS: Final[Mapping[str, TrainingSet]] = {
    "digits": TrainingSet("5,000 digits", "handwritten digits", "mnist", 4_000, None, 0, _embedded_digits),
    "mnist": TrainingSet(
        "MNIST: 60,000 digits",
        "handwritten digits",
        "mnist",
        55_000,
        "mnist.npz",
        11,
        find_data_set("mnist").load,
    ),
    "fashion": TrainingSet(
        "Fashion-MNIST: 60,000 clothes",
        "pictures of clothes",
        "fashion",
        55_000,
        f"{FASHION}/t10k-images-idx3-ubyte.gz",
        31,
        find_data_set("fashion").load,
    ),
    "cifar10": TrainingSet(
        "CIFAR-10: 50,000 photos",
        "small photos of ten kinds",
        "cifar10",
        45_000,
        "cifar10-jpeg.zip",
        163,
        find_data_set("cifar10").load,
    ),
}
