"""What networks are shown: one's own drawing or photos, and samples; the choice goes along from page to page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.array_types import Array, Pixels
from cnn.errors import MissingData
from cnn.inference import photo_classification
from cnn.preprocessing import Digit, from_strokes
from cnn.zoo import OWN_CLASSES, Network
from ui.components.drawing_canvas import drawing_canvas
from ui.components.drawing_canvas.drawing_canvas import Drawing
from ui.components.image_picker.image_picker import ImageTile, render_image_picker
from ui.images.data_uri import gray_png_uri
from ui.resources import photos
from ui.resources.photos import MediaFile
from ui.selection import drawing_address, photo_upload, sample_digits
from ui.selection.address import INPUT, OWN, keep_in_address, own_name, sample_name, tell_not_carried
from ui.selection.guarded_reading import read_drawing
from ui.text.verbatim import verbatim

DIGITS: Final = "mnist"  # the data set of drawings; all others are of photos
SAMPLED: Final = ("imagenet", "cifar10", OWN_CLASSES)  # data sets whose networks the sample photos are shown to
CANVAS: Final = "draw"  # the Draw page's: one drawing for the whole app
FIRST: Final = {True: "sample-7", False: ""}  # a digit, a photo ("": the first one)
DRAWN: Final = "drawn-"  # begins the names of what one drew


@dataclass(frozen=True, slots=True, eq=False)
class ChosenInput:
    """One digit or photo; nobody changes its pixels.

    Attributes:
        key: names it in caches.
        title: such as "Sample 7" or "your drawing".
        picture: a small one, as a data URI.
        pixels: a digit as float32 (28, 28, 1) in [0, 1], or a picture of a data set as uint8 (height, width, 3).
            A photo is its file: of all that a person has brought, only the chosen one is read.
    """

    key: str
    title: str
    picture: str
    pixels: Array | Pixels | MediaFile

    @property
    def address(self) -> str:
        """Name it in the address: one's own digits by their number, for `?drawing=` says what was drawn."""
        if self.key.startswith(DRAWN):
            return f"{DRAWN}{self.key.rsplit('-', 1)[1]}"
        return photo_address(self.pixels) if isinstance(self.pixels, MediaFile) else self.key

    def image(self, network: Network) -> Array:
        """Make a network's exact input, float32 (height, width, channels) in [0, 1]."""
        return self.image_of_shape(network.runner.shape)

    def image_of_shape(self, shape: tuple[int, int, int]) -> Array:
        """Make the exact input of a network that takes `shape`, (height, width, channels)."""
        if isinstance(self.pixels, MediaFile):
            return photos.cached_network_input(self.pixels.key, shape, self.pixels)
        if self.pixels.dtype == np.uint8:
            return photo_classification.fit_photo(shape, np.asarray(self.pixels, np.uint8))
        return np.asarray(self.pixels, np.float32)


def choose_input(data: str, key: str, aside: DeltaGenerator | None = None) -> ChosenInput:
    """Let a person choose an input for the networks of a data set; there is always one.

    Args:
        data: such as "mnist" or "imagenet".
        key: of the widgets, unique on the page.
        aside: where the ways to bring one's own stand; below the row of inputs where None.
    """
    digit = data == DIGITS
    strip = st.container()
    with (aside or st.container()).expander("Draw your own" if digit else "Bring your own"):
        given = _digits() if digit else _photos(key, data)
    with strip:
        tiles = [ImageTile(one.key, one.title, one.picture, one.title) for one in given.values()]
        addresses = {one.key: one.address for one in given.values()}
        return given[choose_tile(tiles, addresses, f"{key} {'digits' if digit else 'photos'}", digit, "Inputs")]


def choose_tile(tiles: Sequence[ImageTile], addresses: Mapping[str, str], key: str, digit: bool, label: str) -> str:
    """Show inputs, the chosen one marked, and return its key; the session and the address keep it for every page.

    Args:
        tiles: at least one.
        addresses: what each is called in the address, by its key.
        key: of the component, unique on the page.
        digit: they are digits; else photos.
        label: what screen readers call the row.
    """
    place = f"inputs:chosen:{'digit' if digit else 'photo'}"
    keys = {address: tile for tile, address in addresses.items()}
    linked = st.query_params.get(INPUT, "")
    wanted = (_new_own(addresses, digit), keys.get(linked), keys.get(st.session_state.get(place, "")))
    first = keys.get(FIRST[digit], tiles[0].key)
    if linked.startswith(DRAWN if digit else OWN) and linked not in keys and place not in st.session_state:
        tell_not_carried("a drawing" if digit else "a photo")
    chosen = render_image_picker(tiles, next((name for name in wanted if name), first), key, label)
    st.session_state[place] = addresses[chosen]
    keep_in_address(INPUT, addresses[chosen])
    return chosen


def _new_own(addresses: Mapping[str, str], digit: bool) -> str:
    """Give the key of what was drawn or brought since the last run; "" where nothing was."""
    place = f"inputs:newest:{'digit' if digit else 'photo'}"
    newest = next((key for key, address in addresses.items() if address.startswith((DRAWN, OWN))), "")
    last = st.session_state.get(place, newest if INPUT in st.query_params else "")
    st.session_state[place] = newest
    return newest if newest != last else ""


def _digits() -> dict[str, ChosenInput]:
    drawing = drawing_address.canvas_in_address(CANVAS)
    made = read_drawing(drawing).digits
    own = [drawn_digit(drawing, made, place) for place in range(len(made))]
    return {one.key: one for one in (*own, *sample_digit_inputs())}


def drawn_digit(drawing: Drawing, made: Sequence[Digit], place: int) -> ChosenInput:
    """Make an input of one of the digits `made` of one's own drawing, counted from the left."""
    title = "your drawing" if len(made) == 1 else f"your digit {place + 1}"
    return _digit(f"{DRAWN}{drawing.digest}-{place + 1}", title, made[place].pixels)


@st.cache_resource(show_spinner=False)
def sample_digit_inputs() -> tuple[ChosenInput, ...]:
    """Make inputs of the digits that come with the app."""
    return tuple(
        _digit(title.lower().replace(" ", "-"), title, from_strokes(strokes, drawing_canvas.PEN).digits[0].pixels)
        for title, strokes in sample_digits.sample_digits()
    )


def _digit(key: str, title: str, pixels: Array) -> ChosenInput:
    return ChosenInput(key, title, gray_png_uri(pixels[..., 0], 4), pixels)


def _photos(key: str, data: str) -> dict[str, ChosenInput]:
    readable = photos.readable_photos(photos_at_hand(key, st.container(), data))
    return {one.key: one for one in map(photo_as_input, readable)}


def photos_at_hand(key: str, aside: DeltaGenerator, data: str = SAMPLED[0]) -> list[MediaFile]:
    """Ask for photos and return all that are there: one's own of all pages, the newest first, then samples.

    Args:
        key: of the widgets, unique on the page.
        aside: as `choose_photos`.
        data: the data set whose networks are asked; where the sample photos show none of its classes, its test
            pictures stand in their place.
    """
    brought, samples = photo_upload.choose_photos(key, aside), photos.sample_photos()
    own = photo_upload.keep_photos([one for one in brought if one not in samples])
    return [*own, *(samples if data in SAMPLED else _test_photos(data))]


def _test_photos(data: str) -> Sequence[MediaFile]:
    try:
        return photos.test_photos(data)
    except MissingData as error:
        st.warning(f"{verbatim(str(error))} Until then the sample photos stand here.")
        return photos.sample_photos()


def photo_address(brought: MediaFile) -> str:
    """Name a photo in the address: a sample by its name, a test picture by its data set and class."""
    if brought.key.startswith(photos.TEST):
        return brought.key
    return sample_name(brought.name) if brought in photos.sample_photos() else own_name(brought.key)


def photo_as_input(brought: MediaFile) -> ChosenInput:
    """Make an input of a photo that can be read."""
    key = brought.key if brought not in photos.sample_photos() else photo_address(brought)
    return ChosenInput(key, brought.name, photos.photo_thumbnail(brought.key, brought), brought)
