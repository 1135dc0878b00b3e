"""Data sets by name: pictures, labels, class names and the same split every time.

`CONVSCOPE_DATA` names a folder with mnist.npz and fashion-mnist/ (as keras.datasets stores them) or cifar10-jpeg.zip
(`cnn.datasets.cifar10_files`). Without it Keras downloads the data set on first use.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from cnn.array_types import Pixels
from cnn.datasets import cifar10_files, own_pictures
from cnn.errors import DAMAGED_ARCHIVE, MissingData, UnknownName

FOLDER_VARIABLE = "CONVSCOPE_DATA"
VALIDATION_SIZE = 5_000  # pictures for temperature and threshold, never for weights
SourcePart = Literal["train", "test"]
SplitName = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True)
class Split:
    """Pictures, uint8 (n, height, width, channels), and their labels, int64 (n,)."""

    images: Pixels
    labels: npt.NDArray[np.int64]

    def first(self, limit: int | None) -> Split:
        """Keep at most the first `limit` pictures; all of them for None."""
        return Split(self.images[:limit], self.labels[:limit])


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set as it stands in the table.

    Attributes:
        title: what people call it.
        classes: names, by label.
        shape: (height, width, channels) of a picture.
        licence: and who made it.
        note: what a measured accuracy has to say about these pictures; empty where there is nothing.
        reader: folder, or None to let Keras download it, and a part -> its pictures.
        validation: how many of the training pictures, the last ones, are held out.
    """

    title: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    licence: str
    note: str
    reader: Callable[[Path | None, SourcePart], Split]
    validation: int = VALIDATION_SIZE

    def load(self) -> dict[SplitName, Split]:
        """Read the pictures.

        Returns: train, validation (the last of the training pictures) and test.
        Raises: MissingData: neither on this machine nor to be downloaded.
        """
        train = self.read("train")
        cut = len(train.labels) - self.validation
        return {
            "train": train.first(cut),
            "validation": Split(train.images[cut:], train.labels[cut:]),
            "test": self.read("test"),
        }

    def read(self, part: SourcePart, folder: Path | None = None) -> Split:
        """Read one part alone.

        Args:
            part: "train", those held out included, or "test".
            folder: that holds the files; None for the one that CONVSCOPE_DATA names.
        Raises: MissingData: neither on this machine nor to be downloaded.
        """
        named = os.environ.get(FOLDER_VARIABLE)
        try:
            return self.reader(folder or (Path(named) if named else None), part)
        except DAMAGED_ARCHIVE as error:
            raise MissingData(f"{self.title} could not be read ({error}). {self.remedy}") from error

    @property
    def remedy(self) -> str:
        """Say what to do where it cannot be read."""
        if self.licence == OWN_LICENCE:
            return "Bring the folder anew."
        return (
            f"Set {FOLDER_VARIABLE} to a folder that holds it, or connect to the internet once so that Keras can "
            "download it."
        )


def find_data_set(name: str) -> DataSet:
    """Look one up, of the table or made of one's own pictures.

    Raises: UnknownName: no data set has that `name`.
    """
    if own_pictures.is_own_pictures(name):
        return _own_data_set(name)
    if name not in DATA_SETS:
        raise UnknownName("data set", name, DATA_SETS)
    return DATA_SETS[name]


def _own_data_set(name: str) -> DataSet:
    of = own_pictures.find_own_pictures(name)

    def reader(_: Path | None, part: SourcePart) -> Split:
        if part == "test":
            return Split(*own_pictures.read_own_pictures(name, "test"))
        parts = [own_pictures.read_own_pictures(name, one) for one in ("training", "validation")]
        images, labels = zip(*parts, strict=True)
        return Split(np.concatenate(images), np.concatenate(labels))

    return DataSet(of.title, of.classes, own_pictures.OWN_SHAPE, OWN_LICENCE, "", reader, of.validation)


def _mnist(folder: Path | None, part: SourcePart) -> Split:
    if folder is None:
        from cnn.keras_backend import keras

        parts = keras.datasets.mnist.load_data()
        images, labels = parts[part == "test"]
    else:
        with np.load(folder / "mnist.npz") as arrays:
            images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
    return Split(images[..., None], labels.astype(np.int64))


def _fashion(folder: Path | None, part: SourcePart) -> Split:
    if folder is None:
        from cnn.keras_backend import keras

        parts = keras.datasets.fashion_mnist.load_data()
        images, labels = parts[part == "test"]
        return Split(images[..., None], labels.astype(np.int64))
    first = FASHION / ("train" if part == "train" else "t10k")
    images = np.frombuffer(gzip.decompress((folder / f"{first}-images-idx3-ubyte.gz").read_bytes()), np.uint8, -1, 16)
    labels = np.frombuffer(gzip.decompress((folder / f"{first}-labels-idx1-ubyte.gz").read_bytes()), np.uint8, -1, 8)
    return Split(images.reshape(len(labels), 28, 28, 1), labels.astype(np.int64))


def _cifar10(folder: Path | None, part: SourcePart) -> Split:
    if folder is None:
        from cnn.keras_backend import keras

        parts = keras.datasets.cifar10.load_data()
        images, labels = parts[part == "test"]
    elif (folder / cifar10_files.ARCHIVE).exists():
        images, labels = cifar10_files.read_jpeg_folders(folder / cifar10_files.ARCHIVE, part, CIFAR10_CLASSES)
    else:
        images, labels = cifar10_files.read_pickled_batches(folder / cifar10_files.BATCHES, part)
    return Split(images, labels.ravel().astype(np.int64))


OWN_LICENCE: Final = "pictures of one's own, and whoever took them"
FASHION: Final = Path("fashion-mnist")  # the folder, below the one of data; four files of MNIST's own form, gzipped
CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
DATA_SETS: Final[Mapping[str, DataSet]] = {
    "mnist": DataSet(
        title="MNIST",
        classes=tuple("0123456789"),
        shape=(28, 28, 1),
        licence="LeCun, Cortes & Burges; CC BY-SA 3.0; yann.lecun.com/exdb/mnist",
        note="by which the number of epochs had once been chosen",
        reader=_mnist,
    ),
    "fashion": DataSet(
        title="Fashion-MNIST",
        classes=(
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
        shape=(28, 28, 1),
        licence="Xiao, Rasul & Vollgraf, Zalando SE; MIT; github.com/zalandoresearch/fashion-mnist",
        note="",
        reader=_fashion,
    ),
    "cifar10": DataSet(
        title="CIFAR-10",
        classes=CIFAR10_CLASSES,
        shape=(32, 32, 3),
        licence="Krizhevsky, Nair & Hinton; no licence stated; cs.toronto.edu/~kriz/cifar.html",
        note="measured on a copy of CIFAR-10 saved as JPEG of quality 75",
        reader=_cifar10,
    ),
}
