"""What a network answers if it takes pictures in this form or that, so that a person sees which is right.

No TensorFlow: it runs the core that the process of its own converted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.errors import BadInput
from cnn.importing.arrival import CORE_TFLITE, Arrival
from cnn.importing.input_forms import LUMA, InputForm
from cnn.inference.photo_classification import CENTRAL_CROP, SMALL_PX
from cnn.media import image_decoding
from cnn.metrics.softmax import softmax
from cnn.zoo.litert_runner import LiteRTRunner

TOP: Final = 3


@dataclass(frozen=True, slots=True)
class GuessedAnswer:
    """What a network says of a picture that it is given in one form.

    Attributes:
        form: a key of the forms that were tried.
        top: the best classes, (label, probability), the best first.
    """

    form: str
    top: tuple[tuple[int, float], ...]


def open_core(arrival: Arrival) -> LiteRTRunner:
    """Load what was made of a file; raises BadInput where it is gone."""
    try:
        return LiteRTRunner((arrival.folder / CORE_TFLITE).read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"{arrival.short_name} is not here any more. Bring it again.") from error


def guess_answers(core: LiteRTRunner, picture: Array, forms: Mapping[str, InputForm]) -> list[GuessedAnswer]:
    """Ask a network about one picture in every form.

    Args:
        core: from `open_core`.
        picture: float32 (height, width, channels) in [0, 1], from `photo_for` or `digit_for`.
        forms: to try.
    """
    logits = core(np.concatenate([form(picture)[None] for form in forms.values()]))
    found = []
    for form, shares in zip(forms, softmax(logits), strict=True):
        order = np.argsort(-shares, kind="stable")[:TOP]
        found.append(GuessedAnswer(form, tuple((int(label), float(shares[label])) for label in order)))
    return found


def photo_for(core: LiteRTRunner, pixels: Pixels) -> Array:
    """Bring a photo, uint8 (height, width, 3), to a network's size and channels, in [0, 1]."""
    side, _, channels = core.shape
    photo = image_decoding.resize_for_network(pixels, side, side if side < SMALL_PX else round(side / CENTRAL_CROP))
    return photo if channels == 3 else np.asarray(photo @ np.array(LUMA, np.float32)[:, None], np.float32)


def digit_for(core: LiteRTRunner, digit: Array) -> Array:
    """Bring a digit, float32 (28, 28, 1) in [0, 1], to a network's size and channels.

    Raises: BadInput: the network's size is another.
    """
    side, _, channels = core.shape
    if side not in (28, 32):
        raise BadInput(f"Drawn digits have 28x28 pixels and fit networks of 28 or 32, not {side}. Take photos.")
    around = (side - 28) // 2
    framed = np.pad(digit, ((around, around), (around, around), (0, 0)))
    return np.repeat(framed, channels, axis=2)
