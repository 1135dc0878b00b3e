"""Pictures of a class that are dragged into another one, or sent there with the keyboard.

A picture is let go over the button of a class, or over the class itself wherever it stands on the page: in a container
whose key `class_key` makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from ui.components import register
from ui.components.choice import follow_choice, last_message
from ui.components.image_picker.image_picker import ImageTile

_component = register.register_component(__file__, shared=("keys", "turns", "radio", "tiles"))


def class_key(target: str) -> str:
    """Make the key of a container on which pictures may be dropped: letters, digits and hyphens alone."""
    return f"drop-on-{target}"


def render_picture_mover(
    tiles: Sequence[ImageTile], targets: Mapping[str, str], move: Callable[[str, str], None], key: str, label: str
) -> str:
    """Show the pictures and return the key of the chosen one.

    Args:
        tiles: at least one.
        targets: names of the classes where a picture may go, by a key of letters, digits and hyphens.
        move: puts a picture, by its tile's key, into a class, by its key; the page runs again after it.
        key: of the component, unique on the page; the choice stays in the session under it.
        label: what screen readers call the row.
    """
    names = [tile.key for tile in tiles]
    kept = follow_choice(key, "chosen", names[0], names)

    def moved() -> None:
        sent = last_message(key, "move")
        picture, into = (sent.get("picture"), sent.get("into")) if isinstance(sent, Mapping) else (None, None)
        if isinstance(picture, str) and isinstance(into, str) and picture in names and into in targets:
            move(picture, into)

    data = {
        "tiles": tuple(asdict(tile) for tile in tiles),
        "targets": tuple({"key": one, "name": name} for one, name in targets.items()),
        "chosen": kept.value,
        "turn": kept.turn,
        "label": label,
    }  # no lists: see ui/components/drawing_canvas/drawing_canvas.py
    _component(key=key, data=data, on_chosen_change=lambda: None, on_move_change=moved)
    return kept.value
