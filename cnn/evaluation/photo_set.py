"""A folder of one's own photos as a set of labelled pictures, beside those of the table. No TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

import numpy as np

from cnn.array_types import Pixels
from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import PictureSet
from cnn.datasets.own_pictures import FORM
from cnn.errors import BadInput, reason
from cnn.evaluation.photo_folder import IMAGENET, label_of_folder
from cnn.inference.photo_classification import photo_input
from cnn.media import image_decoding
from cnn.zoo import Card, Network

MOST_PHOTOS: Final = 500  # inputs of 224x224: 75 MB; an accuracy is then known to about 4 points
MOST_BYTES: Final = 100 * 2**20  # of all files together, as of a clip
NAMES: Final = {IMAGENET: "ImageNet", "cifar10": "CIFAR-10"}


@dataclass(frozen=True, slots=True)
class FolderPhoto:
    """A photo, not yet read: its path below the folder that was brought, such as "photos/cat/1.jpg", and its bytes."""

    path: str
    data: bytes = field(repr=False)

    @property
    def folder(self) -> str:
        """Name the folder in which it lies; "" where it lies in none."""
        return PurePosixPath(self.path.replace("\\", "/")).parent.name

    @property
    def name(self) -> str:
        """Name the file."""
        return PurePosixPath(self.path.replace("\\", "/")).name


@dataclass(frozen=True, slots=True, eq=False)
class PhotoSet(PictureSet):
    """Photos that were brought, for the networks of one data set; nobody changes what it gives.

    Attributes:
        photos: that could be read, in the order of the pictures.
        labels: of them.
        skipped: a sentence about each that could not be read, and about each folder that names no class.
        splits: pictures and labels by the height of a network's input.
    """

    photos: tuple[FolderPhoto, ...] = ()
    labels: tuple[int, ...] = ()
    skipped: tuple[str, ...] = ()
    splits: dict[int, Split] = field(default_factory=dict, repr=False)

    @property
    def note(self) -> str:
        """Say what an accuracy on it has to tell."""
        return "Measured on photos that you chose: it says how the networks do on these, not on photos at large."

    def read(self) -> Split:
        """Give the pictures as the network sees them with which the set was made."""
        return next(iter(self.splits.values()))

    def split_for(self, network: Network) -> Split:
        """Give the pictures as a network sees them; uint8 (n, size, size, 3)."""
        size = network.runner.shape[0]
        if size not in self.splits:
            images = np.stack([_network_pixels(network, one) for one in self.photos])
            self.splits[size] = Split(images, np.array(self.labels, np.int64))
        return self.splits[size]


def bounded_photos(
    photos: Iterable[FolderPhoto], most: int = MOST_PHOTOS, most_bytes: int = MOST_BYTES
) -> tuple[FolderPhoto, ...]:
    """Take at most `most` photos of at most `most_bytes` together, drawn from all of them: always the same ones."""
    listed = sorted((one for one in photos if not one.name.startswith(".")), key=lambda one: one.path)
    taken: list[FolderPhoto] = []
    held = 0
    for at in np.random.default_rng(5).permutation(len(listed)):
        size = len(listed[at].data)
        if len(taken) < most and held + size <= most_bytes:
            taken.append(listed[at])
            held += size
    return tuple(sorted(taken, key=lambda one: one.path))


def read_photo_set(
    photos: Sequence[FolderPhoto], network: Network, on_photo: Callable[[int, int], None] = lambda done, of: None
) -> PhotoSet:
    """Read photos as a network sees them; what cannot be read, or lies in no class's folder, is skipped and told.

    Args:
        photos: see `bounded_photos`.
        network: of ImageNet or CIFAR-10.
        on_photo: told after every photo how many are done, of how many.
    Raises: BadInput: nothing is left.
    """
    card = network.card
    labels, skipped = _labels(photos, card)
    images: list[Pixels] = []
    good: list[FolderPhoto] = []
    for at, one in enumerate(photos):
        if one.folder in labels:
            try:
                images.append(_network_pixels(network, one))
                good.append(one)
            except Exception as error:  # one bad file never takes down the others
                skipped.append(reason(one.path, error))
        on_photo(at + 1, len(photos))
    if not good:
        raise BadInput(
            f"None of the {len(photos):,} files is a photo in a folder that {card.title} knows as a class. "
            + " ".join([FORM.format(card.classes[0]), *skipped[:1]])
        )
    found = tuple(labels[one.folder] for one in good)
    split = Split(np.stack(images), np.array(found, np.int64))
    return PhotoSet(
        name=f"own-{card.data}:{_checksum(photos)}",
        title=f"your photos for {NAMES[card.data]}",
        data=card.data,
        pictures=len(good),
        photos=tuple(good),
        labels=found,
        skipped=tuple(skipped),
        splits={network.runner.shape[0]: split},
    )


def _labels(photos: Iterable[FolderPhoto], card: Card) -> tuple[dict[str, int], list[str]]:
    """Look up each folder: its label, or a sentence about why it has none."""
    labels, skipped = {}, []
    for folder in dict.fromkeys(one.folder for one in photos):
        if not folder:
            skipped.append("Files in no folder have no class. Put each into the folder of its class.")
            continue
        try:
            labels[folder] = label_of_folder(folder, card)
        except BadInput as error:
            skipped.append(str(error))
    return labels, skipped


def _network_pixels(network: Network, photo: FolderPhoto) -> Pixels:
    image = photo_input(network, image_decoding.decode_image(photo.data, photo.path).pixels)
    return np.rint(image * 255).astype(np.uint8)


def _checksum(photos: Iterable[FolderPhoto]) -> str:
    total = hashlib.sha256()
    for one in photos:
        total.update(repr((one.path, len(one.data))).encode())
        total.update(one.data)
    return total.hexdigest()
