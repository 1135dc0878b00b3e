"""The camera, live: about one small picture a second is answered, and none of them is kept.

The front end sends `{"serial": 1, "picture": "<JPEG in base64>"}` as a trigger, which Streamlit forgets after the run
that it began; the next one comes when that serial was answered.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from cnn.array_types import Pixels
from cnn.errors import BadInput, reason
from cnn.media import image_decoding
from ui.components import register
from ui.components.choice import LAST_TURN, last_message

LONGEST: Final = 400_000  # characters of a picture: twelve times what the front end sends
NAME: Final = "The camera's picture"

_component = register.register_component(__file__, shared=("bars",))


@dataclass(frozen=True, slots=True)
class LiveClass:
    """A class that a picture may show.

    Attributes:
        name: in plain words.
        share: its probability in [0, 1], the length of the bar.
        value: the same in words.
    """

    name: str
    share: float
    value: str


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """What is said of one picture of the camera.

    Attributes:
        said: in a few words.
        sure: False where it is no more than the nearest class.
        classes: the most probable ones, the best first.
    """

    said: str
    sure: bool
    classes: Sequence[LiveClass]


def render_live_camera(answer: Callable[[Pixels], LiveAnswer], key: str) -> None:
    """Show the camera with the answer to its last picture; call it in a fragment, which runs anew for each.

    Args:
        answer: asks about a picture, uint8 (height, width, 3); it keeps none.
        key: of the component, unique on the page.
    """
    sent = last_message(key, "frame")
    data = _answered(sent, answer) if isinstance(sent, Mapping) else {"serial": 0}
    _component(key=key, data=data, on_frame_change=lambda: None)


def _answered(sent: Mapping[object, object], answer: Callable[[Pixels], LiveAnswer]) -> dict[str, object]:
    """Answer what came from outside; where it is no picture, say why."""
    serial = sent.get("serial")
    if type(serial) is not int or not 0 < serial <= LAST_TURN:
        return {"serial": 0}
    try:
        found = asdict(answer(_pixels(sent.get("picture"))))
        return {"serial": serial, **found, "classes": tuple(found["classes"])}  # no lists: see drawing_canvas.py
    except Exception as error:  # one picture never ends the series, whatever its reader or the network raised
        return {"serial": serial, "why": reason(NAME, error)}


def _pixels(picture: object) -> Pixels:
    if not isinstance(picture, str) or len(picture) > LONGEST:
        raise BadInput(f"{NAME} is none, or larger than what is read.")
    try:
        return image_decoding.decode_image(base64.b64decode(picture, validate=True), NAME).pixels
    except binascii.Error as error:
        raise BadInput(f"{NAME} came damaged.") from error
