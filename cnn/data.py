"""Data sets by name: pictures, labels, class names and the same split every time.

`CONVSCOPE_DATA` names a folder with mnist.npz (as keras.datasets stores it) or cifar10-jpeg.zip
(train/CLASS/*.jpg and test/CLASS/*.jpg). Without it Keras downloads the data set on first use.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from cnn.errors import MissingData, UnknownName

FOLDER_VARIABLE = "CONVSCOPE_DATA"
VALIDATION = 5_000  # the last of the training pictures: for temperature and threshold, never for weights
SplitName = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True)
class Split:
    """Pictures, uint8 (n, height, width, channels), and their labels, int64 (n,)."""

    images: npt.NDArray[np.uint8]
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
        note: what a measured accuracy has to say about this copy; empty for the original.
        reader: folder or None -> all training pictures and all test pictures.
    """

    title: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    licence: str
    note: str
    reader: Callable[[Path | None], tuple[Split, Split]]

    def load(self) -> dict[SplitName, Split]:
        """Read the pictures.

        Returns: train, validation (the last 5,000 of the training pictures) and test.
        Raises: MissingData: neither on this machine nor to be downloaded.
        """
        folder = os.environ.get(FOLDER_VARIABLE)
        try:
            train, test = self.reader(Path(folder) if folder else None)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise MissingData(
                f"{self.title} could not be read ({error}). Set {FOLDER_VARIABLE} to a folder that holds it, "
                "or connect to the internet once so that Keras can download it."
            ) from error
        cut = len(train.labels) - VALIDATION
        return {
            "train": train.first(cut),
            "validation": Split(train.images[cut:], train.labels[cut:]),
            "test": test,
        }


def data_set(name: str) -> DataSet:
    """Look one up.

    Raises: UnknownName: no data set has that `name`.
    """
    if name not in DATA_SETS:
        raise UnknownName("data set", name, DATA_SETS)
    return DATA_SETS[name]


def _mnist(folder: Path | None) -> tuple[Split, Split]:
    if folder is None:
        from cnn.engine import keras

        (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    else:
        with np.load(folder / "mnist.npz") as arrays:
            x_train, y_train = arrays["x_train"], arrays["y_train"]
            x_test, y_test = arrays["x_test"], arrays["y_test"]
    return (
        Split(x_train[..., None], y_train.astype(np.int64)),
        Split(x_test[..., None], y_test.astype(np.int64)),
    )


def _cifar10(folder: Path | None) -> tuple[Split, Split]:
    if folder is None:
        from cnn.engine import keras

        (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
        return Split(x_train, y_train.ravel().astype(np.int64)), Split(x_test, y_test.ravel().astype(np.int64))
    with zipfile.ZipFile(folder / "cifar10-jpeg.zip") as archive:
        return _cifar10_part(archive, "train"), _cifar10_part(archive, "test")


def _cifar10_part(archive: zipfile.ZipFile, part: str) -> Split:
    """Read one folder a class; shuffled once, so that any first pictures hold every class."""
    from PIL import Image

    names = sorted(name for name in archive.namelist() if name.startswith(f"{part}/") and name.endswith(".jpg"))
    names = [names[i] for i in np.random.default_rng(0).permutation(len(names))]
    images = np.stack([np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB")) for name in names])
    labels = np.array([CIFAR10_CLASSES.index(name.split("/")[1]) for name in names], np.int64)
    return Split(images, labels)


CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
DATA_SETS: Final[Mapping[str, DataSet]] = {
    "mnist": DataSet(
        title="MNIST",
        classes=tuple("0123456789"),
        shape=(28, 28, 1),
        licence="LeCun, Cortes & Burges; CC BY-SA 3.0; yann.lecun.com/exdb/mnist",
        note="",
        reader=_mnist,
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
