"""Home's first screen: a digit draws itself and five networks answer, until somebody takes the pen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cnn.inference.predict import Prediction, predict
from cnn.layers import feature_maps
from cnn.preprocessing import Reading
from cnn.zoo import Network
from ui.components.answer_cards.answer_cards import render_answer_cards
from ui.components.drawing_canvas import drawing_canvas
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri
from ui.images.tiling import quantize_maps, scale_palette
from ui.resources import network_cache
from ui.selection import drawing_address, sample_digits
from ui.selection.guarded_reading import read_drawing
from ui.selection.input_picker import CANVAS, DIGITS
from ui.text.agreement import NetworkAnswer, answer_of, no_answer_yet

KEY: Final = "home"
HANDED: Final = f"{KEY}:handed"  # in the session: digest of the drawing that this page and all others share
SHOWN: Final = ("3", "7", "5", "2")  # samples, in this order
FIRST_LAYER: Final = ("mnist/lenet", "c1")  # six maps: as many as fit in a row
CHOSEN: Final = f"{DIGITS}/resnet"  # whose bars are shown at first


def draw_or_watch() -> Reading:
    """Show the canvas, and read what is on it; what a person draws goes along to all other pages."""
    own = drawing_canvas.kept_drawing(CANVAS)
    if own.strokes and own.digest != st.session_state.get(HANDED):  # drawn on another page
        drawing_canvas.replace_drawing(KEY, own.strokes, own.pen)
    digits = dict(sample_digits.sample_digits())
    drawing = drawing_address.canvas_in_address(KEY, demo=[digits[f"Sample {label}"] for label in SHOWN])
    if not drawing_canvas.drew_itself(KEY) and drawing.digest != own.digest:
        drawing_canvas.replace_drawing(CANVAS, drawing.strokes, drawing.pen)
    st.session_state[HANDED] = drawing_canvas.kept_drawing(CANVAS).digest
    return read_drawing(drawing)


def show_answers(reading: Reading) -> None:
    """Show what the five answer, and what a first layer makes of the digit."""
    networks = network_cache.cached_networks(DIGITS)
    digit = reading.digits[0] if reading.digits else None
    rows = [_row(network, predict(network, digit.pixels[None])[0] if digit else None) for network in networks]
    render_answer_cards(rows, networks[0].card.classes, CHOSEN, f"{KEY} answers")


def _row(network: Network, prediction: Prediction | None) -> NetworkAnswer:
    return answer_of(network, prediction) if prediction else no_answer_yet(network)


def show_first_layer(reading: Reading) -> None:
    """Let the maps of a first convolution light up while the digit appears."""
    name, layer = FIRST_LAYER
    title = network_cache.cached_card(name).title
    if not reading.digits:
        return
    maps = network_cache.opened_network(name).maps(reading.digits[0].pixels)
    values = feature_maps.as_maps(maps[layer])  # (28, 28, 6)
    most = max(float(abs(values).max()), 1e-6)
    limits = [(-most, most)]
    sheets: Sequence[str] = [
        data_uri.palette_png_uri(quantize_maps(values[..., i : i + 1], limits)[..., 0], scale_palette(limits[0]))
        for i in range(values.shape[2])
    ]
    pictures = [RowImage(sheet, f"Map {i} of {title}'s first layer", "") for i, sheet in enumerate(sheets)]
    render_image_row(pictures, f"What the first layer of {title} finds", f"{KEY} maps")


def follow() -> None:
    """Offer to follow the digit into a network: what drew itself goes along, too."""
    if st.button("Follow this digit through a network", type="primary", key=f"{KEY} follow"):
        drawing = drawing_canvas.kept_drawing(KEY)
        if drawing.strokes:
            drawing_canvas.replace_drawing(CANVAS, drawing.strokes, drawing.pen)
        st.switch_page("pages/layers.py", query_params={"network": CHOSEN})
