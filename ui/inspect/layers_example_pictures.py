"""The real pictures that a unit's examples are looked for in: those held out, or photos and their quarters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Pixels
from cnn.datasets import evaluation_sets
from cnn.inference import photo_classification
from cnn.zoo import Card, Network
from ui.resources import measurements, photos
from ui.resources.photos import MediaFile

MOST_PICTURES: Final = 2_000  # of a set: a few seconds of any small network
QUARTERS: Final = ("upper left", "upper right", "lower left", "lower right")


@dataclass(frozen=True, slots=True, eq=False)
class ExamplePictures:
    """Pictures as a network takes them, numbered from 0; nobody changes them.

    Attributes:
        title: what they are, such as "2,000 of CIFAR-10's test photos".
        images: uint8 (n, height, width, channels), the network's inputs, of 255.
        shows: what each is of, for people: a class or a photo's name.
        parts: which part of a photo each is; "" for the whole.
        photos: whether these are photos of any size, to which a person can add.
    """

    title: str
    images: Pixels
    shows: tuple[str, ...]
    parts: tuple[str, ...]
    photos: bool = False


def example_pictures(network: Network) -> ExamplePictures:
    """Take pictures that it never saw: held-out ones where any are here, else parts of the sample photos."""
    here = [one.name for one in evaluation_sets.evaluation_sets_for(network.card.data) if one.here]
    return held_out_pictures(here[0], network.card) if here else sample_parts(network.name, network)


def own_pictures(network: Network, brought: Iterable[MediaFile]) -> ExamplePictures:
    """Take a person's own photos and their quarters. No other session may see what comes of them, and none keeps it."""
    listed = [(one.name, photos.photo_pixels(one.key, one)) for one in brought]
    return _parts(network, f"your {len(listed)} photos" if len(listed) > 1 else "your photo", listed)


@st.cache_resource(max_entries=2, show_spinner=False)
def held_out_pictures(name: str, _card: Card) -> ExamplePictures:
    """Take a set of labelled pictures, once for all sessions."""
    split = measurements.cached_split(name)
    images = split.images[:MOST_PICTURES]
    shows = tuple(_card.classes[label] for label in split.labels[: len(images)])
    title = evaluation_sets.find_picture_set(name).title
    of = title if len(images) == len(split.images) else f"the first {len(images):,} of {title}"
    return ExamplePictures(of, images, shows, ("",) * len(images))


@st.cache_resource(max_entries=2, show_spinner=False)
def sample_parts(name: str, _network: Network) -> ExamplePictures:
    """Take the sample photos and their quarters as a network sees them, once for all sessions: 5 MB."""
    listed = [(one.name, photos.photo_pixels(one.key, one)) for one in photos.sample_photos()]
    return _parts(_network, f"the {len(listed)} sample photos and their quarters", listed)


def _parts(network: Network, title: str, listed: list[tuple[str, Pixels]]) -> ExamplePictures:
    """Show a network each photo whole, and its quarters, twice as large."""
    images, shows, parts = [], [], []
    for name, pixels in listed:
        middle = pixels.shape[0] // 2, pixels.shape[1] // 2
        rows, columns = ((slice(None, at), slice(at, None)) for at in middle)
        quarters = [pixels[row, column] for row in rows for column in columns]
        images += [photo_classification.photo_input(network, one) for one in (pixels, *quarters)]
        shows += [name] * (1 + len(quarters))
        parts += ["", *QUARTERS]
    return ExamplePictures(
        title, np.rint(np.stack(images) * 255).astype(np.uint8), tuple(shows), tuple(parts), photos=True
    )
