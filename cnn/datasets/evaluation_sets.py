"""Sets of labelled pictures to ask networks about: which are here, and how to get the rest. No TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cnn.datasets import cifar10_files
from cnn.datasets.dataset import FOLDER_VARIABLE, Split, find_data_set
from cnn.errors import MissingData, UnknownName
from cnn.paths import ASSETS

MNIST_SAMPLE_FILE: Final = ASSETS / "digits" / "mnist5000.npz"
JPEG: Final = "Measured on a copy of CIFAR-10 that was saved as JPEG of quality 75."
KERAS_VARIABLE: Final = "KERAS_HOME"


@dataclass(frozen=True, slots=True)
class PictureSet:
    """Labelled pictures as they stand in the table.

    Attributes:
        name: in the table, in addresses and on the command line.
        title: what people call it.
        data: of the networks that know such pictures.
        pictures: how many.
        seen: the shipped networks were trained on these very pictures, so that an accuracy is no test.
        files: that hold it, the first one found counts; relative to the folder of data.
        megabytes: that Keras downloads for it; 0 for what comes with the app.
    """

    name: str
    title: str
    data: str
    pictures: int
    seen: bool = False
    files: tuple[Path, ...] = ()
    megabytes: int = 0

    @property
    def here(self) -> bool:
        """Say whether it is on this machine."""
        return not self.files or any((data_folder() / file).exists() for file in self.files)

    @property
    def note(self) -> str:
        """Say what an accuracy on it has to tell; "" where there is nothing to say."""
        if self.seen:
            return "These networks were trained on these very pictures: what they get right here is no test of them."
        copy = self.data == "cifar10" and (data_folder() / cifar10_files.ARCHIVE).exists()
        return JPEG if copy else ""

    @property
    def offer(self) -> str:
        """Say how to get it."""
        return (
            f"{self.title}: set {FOLDER_VARIABLE} to a folder with {self.files[0]}, or run "
            f"`python -m cnn evaluate --data {self.data}` once: Keras downloads it ({self.megabytes} MB)."
        )

    def read(self) -> Split:
        """Read its pictures and labels.

        Raises: MissingData: it is not here, or damaged.
        """
        if self.files:
            if not self.here:
                raise MissingData(self.offer)
            return find_data_set(self.data).read("test", data_folder())
        with np.load(MNIST_SAMPLE_FILE) as arrays:
            return Split(arrays["images"][..., None], arrays["labels"].astype(np.int64))


def data_folder() -> Path:
    """Say where data sets lie: the folder that CONVSCOPE_DATA names, else the one in which Keras keeps them."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(os.environ.get(KERAS_VARIABLE, "~/.keras")).expanduser() / "datasets"


def find_picture_set(name: str) -> PictureSet:
    """Look one up.

    Raises: UnknownName: no set has that `name`.
    """
    if name not in EVALUATION_SETS:
        raise UnknownName("set of pictures", name, EVALUATION_SETS)
    return EVALUATION_SETS[name]


def evaluation_sets_for(data: str) -> tuple[PictureSet, ...]:
    """List the sets that the networks of a data set can be asked about, the true tests first."""
    return tuple(one for one in EVALUATION_SETS.values() if one.data == data)


_ALL: Final = (
    PictureSet("mnist", "MNIST's test digits", "mnist", 10_000, files=(Path("mnist.npz"),), megabytes=11),
    PictureSet("digits", "The digits that come with the app", "mnist", 5_000, seen=True),
    PictureSet(
        "cifar10",
        "CIFAR-10's test photos",
        "cifar10",
        10_000,
        files=(Path(cifar10_files.ARCHIVE), cifar10_files.BATCHES / "test_batch"),
        megabytes=163,
    ),
)
EVALUATION_SETS: Final[Mapping[str, PictureSet]] = {one.name: one for one in _ALL}
