"""A folder of one's own photos as a test: a folder a class in it, named as the class is. No TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from cnn.datasets.imagenet_labels import imagenet_labels
from cnn.errors import BadInput
from cnn.inference.photo_classification import classify_photo_files
from cnn.metrics.significance import ConfidenceInterval, wilson_interval
from cnn.zoo import Card, Network

IMAGENET: Final = "imagenet"


@dataclass(frozen=True, slots=True)
class FolderEvaluation:
    """What a network made of the photos.

    Attributes:
        right: how many it named first ...
        among_five: ... or among its five best ...
        photos: ... of so many that could be read.
        unreadable: how many could not.
    """

    right: int
    among_five: int
    photos: int
    unreadable: int

    @property
    def interval(self) -> ConfidenceInterval:
        """Give the accuracies that fit `right`, at 95 %."""
        return wilson_interval(self.right, self.photos)


def labelled_photos(folder: Path, card: Card) -> dict[Path, int]:
    """List the files below `folder`, each with the label that its folder's name stands for.

    A class is named by its name, for ImageNet also by one of its synonyms or its synset ("n02123045"), or by its label,
    whatever the case; "_" counts as a space.

    Raises: BadInput: there is no such folder, none in it, or one whose name is no class or several.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder. It holds a folder of photos for each class.")
    found: dict[Path, int] = {}
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        label = label_of_folder(inner.name, card)
        found |= {path: label for path in sorted(inner.iterdir()) if path.is_file()}
    if not found:
        raise BadInput(f"{folder} holds no folder with photos: one for each class, named as the class is.")
    return found


def label_of_folder(name: str, card: Card) -> int:
    """Say which class a folder's name stands for; see `labelled_photos`.

    Raises: BadInput: none or several.
    """
    labels = _class_names(card.data, card.classes).get(_plain(name), set())
    if len(labels) != 1:
        what = "is no class" if not labels else f"names several classes, {sorted(labels)}; take the label"
        raise BadInput(
            f"The folder {name!r} {what} of {card.title}. Name it by class ({card.classes[0]!r}), by label "
            f"(0 to {len(card.classes) - 1}){' or by synset' if card.data == IMAGENET else ''}."
        )
    return next(iter(labels))


def evaluate_photo_folder(networks: Sequence[Network], folder: Path) -> dict[str, FolderEvaluation]:
    """Ask networks of one data set about all photos of a folder.

    Raises: BadInput: see `labelled_photos`; or no photo can be read.
    """
    labels = labelled_photos(folder, networks[0].card)
    counts = {network.name: [0, 0, 0] for network in networks}
    unreadable = 0
    for row in classify_photo_files(labels, networks):
        if "error" in row:
            unreadable += 1
            continue
        label, best = labels[Path(row["input"])], [one["class"] for one in row["top"]]
        count = counts[row["network"]]
        count[0] += best[0] == label
        count[1] += label in best
        count[2] += 1
    if unreadable == len(labels):
        raise BadInput(f"None of the {unreadable:,} files below {folder} can be read as a photo.")
    return {name: FolderEvaluation(right, five, all_, unreadable) for name, (right, five, all_) in counts.items()}


@lru_cache(maxsize=4)
def _class_names(data: str, classes: tuple[str, ...]) -> Mapping[str, set[int]]:
    """Say which labels each name may mean; a class's own name comes before synonyms of others."""
    names: dict[str, set[int]] = {}
    if data == IMAGENET:
        for label, one in enumerate(imagenet_labels()):
            for word in (*one.synonyms, one.synset):
                names.setdefault(_plain(word), set()).add(label)
    for label, name in enumerate(classes):
        names[_plain(name)] = {label}
        names[str(label)] = {label}
    return names


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").lower().split())
