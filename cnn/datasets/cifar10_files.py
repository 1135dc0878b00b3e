"""The files that hold CIFAR-10: a copy saved as JPEG, and what Keras downloads. No TensorFlow."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Pixels

Labels = npt.NDArray[np.int64]

ARCHIVE: Final = "cifar10-jpeg.zip"  # train/CLASS/*.jpg and test/CLASS/*.jpg
BATCHES: Final = Path("cifar-10-batches-py-target", "cifar-10-batches-py")  # where Keras 3.15 unpacks them
FILES: Final = {"train": [f"data_batch_{number}" for number in range(1, 6)], "test": ["test_batch"]}
RECONSTRUCT: Final = np.zeros(0).__reduce__()[0]  # by which arrays are pickled; its module moved in NumPy 2
MADE_OF: Final = {"_reconstruct": RECONSTRUCT, "ndarray": np.ndarray, "dtype": np.dtype}  # a batch's arrays


def read_jpeg_folders(archive: Path, part: str, classes: Sequence[str]) -> tuple[Pixels, Labels]:
    """Read one folder a class; shuffled once, so that any first pictures hold every class.

    Returns: pictures, uint8 (n, 32, 32, 3), and labels, int64 (n,).
    """
    from PIL import Image

    with zipfile.ZipFile(archive) as files:
        names = sorted(name for name in files.namelist() if name.startswith(f"{part}/") and name.endswith(".jpg"))
        names = [names[i] for i in np.random.default_rng(0).permutation(len(names))]
        images = np.stack([np.asarray(Image.open(io.BytesIO(files.read(name))).convert("RGB")) for name in names])
    return images, np.array([classes.index(name.split("/")[1]) for name in names], np.int64)


def read_pickled_batches(folder: Path, part: str) -> tuple[Pixels, Labels]:
    """Read the batches as their authors publish them and Keras keeps them.

    Returns: pictures, uint8 (n, 32, 32, 3), and labels, int64 (n,).
    Raises: OSError: they are not there.
        ValueError: one is damaged.
    """
    read = [_batch(folder / name) for name in FILES[part]]
    return np.concatenate([images for images, _ in read]), np.concatenate([labels for _, labels in read])


def _batch(file: Path) -> tuple[Pixels, Labels]:
    content = file.read_bytes()
    try:
        batch = _Reader(io.BytesIO(content), encoding="bytes").load()
        images = np.asarray(batch[b"data"], np.uint8).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return images, np.asarray(batch[b"labels"], np.int64)
    except Exception as error:  # a damaged pickle raises whatever it likes
        raise ValueError(f"{file.name} is damaged: {error}") from error


class _Reader(pickle.Unpickler):
    """Makes arrays and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if not module.startswith("numpy") or name not in MADE_OF:
            raise pickle.UnpicklingError(f"{module}.{name} does not belong into a batch of CIFAR-10")
        return MADE_OF[name]
