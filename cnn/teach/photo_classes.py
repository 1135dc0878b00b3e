"""A folder of photos, a folder a class in it, as features of a network. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.errors import BadInput, reason
from cnn.inference.photo_classification import photo_input
from cnn.media import image_decoding
from cnn.teach.linear_head import Labels
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor

THUMBNAIL_PX: Final = 16  # a side
BATCH: Final = 16  # photos of which inputs are held at once
MOST_PICTURES: Final = 20_000  # 100 MB of EfficientNet-Lite0's features

OnPhoto = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class PhotoClasses:
    """Labelled photos, as a network sees them.

    Attributes:
        classes: names, as the folders are called.
        files: of the photos that could be read.
        features: float32 (n, features).
        labels: int64 (n,), in [0, classes).
        thumbnails: float32 (n, pixels), to find the same picture twice.
        skipped: what is wrong with the others, by file.
    """

    classes: tuple[str, ...]
    files: tuple[Path, ...]
    features: Array
    labels: Labels
    thumbnails: Array
    skipped: dict[Path, str]


def embed_folder(network: Network, folder: Path, on_photo: OnPhoto = lambda done, of: None) -> PhotoClasses:
    """Compute the features of all photos below `folder`; one that cannot be read is skipped and told.

    Args:
        network: whose features are wanted.
        folder: holds a folder of photos for each class, named as the class shall be.
        on_photo: told after every photo how many are done, of how many.
    Raises: BadInput: there is no such folder, none in it, or more than `MOST_PICTURES` files.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder. It holds a folder of photos for each class, named as the class.")
    inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    labelled = [(path, label) for label, one in enumerate(inner) for path in _files(one)]
    if len(labelled) > MOST_PICTURES:
        raise BadInput(f"There are {len(labelled):,} files below {folder}; at most {MOST_PICTURES:,} are taught.")
    skipped: dict[Path, str] = {}
    read: list[int] = []
    thumbnails: list[Array] = []
    features = FeatureExtractor(network)
    parts = [np.zeros((0, features.width), np.float32)]

    def inputs() -> Iterator[Array]:
        for at, (path, _) in enumerate(labelled):
            try:
                pixels = image_decoding.decode_image_file(path, least_px=network.runner.shape[0]).pixels
                made = photo_input(network, pixels)
            except Exception as error:  # one bad file never takes down the others
                skipped[path] = reason(path.name, error)
            else:
                read.append(at)
                thumbnails.append(image_decoding.resize_for_network(pixels, THUMBNAIL_PX, THUMBNAIL_PX).ravel())
                yield made
            on_photo(at + 1, len(labelled))

    parts.extend(features(np.stack(batch)) for batch in _batched(inputs()))
    return PhotoClasses(
        classes=tuple(one.name for one in inner),
        files=tuple(labelled[at][0] for at in read),
        features=np.concatenate(parts),
        labels=np.array([labelled[at][1] for at in read], np.int64),
        thumbnails=np.stack(thumbnails) if thumbnails else np.zeros((0, 3 * THUMBNAIL_PX**2), np.float32),
        skipped=skipped,
    )


def _files(folder: Path) -> Sequence[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _batched(inputs: Iterator[Array]) -> Iterator[list[Array]]:
    batch: list[Array] = []
    for one in inputs:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
