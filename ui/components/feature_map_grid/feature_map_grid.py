"""The units of a layer as one tiled picture; of the chosen one its map, its kernel, and what a place of it sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.components import register
from ui.components.choice import KeptChoice, last_message, take_newest

_component = register.register_component(__file__, shared=("maps", "keys", "turns", "numbers"))


@dataclass(frozen=True, slots=True)
class UnitPick:
    """What is looked at.

    Attributes:
        unit: its number, from 0.
        place: row and column in its map; None for its strongest place.
    """

    unit: int
    place: tuple[int, int] | None = None


def render_feature_map_grid(
    view: Mapping[str, Any], of: str, asked: UnitPick, key: str, pushed: int | None = None
) -> UnitPick:
    """Show the units of a layer and return what is chosen.

    Args:
        view: from `ui.inspect.layers_data.layer_view`.
        of: names what `asked` belongs to, such as the layer.
        asked: chosen at first, and whenever `of` or this changes.
        key: of the component, unique on the page; the choice stays in the session under it.
        pushed: a unit that was just chosen elsewhere on the page, in place of what is kept.
    """
    shape = view["shape"]
    kept, before = st.session_state.get(f"{key}:pick", (KeptChoice(asked), (of, asked)))
    if before != (of, asked):
        kept = KeptChoice(asked, kept.turn)
    kept = take_newest(kept, last_message(key, "picked"), lambda value: parse_unit_pick(value, of, shape))
    kept = kept if pushed is None else KeptChoice(UnitPick(pushed), kept.turn)
    st.session_state[f"{key}:pick"] = (kept, (of, asked))
    pick: UnitPick = kept.value
    _component(
        key=key,
        data={
            **view,
            "of": of,
            "unit": pick.unit,
            "place": pick.place,
            "turn": kept.turn,
        },  # no lists: ui/components/drawing_canvas/drawing_canvas.py
        on_picked_change=lambda: None,
    )
    return pick


def parse_unit_pick(value: object, of: str, shape: tuple[int, int, int]) -> UnitPick | None:
    """Read what the browser sent; None where it is malformed or belongs to another layer."""
    if not isinstance(value, Mapping) or value.get("of") != of:
        return None
    return valid_unit_pick(value.get("unit"), value.get("place"), shape)


def valid_unit_pick(unit: object, place: object, shape: tuple[int, int, int]) -> UnitPick | None:
    """Make a choice out of anything at all; None unless `unit` is one of a layer of `shape`."""
    height, width, count = shape
    if type(unit) is not int or not 0 <= unit < count:
        return None
    if not isinstance(place, list | tuple) or len(place) != 2 or any(type(one) is not int for one in place):
        return UnitPick(unit)
    y, x = place
    return UnitPick(unit, (y, x)) if 0 <= y < height and 0 <= x < width else UnitPick(unit)
