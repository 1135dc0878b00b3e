"""Write assets/held_out: MNIST's 10,000 test digits and 2,000 of CIFAR-10's test pictures, to measure with offline.

    CONVSCOPE_DATA=FOLDER python -m scripts.make_held_out

FOLDER holds mnist.npz (as keras.datasets stores it) and cifar10-jpeg.zip (`cnn.datasets.cifar10_files`). The digits
stay bit by bit what they are; the photos are the JPEG files of that copy, 200 a class, chosen at random.
"""

import os
import zipfile
from pathlib import Path

import numpy as np

from cnn.datasets import cifar10_files
from cnn.datasets.dataset import CIFAR10_CLASSES, FOLDER_VARIABLE, find_data_set
from cnn.datasets.evaluation_sets import HELD_OUT_DIGITS, HELD_OUT_PHOTOS

PER_CLASS = 200
SEED = 16
EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of every file, so that the archive is the same each time


def write_digits() -> None:
    """Write MNIST's test digits, in their order."""
    test = find_data_set("mnist").read("test")
    np.savez_compressed(HELD_OUT_DIGITS, images=test.images[..., 0], labels=test.labels.astype(np.uint8))


def write_photos(archive: Path) -> None:
    """Copy PER_CLASS JPEG files of each class, as they are: they do not get smaller by packing."""
    rng = np.random.default_rng(SEED)
    with zipfile.ZipFile(archive) as every, zipfile.ZipFile(HELD_OUT_PHOTOS, "w", zipfile.ZIP_STORED) as ours:
        names = sorted(every.namelist())
        for one in CIFAR10_CLASSES:
            of_class = [name for name in names if name.startswith(f"test/{one}/") and name.endswith(".jpg")]
            for at in sorted(rng.permutation(len(of_class))[:PER_CLASS]):
                ours.writestr(zipfile.ZipInfo(of_class[at], EPOCH), every.read(of_class[at]))


if __name__ == "__main__":
    HELD_OUT_DIGITS.parent.mkdir(parents=True, exist_ok=True)
    write_digits()
    write_photos(Path(os.environ[FOLDER_VARIABLE]) / cifar10_files.ARCHIVE)
    for made in (HELD_OUT_DIGITS, HELD_OUT_PHOTOS):
        print(f"{made.name}: {made.stat().st_size / 2**20:.2f} MB")
