"""The drawing in the address: a link opens it elsewhere, and a reload keeps it.

`?drawing=` is base64url (RFC 4648, without padding) of bytes: the pen's width in canvas units, then for each stroke how
many points it has, and each point's x and y in steps of GRID canvas units. A digit takes 40 to 300 characters.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.errors import BadInput
from ui.components.drawing_canvas import drawing_canvas
from ui.components.drawing_canvas.drawing_canvas import Drawing, Strokes
from ui.selection.address import OWN, drop_from_address, keep_in_address, tell_not_carried

DRAWING: Final = "drawing"  # in the address
GRID: Final = 2  # canvas units: 0.1 px of the 28 that a network reads
STRAIGHT: Final = 1.5  # canvas units: points nearer to the line between their neighbours are left out
MOST_POINTS: Final = 255  # of a stroke: one byte counts them
MOST_CHARACTERS: Final = 1500  # longer addresses are cut by chats and mail
TOO_MUCH: Final = f"{OWN}drawing"  # no drawing begins so: its first byte would be a pen of 163 units
HELD: Final = "drawing address:held"  # in the session: the drawing's digest, and the texts of the address, newest last
REMEMBERED: Final = 64  # texts: many times what one draws before the browser has the new address


def canvas_in_address(key: str, samples: str = drawing_canvas.NO_SAMPLES, demo: Sequence[Strokes] = ()) -> Drawing:
    """Show the canvas with the drawing that the address names, and return what is on it; see `render_drawing_canvas`.

    A link's drawing appears stroke by stroke. One that draws itself stays out of the address, which follows at the end
    of each stroke: every change of it goes to the browser and back.
    Whoever draws on at once sends strokes along with an address that is some strokes old: one that stood there before
    in this session changes nothing.
    """
    digest, stood = st.session_state.get(HELD, ("", ("",)))
    held, asked = stood[-1], st.query_params.get(DRAWING, "")
    if asked and asked not in stood:
        linked = decode_drawing(asked)
        if asked == TOO_MUCH:
            tell_not_carried("a drawing of very many strokes")
        elif linked is None:
            st.warning("The drawing in this link is damaged: ask for the link again, or draw it anew.")
        else:
            drawing_canvas.replace_drawing(key, linked.strokes, linked.pen, replay=True)
            digest = linked.digest
        held = asked
    drawing = drawing_canvas.render_drawing_canvas(key, samples, demo)
    if drawing_canvas.pen_is_up(key) and not drawing_canvas.drew_itself(key):
        if drawing.digest != digest:
            digest, held = drawing.digest, encode_drawing(drawing)
        if held:
            keep_in_address(DRAWING, held)
        else:
            drop_from_address(DRAWING)
    st.session_state[HELD] = digest, stood if held == stood[-1] else (*stood, held)[-REMEMBERED:]
    return drawing


def encode_drawing(drawing: Drawing) -> str:
    """Write a drawing for an address; "" where nothing is drawn, TOO_MUCH where an address cannot hold it."""
    if not drawing.strokes:
        return ""
    strokes = [np.rint(_straightened(stroke) / GRID).astype(np.uint8) for stroke in drawing.strokes]
    if max(map(len, strokes)) > MOST_POINTS:
        return TOO_MUCH
    whole = bytes([round(drawing.pen)]) + b"".join(bytes([len(stroke)]) + stroke.tobytes() for stroke in strokes)
    text = urlsafe_b64encode(whole).decode("ascii").rstrip("=")
    return text if len(text) <= MOST_CHARACTERS else TOO_MUCH


def decode_drawing(text: str) -> Drawing | None:
    """Read what an address says, trusting nothing of it; None where it is no drawing."""
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        whole = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        strokes, at = [], 1
        while at < len(whole):
            end = at + 1 + 2 * whole[at]
            points = np.frombuffer(whole[at + 1 : end], np.uint8).reshape(whole[at], 2)  # short of bytes: ValueError
            strokes.append((points.astype(float) * GRID).tolist())
            at = end
        return drawing_canvas.parse_drawing({"strokes": strokes, "pen": whole[0]}) if strokes else None
    except (binascii.Error, ValueError, BadInput):
        return None


def _straightened(points: Array) -> Array:
    """Leave out what lies on the line between others: Douglas & Peucker 1973.

    Stops one point beyond MOST_POINTS, which is too many already. Without recursion: of a spiral, every cut takes off
    one point, and a stroke may have thousands.
    """
    kept, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans and len(kept) <= MOST_POINTS:
        first, last = open_spans.pop()
        aside = _distances_to_line(points[first : last + 1])
        far = int(aside.argmax())
        if aside[far] > STRAIGHT:
            kept.add(first + far)
            open_spans += [(first, first + far), (first + far, last)]
    return points[sorted(kept)]


def _distances_to_line(points: Array) -> Array:
    """Measure how far each point lies from the line between the first and the last: (points,), in their unit."""
    along = points[-1] - points[0]
    length = float(np.hypot(*along))
    from_first = points - points[0]
    if not length:
        return np.asarray(np.hypot(from_first[:, 0], from_first[:, 1]))
    return np.asarray(np.abs(along[0] * from_first[:, 1] - along[1] * from_first[:, 0]) / length)
