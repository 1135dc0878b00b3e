"""Which pictures a network takes, by the shape of its input. No TensorFlow."""

from __future__ import annotations

import math
from typing import Final

from cnn.errors import BadInput

Shape = tuple[int, int, int]

DEFAULT_SIDE: Final = 224  # px: of a network that takes any size, as most of ImageNet's do
SMALLEST_SIDE, LARGEST_SIDE = 8, 1024  # px


def picture_shape(given: tuple[int | None, ...], side: int | None = None) -> tuple[Shape, bool]:
    """Say which pictures an input of `given` takes: (height, width, channels), and whether `side` was chosen.

    Raises: BadInput: they are no pictures, or not square ones.
    """
    side = side or DEFAULT_SIDE
    if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise BadInput(f"Pictures have {SMALLEST_SIDE} to {LARGEST_SIDE} pixels a side, not {side}.")
    if len(given) == 1 and given[0] and math.isqrt(given[0]) ** 2 == given[0]:  # a row of grey pixels
        given = (math.isqrt(given[0]), math.isqrt(given[0]))
    if len(given) == 2:
        given = (*given, 1)
    if len(given) != 3 or given[2] not in (1, 3):
        raise BadInput(
            f"This network takes inputs of {given}, no pictures: those are (height, width, 1 or 3 channels)."
        )
    any_size = given[0] is None or given[1] is None
    height, width = (one or next((other for other in given[:2] if other), side) for one in given[:2])
    if height != width:
        raise BadInput(f"This network takes pictures of {height}x{width}; here they are square.")
    if not SMALLEST_SIDE <= height <= LARGEST_SIDE:
        raise BadInput(f"This network takes pictures of {height} pixels a side, not {SMALLEST_SIDE} to {LARGEST_SIDE}.")
    return (int(height), int(width), int(given[2])), any_size
