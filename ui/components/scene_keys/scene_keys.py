"""Walks prepared scenes on a projector: one message a step."""

from __future__ import annotations

from ui.components import register

LEAVE = -1
_component = register.register_component(__file__)


def render_scene_keys(at: int, count: int, key: str) -> int | None:
    """Show where one is, and listen for keys.

    Args:
        at: place of the scene that is shown, in range(count).
        count: of scenes, at least 1.
        key: of the component, unique in the app.
    Returns: place of the scene that is asked for, LEAVE for the end of the show, None for neither.
    """
    said = _component(key=key, data={"at": at, "count": count}, on_to_change=lambda: None).to
    return said if type(said) is int and LEAVE <= said < count else None
