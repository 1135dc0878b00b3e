"""What networks are shown: one's own drawing or photos, and samples; the choice goes along from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.array_types import Array, Pixels
from cnn.inference import photo_classification
from cnn.preprocessing import from_strokes
from cnn.zoo import Network
from ui.components.drawing_canvas import drawing_canvas
from ui.components.image_picker.image_picker import ImageTile, render_image_picker
from ui.images.data_uri import gray_png_uri
from ui.resources import photos
from ui.resources.photos import MediaFile
from ui.selection import drawing_address, photo_upload, sample_digits
from ui.selection.address import keep_in_address
from ui.selection.guarded_reading import read_drawing

DIGITS: Final = "mnist"  # the data set of drawings; all others are of photos
ADDRESS: Final = "input"  # in the address, such as `?input=sample-7` or `?input=cat`
CANVAS: Final = "draw"  # the Draw page's: one drawing for the whole app
FIRST: Final = {True: "sample-7", False: ""}  # a digit, a photo ("": the first sample)
NOT_CARRIED: Final = "a person's own pictures stay on the machine that they were brought to. Shown instead: a sample."


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
        return f"drawn-{self.key.rsplit('-', 1)[1]}" if self.key.startswith("drawn-") else self.key

    def image(self, network: Network) -> Array:
        """Make a network's exact input, float32 (height, width, channels) in [0, 1]."""
        if isinstance(self.pixels, MediaFile):
            return photos.cached_network_input(network.name, self.pixels.key, network, self.pixels)
        if self.pixels.dtype == np.uint8:
            return photo_classification.photo_input(network, np.asarray(self.pixels, np.uint8))
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
    with (aside or st.container()).expander("Draw a digit of your own" if digit else "Bring a photo of your own"):
        given = _digits() if digit else _photos(key)
    with strip:
        return given[_chosen(given, digit, f"{key} {'digits' if digit else 'photos'}")]


def _chosen(given: Mapping[str, ChosenInput], digit: bool, key: str) -> str:
    """Show all, the chosen one marked; the session and the address keep it."""
    place = f"inputs:chosen:{'digit' if digit else 'photo'}"
    first = FIRST[digit] if FIRST[digit] in given else next(iter(given))
    named = {one.address: one.key for one in given.values()}
    linked = st.query_params.get(ADDRESS, "")
    wanted = (_new_drawing(given), named.get(linked, ""), st.session_state.get(place, ""))
    asked = next((name for name in wanted if name in given), first)
    if linked and linked not in named and place not in st.session_state:
        st.info(f"This link was made with {'a drawing' if digit else 'a photo'} that it does not carry: {NOT_CARRIED}")
    tiles = [ImageTile(one.key, one.title, one.picture, one.title) for one in given.values()]
    chosen = render_image_picker(tiles, asked, key, "Inputs")
    st.session_state[place] = chosen
    keep_in_address(ADDRESS, given[chosen].address, first)
    return chosen


def _new_drawing(given: Mapping[str, ChosenInput]) -> str:
    """Name what was drawn since the last run; "" where nothing was."""
    drawn = next((name for name in given if name.startswith("drawn-")), "")
    last = st.session_state.get("inputs:drawn", drawn if ADDRESS in st.query_params else "")
    st.session_state["inputs:drawn"] = drawn
    return drawn if drawn != last else ""


def _digits() -> dict[str, ChosenInput]:
    drawing = drawing_address.canvas_in_address(CANVAS)
    made = read_drawing(drawing).digits
    titles = ["your drawing"] if len(made) == 1 else [f"your digit {i}" for i in range(1, len(made) + 1)]
    own = [
        _digit(f"drawn-{drawing.digest}-{i}", title, digit.pixels)
        for i, (title, digit) in enumerate(zip(titles, made, strict=True), 1)
    ]
    return {one.key: one for one in (*own, *_sample_digits())}


@st.cache_resource(show_spinner=False)
def _sample_digits() -> tuple[ChosenInput, ...]:
    return tuple(
        _digit(title.lower().replace(" ", "-"), title, from_strokes(strokes, drawing_canvas.PEN).digits[0].pixels)
        for title, strokes in sample_digits.sample_digits()
    )


def _digit(key: str, title: str, pixels: Array) -> ChosenInput:
    return ChosenInput(key, title, gray_png_uri(pixels[..., 0], 4), pixels)


def _photos(key: str) -> dict[str, ChosenInput]:
    brought = photo_upload.choose_photos(key, st.container())
    listed = photos.sample_photos()
    own = photo_upload.keep_photos([one for one in brought if one not in listed])
    readable = photos.readable_photos([*own, *listed])
    return {one.key: one for one in map(_photo, readable)}


def _photo(brought: MediaFile) -> ChosenInput:
    own = brought not in photos.sample_photos()
    key = brought.key if own else brought.name.lower().replace(" ", "-")
    return ChosenInput(key, brought.name, photos.photo_thumbnail(brought.key, brought), brought)
