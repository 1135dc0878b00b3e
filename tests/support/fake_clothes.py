"""A folder with files in the form of Fashion-MNIST, small, each class a stripe at a place of its own."""

from __future__ import annotations

import gzip
from pathlib import Path
from struct import pack

import numpy as np

from cnn.datasets.dataset import FASHION


def write_clothes(folder: Path, train: int = 60, test: int = 30) -> None:
    """Write the four files; labels go 0, 1, ..., 9, 0, ..."""
    (folder / FASHION).mkdir()
    for part, count in (("train", train), ("t10k", test)):
        labels = np.arange(count, dtype=np.uint8) % 10
        images = np.zeros((count, 28, 28), np.uint8)
        images[np.arange(count), 2 * labels + 4] = 200
        for name, head, content in (
            ("images-idx3", pack(">4I", 2051, count, 28, 28), images),
            ("labels-idx1", pack(">2I", 2049, count), labels),
        ):
            (folder / FASHION / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(head + content.tobytes(), 1))
