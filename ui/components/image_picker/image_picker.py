"""Photos or digits side by side, each with a few words; one is chosen, by mouse, finger or arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components import register
from ui.components.choice import follow_choice

_component = register.register_component(__file__, shared=("keys", "turns", "radio", "tiles"))


@dataclass(frozen=True, slots=True)
class ImageTile:
    """One photo.

    Attributes:
        key: names the tile, unique in the gallery.
        name: of the photo.
        picture: a small one, as a data URI.
        answer: a few words below it.
        sure: False where the answer is no more than the nearest class.
    """

    key: str
    name: str
    picture: str
    answer: str
    sure: bool = True


def render_image_picker(tiles: Sequence[ImageTile], asked: str, key: str, label: str = "Photos") -> str:
    """Show the photos and return the key of the chosen one.

    Args:
        tiles: at least one.
        asked: the tile that is chosen at first, and whenever this changes.
        key: of the component, unique on the page; the choice stays in the session under it.
        label: what screen readers call the row.
    """
    kept = follow_choice(key, "chosen", asked, [tile.key for tile in tiles])
    data = {"tiles": tuple(asdict(tile) for tile in tiles), "chosen": kept.value, "turn": kept.turn, "label": label}
    _component(
        key=key, data=data, on_chosen_change=lambda: None
    )  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py
    return kept.value
