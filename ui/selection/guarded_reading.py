"""A person's own drawing or picture -> digits; whatever fails there is told, and the page goes on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cnn.errors import reason
from cnn.preprocessing import Reading, from_strokes
from ui.components.drawing_canvas import drawing_canvas
from ui.components.drawing_canvas.drawing_canvas import Drawing
from ui.text.verbatim import verbatim


def read_drawing(drawing: Drawing) -> Reading:
    """Read the digits of what is on the canvas, as `read_or_say_why` does."""
    size = drawing_canvas.WIDTH, drawing_canvas.HEIGHT
    return read_or_say_why("Your drawing", lambda: from_strokes(drawing.strokes, drawing.pen, *size))


def read_or_say_why(title: str, read: Callable[[], Reading]) -> Reading:
    """Give what `read` returns; where it raises, a warning that names `title`, and a reading without digits.

    The control with which a person mends the input stands already, and so does all that needs no input.
    """
    try:
        return read()
    except Exception as error:
        st.warning(verbatim(reason(title, error)))
        return Reading(())
