"""Sets of labelled pictures to ask networks about: which are here, and how to get the rest. No TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cnn.datasets import cifar10_files, own_pictures
from cnn.datasets.dataset import CIFAR10_CLASSES, FASHION, FOLDER_VARIABLE, Split, find_data_set
from cnn.errors import DAMAGED_ARCHIVE, MissingData, UnknownName
from cnn.paths import ASSETS

HELD_OUT_DIGITS: Final = ASSETS / "held_out" / "mnist_test.npz"  # both written by scripts/make_held_out.py
HELD_OUT_PHOTOS: Final = ASSETS / "held_out" / "cifar10_test2000.zip"
JPEG: Final = "Measured on a copy of CIFAR-10 that was saved as JPEG of quality 75."
KERAS_VARIABLE: Final = "KERAS_HOME"


@dataclass(frozen=True, slots=True)
class PictureSet:
    """Labelled pictures that no network was trained on, as they stand in the table.

    Attributes:
        name: in the table, in addresses and on the command line.
        title: what people call it.
        data: of the networks that know such pictures.
        pictures: how many.
        files: that hold it, the first one found counts; relative to the folder of data. () for what comes with the app.
        megabytes: that Keras downloads for it; 0 for what comes with the app.
    """

    name: str
    title: str
    data: str
    pictures: int
    files: tuple[Path, ...] = ()
    megabytes: int = 0

    @property
    def here(self) -> bool:
        """Say whether it is on this machine."""
        return not self.files or any((data_folder() / file).exists() for file in self.files)

    @property
    def note(self) -> str:
        """Say what an accuracy on it has to tell; "" where there is nothing to say."""
        if self.data != "cifar10":
            return ""
        copy = not self.files or (data_folder() / cifar10_files.ARCHIVE).exists()
        return JPEG if copy else ""

    @property
    def offer(self) -> str:
        """Say how to get it."""
        return (
            f"{self.title}: set {FOLDER_VARIABLE} to a folder with {self.files[0]}, or run "
            f"`python -m cnn evaluate --data {self.data} --set {self.name}` once: Keras downloads it "
            f"({self.megabytes} MB)."
        )

    def read(self) -> Split:
        """Read its pictures and labels.

        Raises: MissingData: it is not here, or damaged.
        """
        if own_pictures.is_own_pictures(self.name):
            return find_data_set(self.data).read("test")
        if self.files:
            if not self.here:
                raise MissingData(self.offer)
            return find_data_set(self.data).read("test", data_folder())
        try:
            return SHIPPED_READERS[self.name]()
        except DAMAGED_ARCHIVE as error:
            raise MissingData(f"{self.title} cannot be read ({error!r}). Fetch assets/held_out anew.") from error


def data_folder() -> Path:
    """Say where data sets lie: the folder that CONVSCOPE_DATA names, else the one in which Keras keeps them."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(os.environ.get(KERAS_VARIABLE, "~/.keras")).expanduser() / "datasets"


def find_picture_set(name: str) -> PictureSet:
    """Look one up, of the table or the test part of one's own pictures.

    Raises: UnknownName: no set has that `name`.
    """
    if own_pictures.is_own_pictures(name):
        of = own_pictures.find_own_pictures(name)
        return PictureSet(name, f"test pictures of {of.title}", name, of.test)
    if name not in EVALUATION_SETS:
        raise UnknownName("set of pictures", name, EVALUATION_SETS)
    return EVALUATION_SETS[name]


def evaluation_sets_for(data: str) -> tuple[PictureSet, ...]:
    """List the sets that the networks of a data set can be asked about; first what is the same on every machine."""
    if own_pictures.is_own_pictures(data):
        return (find_picture_set(data),)
    return tuple(one for one in EVALUATION_SETS.values() if one.data == data)


def _shipped_digits() -> Split:
    with np.load(HELD_OUT_DIGITS) as arrays:
        return Split(arrays["images"][..., None], arrays["labels"].astype(np.int64))


def _shipped_photos() -> Split:
    return Split(*cifar10_files.read_jpeg_folders(HELD_OUT_PHOTOS, "test", CIFAR10_CLASSES))


SHIPPED_READERS: Final[Mapping[str, Callable[[], Split]]] = {
    "mnist": _shipped_digits,
    "cifar10-2000": _shipped_photos,
}
_ALL: Final = (
    PictureSet("mnist", "MNIST's test digits", "mnist", 10_000),
    PictureSet(
        "fashion",
        "Fashion-MNIST's test pictures",
        "fashion",
        10_000,
        files=(FASHION / "t10k-images-idx3-ubyte.gz",),
        megabytes=31,
    ),
    PictureSet("cifar10-2000", "2,000 of CIFAR-10's test photos", "cifar10", 2_000),
    PictureSet(
        "cifar10",
        "All of CIFAR-10's test photos",
        "cifar10",
        10_000,
        files=(Path(cifar10_files.ARCHIVE), cifar10_files.BATCHES / "test_batch"),
        megabytes=163,
    ),
)
EVALUATION_SETS: Final[Mapping[str, PictureSet]] = {one.name: one for one in _ALL}
