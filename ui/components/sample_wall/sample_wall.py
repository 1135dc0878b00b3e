"""Pictures of a set, each with what it shows and what was answered; one may be chosen, to look into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from cnn.array_types import Pixels
from ui.components import register
from ui.components.choice import follow_choice
from ui.images import data_uri

_component = register.register_component(__file__, shared=("keys", "turns", "radio"))

NO_TILE = ""  # the choice while there is none


@dataclass(frozen=True, slots=True)
class TileLine:
    """An answer, and which networks give it, with how sure they are."""

    said: str
    who: str


@dataclass(frozen=True, slots=True)
class WallTile:
    """One picture: a key that is unique on the wall, what it shows, and the answers."""

    key: str
    head: str
    lines: tuple[TileLine, ...]


def render_sample_wall(images: Pixels, tiles: Sequence[WallTile], caption: str, key: str) -> str:
    """Show them and return the key of the chosen one; "" while none is.

    Args:
        images: uint8 (n, height, width, 1 or 3), at least one.
        tiles: n of them.
        caption: what they have in common; the name of the group for screen readers.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    kept = follow_choice(key, "chosen", NO_TILE, [NO_TILE, *(tile.key for tile in tiles)])
    data = {
        "strip": data_uri.color_png_uri(np.concatenate(list(images))),
        "tiles": tuple(map(asdict, tiles)),  # no lists: see ui/components/drawing_canvas/drawing_canvas.py
        "caption": caption,
        "chosen": kept.value,
        "turn": kept.turn,
    }
    _component(key=key, data=data, on_chosen_change=lambda: None)
    return kept.value
