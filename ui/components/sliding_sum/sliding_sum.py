"""A window that slides over a map by itself, with the sum that it makes at each place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ui.components import register
from ui.components.choice import KeptChoice, last_message, take_newest
from ui.images import colormap
from ui.text.whole_number import whole_number

_component = register.register_component(__file__, shared=("keys", "turns", "numbers", "board"), own=("sum_rules",))

WindowPlace = tuple[int, int]  # row, column
LONGEST: Final = 200  # characters of a message


def current_window_place(scene: Mapping[str, Any], asked: WindowPlace, key: str) -> KeptChoice[WindowPlace]:
    """Say where the window stands now, as far as Python has heard.

    Args:
        scene: of `ui.inspect.arithmetic_data`.
        asked: where it stands at first, and whenever this or the scene changes.
        key: the one that `render_sliding_sum` gets; the place stays in the session under it.
    """
    wanted = (scene["scene"], asked)
    kept, before = st.session_state.get(f"{key}:spot", (KeptChoice(asked), wanted))
    if wanted != before:
        kept = KeptChoice(asked, kept.turn)
    kept = take_newest(kept, last_message(key, "place"), lambda value: parse_window_place(value, scene))
    st.session_state[f"{key}:spot"] = (kept, wanted)
    return kept


def parse_window_place(value: object, scene: Mapping[str, Any]) -> WindowPlace | None:
    """Read the browser's "row,column scene"; None where it is not a place of this scene."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    place, _, name = value.partition(" ")
    row, _, column = place.partition(",")
    if name != scene["scene"]:
        return None
    y, x = whole_number(row, scene["output"]["height"]), whole_number(column, scene["output"]["width"])
    return None if y is None or x is None else (y, x)


def render_sliding_sum(
    scene: Mapping[str, Any], kept: KeptChoice[WindowPlace], exact: Mapping[str, Any], playing: bool, key: str
) -> None:
    """Show the window; it moves without Python.

    Args:
        scene: of `ui.inspect.arithmetic_data`.
        kept: from `current_window_place`.
        exact: what every channel adds there, from `exact_contributions` of it; {} where the browser knows it.
        playing: it slides by itself until somebody takes it.
        key: of the component, unique on the page.
    """
    data = {
        **scene,
        "exact": exact or None,
        "y": kept.value[0],
        "x": kept.value[1],
        "turn": kept.turn,
        "playing": playing,
        "palette": colormap.diverging_hex(),
    }
    _component(key=key, data=data, on_place_change=lambda: None)
