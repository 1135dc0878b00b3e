"""What a person's pictures teach, learned once for each change of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array, Pixels
from cnn.inference.photo_classification import photo_input
from cnn.media import image_decoding
from cnn.teach import TaughtClassifier, near_duplicates, teach_classes
from cnn.teach.background import background_of
from cnn.teach.collection import Collection, EmbeddedPictures
from cnn.teach.evidence import class_evidence
from cnn.zoo.feature_extractor import FeatureExtractor
from cnn.zoo.features_in_tflite import cut_before_pooling
from cnn.zoo.litert_runner import LiteRTRunner
from ui.resources import network_cache
from ui.selection.address import keep_in_address
from ui.selection.network_picker import PHOTO_DATA, YOURS

TRUNK: Final = "trunk"  # in the address
FIRST: Final = "imagenet/efficientnet_lite0"
LEAST: Final = 2  # pictures of a class


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learned, and from which pictures."""

    taught: TaughtClassifier
    pictures: EmbeddedPictures


def trunks() -> Mapping[str, str]:
    """List the networks on whose features classes can be taught: names, and what to call them.

    Those that a person brought, trained or taught are among them, where they take photos.
    """
    data = (*PHOTO_DATA, *network_cache.further_data_sets())
    names = [name for one in data for name in network_cache.inspectable_network_names(one)]
    return {name: _title(name) for name in sorted(names, key=lambda one: one != FIRST)}


def _title(name: str) -> str:
    card = network_cache.cached_card(name)
    if card.own:
        return f"{card.title}, {YOURS}"
    return f"{card.title}, trained on {'ImageNet' if card.data == 'imagenet' else 'CIFAR-10'}"


def choose_trunk() -> str:
    """Let a person choose whose features are used; the address keeps it, such as `?trunk=cifar10/resnet`."""
    titles = trunks()
    names = list(titles)
    asked = st.query_params.get(TRUNK, FIRST)
    chosen = st.selectbox(
        "Whose eyes look at them",
        names,
        names.index(asked) if asked in titles else 0,
        titles.__getitem__,
        key="teach trunk",
        help="A network that has seen many pictures before. Its features stay as they are; your classes are weighed "
        "from them.",
    )
    if chosen != FIRST or TRUNK in st.query_params:
        keep_in_address(TRUNK, chosen)
    return chosen


def learn(collection: Collection, trunk: str) -> Lesson | None:
    """Learn from the pictures as they are now; None where there are not two classes with two pictures each."""
    with st.spinner("Learning from your pictures"):
        return _lesson(str(collection.path), collection.revision, trunk, collection)


def learn_so_far(collection: Collection, trunk: str) -> Lesson | None:
    """Learn from the pictures that are there while others come: anew when there are a quarter more."""
    count = len(collection.unseen(trunk)) - sum(one.pictures for one in collection.classes())
    steps = int(np.log(max(1, -count)) / np.log(1.25))
    return _lesson(str(collection.path), -steps, trunk, collection)


@st.cache_resource(max_entries=4, show_spinner=False)
def _lesson(path: str, revision: int, trunk: str, _collection: Collection) -> Lesson | None:
    seen = _collection.embedded(trunk)
    counts = np.bincount(seen.labels, minlength=len(seen.classes))
    if len(counts) < LEAST or counts.min() < LEAST:
        return None
    background = background_of(network_cache.cached_network(trunk))
    taught = teach_classes(trunk, seen.classes, seen.features, seen.labels, background)
    return Lesson(taught, seen)


def twice(collection: Collection, pictures: EmbeddedPictures) -> list[tuple[int, int]]:
    """List the pairs of pictures, by number, that are almost the same picture; moving one does not cost it anew."""
    order = np.argsort(pictures.ids)
    ids = tuple(pictures.ids[at] for at in order)
    return _twice(str(collection.path), ids, pictures.thumbnails[order])


@st.cache_resource(max_entries=2, show_spinner="Looking for the same picture twice")
def _twice(path: str, ids: tuple[int, ...], _thumbnails: Array) -> list[tuple[int, int]]:
    return [(ids[i], ids[j]) for i, j in near_duplicates(_thumbnails)]


@st.cache_resource(max_entries=2, show_spinner=False)
def extractor(trunk: str) -> FeatureExtractor:
    """Cut a network before its last weights, once for all sessions."""
    return FeatureExtractor(network_cache.cached_network(trunk))


def features_of(trunk: str, name: str, data: bytes) -> Array:
    """Give what a network sees in a photo, float32 (1, features).

    Raises: BadInput: it cannot be read.
    """
    return features_of_pixels(trunk, image_decoding.decode_image(data, name).pixels)


def features_of_pixels(trunk: str, pixels: Pixels) -> Array:
    """Give what a network sees in a photo, uint8 (height, width, 3), as float32 (1, features); nothing is kept."""
    return extractor(trunk)(photo_input(network_cache.cached_network(trunk), pixels)[None])


@st.cache_resource(max_entries=2, show_spinner=False)
def _maps_runner(trunk: str) -> LiteRTRunner | None:
    network = network_cache.cached_network(trunk)
    if not network.card.answers:
        return None
    model = cut_before_pooling(network.runner.model, trunk)
    return None if model is None else LiteRTRunner(model)


def evidence_of(taught: TaughtClassifier, content: bytes, label: int) -> tuple[Array, Array] | None:
    """Give what a network was shown of a picture, and what speaks for a class; None where its features have no places.

    Returns: float32 (size, size, 3) in [0, 1], and float32 (height, width) in [0, 1].
    """
    runner = _maps_runner(taught.trunk)
    if runner is None:
        return None
    pixels = image_decoding.decode_image(content, "picture").pixels
    shown = photo_input(network_cache.cached_network(taught.trunk), pixels)
    return shown, class_evidence(taught, runner(shown[None])[0], label)
