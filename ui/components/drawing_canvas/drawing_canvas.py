"""The drawing canvas: draw with mouse, finger, pen or keyboard; the drawing outlives reruns and pages.

The front end (canvas.html, canvas.css, canvas.js) sends JSON,
`{"strokes": [[[x, y], ...], ...], "pen": 24, "done": bool, "revision": 0, "serial": 1}`:
`revision` names the replacement by Python that the drawing grew from, `serial` counts the messages.
"""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeGuard

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.errors import BadInput
from ui.components import register

Strokes = Sequence[Array]

WIDTH, HEIGHT = 480, 360  # canvas units, whatever the size on the screen; y downwards
PEN, THINNEST, THICKEST = 24.0, 8.0, 48.0  # pen width, in canvas units
MAX_STROKES = 200  # in a drawing; a digit has one to four
MAX_POINTS = 20_000  # in a drawing; a digit has about 100
FARTHEST_COORDINATE = 10_000.0  # canvas units: what lies farther from 0 is no slip of a hand
LAST_COUNT = 2**53  # a browser counts exactly up to here (ECMAScript, Number.MAX_SAFE_INTEGER)

NO_SAMPLES = "[]"  # as `samples_json` writes it

_component = register.register_component(__file__)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is on the canvas.

    Attributes:
        strokes: each float32 (points, 2), at least one point, within WIDTH and HEIGHT; empty for blank paper.
        pen: width of the line, from THINNEST to THICKEST, in canvas units.
    """

    strokes: tuple[Array, ...] = ()
    pen: float = PEN

    @property
    def digest(self) -> str:
        """Name the drawing by all that an answer to it depends on: SHA-256 of the pen and of every stroke's points."""
        whole = hashlib.sha256(struct.pack("<d", self.pen))
        for stroke in self.strokes:
            whole.update(struct.pack("<q", len(stroke)) + stroke.astype("<f4").tobytes())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class KeptDrawing:
    """What the session remembers of a canvas, in `st.session_state[f"{key}:drawing"]`.

    Attributes:
        drawing: the last good one.
        revision: how often Python has replaced the drawing.
        answered: serial of the last message that was read.
        done: False in the middle of a stroke.
        demo: it drew itself.
        replayed: revision whose strokes appear one after the other, as they were made; 0 for none.
    """

    drawing: Drawing = Drawing()
    revision: int = 0
    answered: int = 0
    done: bool = True
    demo: bool = False
    replayed: int = 0


def render_drawing_canvas(key: str, samples: str = NO_SAMPLES, demo: Sequence[Strokes] = ()) -> Drawing:
    """Show the canvas and return what is on it: before anything is computed with it, which may fail.

    Args:
        key: names the canvas; the same key on two pages is the same drawing.
        samples: from `samples_json`; a click puts one on the canvas.
        demo: digits that draw themselves on blank paper, one after the other, until somebody takes the pen.
    Returns: the last good drawing; a malformed message leaves it as it was.
    """
    kept = _kept(key)
    data = {
        "strokes": tuple(_lists(kept.drawing.strokes)),
        "pen": kept.drawing.pen,
        "revision": kept.revision,
        "replay": 0 < kept.replayed == kept.revision,
        "answered": kept.answered,
        "samples": samples,  # as text: Streamlit would write their thousand numbers anew at every stroke, twice
        "demo": tuple(map(_lists, demo)),
    }  # no lists: for one Streamlit would load pandas, 70 MB, to see whether it is a table
    _component(key=key, data=data, on_message_change=partial(_listen, key))
    return kept.drawing


def samples_json(samples: Iterable[tuple[str, Strokes]]) -> str:
    """Write samples for the canvas: of each a name, and strokes in canvas units."""
    return json.dumps([{"name": name, "strokes": _lists(strokes)} for name, strokes in samples])


def drew_itself(key: str) -> bool:
    """Say whether what is on the canvas of that `key` drew itself."""
    return _kept(key).demo


def kept_drawing(key: str) -> Drawing:
    """Give what is on the canvas of that `key`, on whichever page it stands."""
    return _kept(key).drawing


def pen_is_up(key: str) -> bool:
    """Say whether the canvas of that `key` rests: no stroke is being drawn on it."""
    return _kept(key).done


def replace_drawing(key: str, strokes: Strokes, pen: float = PEN, replay: bool = False) -> None:
    """Put other strokes on the canvas; the person can undo it. Call it before `render_drawing_canvas`.

    Args:
        key: names the canvas.
        strokes: float32 (points, 2) each, in canvas units.
        pen: width of the line, in canvas units.
        replay: the strokes appear one after the other, as they were made.
    Raises: BadInput: as `parse_drawing`.
    """
    kept = _kept(key)
    drawing = parse_drawing({"strokes": _lists(strokes), "pen": pen})
    revision = kept.revision + 1
    st.session_state[_place(key)] = replace(
        kept, drawing=drawing, revision=revision, demo=False, replayed=revision if replay else 0
    )


def parse_drawing(message: object) -> Drawing:
    """Read what a browser sent, trusting nothing of it.

    Args:
        message: `{"strokes": [[[x, y], ...], ...], "pen": width}` in canvas units; other entries are ignored.
    Returns: the drawing, with points outside the canvas brought back to its edge.
    Raises: BadInput: not of that shape, a number that is not finite, or more than MAX_STROKES or MAX_POINTS.
    """
    if not isinstance(message, Mapping):
        raise BadInput(f"A drawing came as {type(message).__name__}. Send an object with strokes and pen.")
    pen, strokes = message.get("pen"), message.get("strokes")
    if not (_is_number(pen) and THINNEST <= pen <= THICKEST):
        raise BadInput(f"The pen is not a width from {THINNEST:g} to {THICKEST:g}. Choose one within.")
    if not (isinstance(strokes, list) and all(isinstance(stroke, list) and stroke for stroke in strokes)):
        raise BadInput("The strokes are not lists of points. Send [[[x, y], ...], ...].")
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS:
        raise BadInput(f"More than {MAX_STROKES} strokes or {MAX_POINTS} points. Clear the canvas and draw anew.")
    return Drawing(tuple(map(_stroke, strokes)), float(pen))


def receive_drawing(kept: KeptDrawing, message: object) -> KeptDrawing:
    """Return what to remember once `message` came.

    A malformed message changes nothing. A drawing older than Python's last replacement is only ticked off.
    """
    try:
        drawing = parse_drawing(message)
    except BadInput:
        return kept
    assert isinstance(message, Mapping)  # else `parse_drawing` had refused it
    revision, serial = message.get("revision", kept.revision), message.get("serial", kept.answered)
    if not (_is_count(revision) and _is_count(serial)):
        return kept
    if revision < kept.revision:
        return replace(kept, answered=serial)
    return KeptDrawing(drawing, revision, serial, message.get("done") is not False, message.get("demo") is True)


def drawing_to_json(drawing: Drawing) -> dict[str, object]:
    """Write a drawing as JSON holds it, rounded to 0.1 units: what `parse_drawing` reads."""
    return {"strokes": _lists(drawing.strokes), "pen": drawing.pen}


def _lists(strokes: Strokes) -> list[list[list[float]]]:
    return [np.asarray(stroke, np.float64).round(1).tolist() for stroke in strokes]


def _stroke(points: list[object]) -> Array:
    if not all(map(_is_point, points)):
        raise BadInput(f"A point is not two numbers within {FARTHEST_COORDINATE:g} of 0. Send [x, y].")
    return np.array(points, np.float32).clip(0, (WIDTH, HEIGHT)).astype(np.float32)


def _is_point(value: object) -> TypeGuard[list[float]]:
    return isinstance(value, list) and len(value) == len("xy") and all(map(_is_number, value))


def _is_number(value: object) -> TypeGuard[float]:
    # NaN fails the comparison, and an integer too long for a float passes through it unharmed.
    return type(value) in (int, float) and -FARTHEST_COORDINATE <= value <= FARTHEST_COORDINATE  # type: ignore[operator]


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= LAST_COUNT


def _place(key: str) -> str:
    return f"{key}:drawing"  # not the widget's own key: Streamlit forgets that one when the page changes


def _kept(key: str) -> KeptDrawing:
    kept: KeptDrawing = st.session_state.setdefault(_place(key), KeptDrawing())
    return kept


def _listen(key: str) -> None:
    st.session_state[_place(key)] = receive_drawing(_kept(key), st.session_state[key].get("message"))
