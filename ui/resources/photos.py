"""Photos as files, read once for all sessions, and what networks make of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as once
from io import BytesIO
from typing import Final

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from cnn.array_types import Array, Pixels
from cnn.datasets.dataset import find_data_set
from cnn.datasets.evaluation_sets import data_folder
from cnn.errors import reason
from cnn.inference import photo_classification
from cnn.inference.predict import Prediction, predict
from cnn.media import image_decoding
from cnn.media.turnstile import Turnstile
from cnn.paths import ASSETS
from cnn.zoo import Network
from ui.images.data_uri import thumbnail_uri
from ui.resources.visitor_cache import visitor_cache
from ui.text.verbatim import verbatim

THUMBNAIL_PX: Final = 224
MOST_PHOTOS: Final = 24  # a visit; the newest stay
MOST_CLASSES: Final = 20  # of which a test picture is offered
AT_ONCE: Final = 2  # people whose new photos are read; of fifty at once each would wait for all the others' to end
TEST: Final = "test-"  # begins the keys of test pictures, and their names in the address


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One photo as it came: its bytes, not yet read.

    Attributes:
        key: SHA-256 of the bytes; of a test picture the set and the class, such as "test-fashion-3".
        name: of the file, or of the sample.
        data: the file.
    """

    key: str
    name: str
    data: bytes


def media_file(name: str, data: bytes) -> MediaFile:
    """Name a photo by its content: the same one brought twice is one."""
    return MediaFile(hashlib.sha256(data).hexdigest(), name, data)


@once
def sample_photos() -> tuple[MediaFile, ...]:
    """Read the photos that come with the app, in the order of assets/photos/photos.json."""
    folder = ASSETS / "photos"
    listed = json.loads((folder / "photos.json").read_text(encoding="utf-8"))
    return tuple(media_file(entry["name"], (folder / entry["file"]).read_bytes()) for entry in listed)


@st.cache_resource(max_entries=4, show_spinner=False)
def test_photos(data: str) -> tuple[MediaFile, ...]:
    """Take the first test picture of each class of a data set; no network of it was trained on them.

    Raises: MissingData: it is not on this machine.
    """
    of = find_data_set(data)
    split = of.read("test", data_folder())  # a folder: Keras, which could download it, stays out of this process
    found = []
    for label, title in list(enumerate(of.classes))[:MOST_CLASSES]:
        pixels = split.images[int((split.labels == label).argmax())]
        content = BytesIO()
        Image.fromarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)).copy()).save(content, "PNG")
        found.append(MediaFile(f"{TEST}{data}-{label}", title, content.getvalue()))
    return tuple(found)


@visitor_cache(max_entries=8, spinner="Reading a photo")
def photo_pixels(key: str, _brought: MediaFile) -> Pixels:
    """Read a photo: uint8 (height, width, 3), at most 12 MB; nobody changes it, nor what else comes from here.

    Raises: BadInput.
    """
    with queue_notice() as tell:
        return image_decoding.decode_image(_brought.data, _brought.name, on_wait=tell).pixels


def _photos_before(before: int) -> str:
    return f"Waiting to be read: {before} {'photo comes' if before == 1 else 'photos come'} before it."


def _people_before(before: int) -> str:
    return f"Waiting to be read: photos of {before} {'person' if before == 1 else 'people'} come first."


@contextmanager
def queue_notice(words: Callable[[int], str] = _photos_before) -> Iterator[Callable[[int], None]]:
    """Give what tells a person how many come before theirs is read, where there are any; at the end it goes."""
    places: list[DeltaGenerator] = []

    def tell(before: int) -> None:
        if not places:
            places.append(st.empty())
        places[0].caption(words(before))

    yield tell
    for place in places:
        place.empty()


@visitor_cache(max_entries=512)  # of 20 kB
def photo_thumbnail(key: str, _brought: MediaFile) -> str:
    """Make the gallery's picture of a photo, as a data URI.

    Raises: BadInput.
    """
    return thumbnail_uri(photo_pixels(key, _brought), THUMBNAIL_PX)


@visitor_cache(max_entries=1024, spinner="Asking the network")
def cached_prediction(network_name: str, key: str, _network: Network, _brought: MediaFile) -> Prediction:
    """Answer a photo with a network.

    Raises: BadInput.
    """
    image = cached_network_input(key, _network.runner.shape, _brought)
    return predict(_network, image[None])[0]


@visitor_cache(max_entries=128)  # of at most 1 MB
def cached_network_input(key: str, shape: tuple[int, ...], _brought: MediaFile) -> Array:
    """Make the exact input of a photo for all networks that take `shape`.

    Args:
        key: of the photo.
        shape: (size, size, channels).
        _brought: the photo.
    Returns: float32 of that shape, in [0, 1].
    Raises: BadInput.
    """
    return photo_classification.fit_photo(shape, photo_pixels(key, _brought))


@once
def trap_notes() -> dict[str, str]:
    """Read which samples are traps, by their key, and what is said of them."""
    listed = json.loads((ASSETS / "photos" / "photos.json").read_text(encoding="utf-8"))
    return {one.key: entry["trap"] for one, entry in zip(sample_photos(), listed, strict=True) if "trap" in entry}


def readable_photos(brought: Sequence[MediaFile], network: Network | None = None) -> list[MediaFile]:
    """Leave out the photos that cannot be read, or that `network` fails on, and say why.

    Whoever brings new ones waits for their turn. With `network` its answers are made in that turn, too: pixels are kept
    of a few photos only, and when a class brings theirs each would be decoded again for it.
    """

    def is_new(one: MediaFile) -> bool:
        answered = network is None or cached_prediction.holds(network.name, one.key, network, one)
        return not (answered and photo_thumbnail.holds(one.key, one))

    def read(one: MediaFile) -> None:
        photo_thumbnail(one.key, one)
        if network is not None:
            cached_prediction(network.name, one.key, network, one)

    if not any(map(is_new, brought)):
        return _without_failing(brought, read)
    with queue_notice(_people_before) as tell, _TURNS.enter(tell):
        return _without_failing(brought, read)


_TURNS: Final = Turnstile(AT_ONCE)


def answered_photos(network: Network, brought: Sequence[MediaFile]) -> list[MediaFile]:
    """Leave out the photos that a network fails on, and say why."""
    return _without_failing(brought, lambda one: cached_prediction(network.name, one.key, network, one))


def _without_failing(brought: Sequence[MediaFile], attempt: Callable[[MediaFile], object]) -> list[MediaFile]:
    good = []
    for one in brought:
        try:
            attempt(one)
            good.append(one)
        except Exception as error:  # one photo never takes down the others
            st.warning(verbatim(reason(one.name, error)))
    return good
