"""The units of a layer as switches: each map is clicked off and on, by mouse, finger or keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.components import register
from ui.components.choice import KeptChoice, last_message, take_newest
from ui.text.whole_number import whole_number

_component = register.register_component(__file__, shared=("maps", "keys", "turns"))

UnitSet = frozenset[int]


def render_unit_switches(view: Mapping[str, Any], asked: UnitSet, key: str) -> UnitSet:
    """Show the switches and return which units are off.

    Args:
        view: from `ui.inspect.lesion_data.switches_view`; its "of" names the layer.
        asked: off at first, and whenever another layer is shown.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    kept = follow_units_off(view["of"], view["shape"][2], asked, key)
    _component(
        key=key,
        data={
            **view,
            "off": tuple(sorted(kept.value)),
            "turn": kept.turn,
        },  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py
        on_off_change=lambda: None,
    )
    return kept.value


def follow_units_off(of: str, count: int, asked: UnitSet, key: str) -> KeptChoice[UnitSet]:
    """Follow which units are off; the component need not have been shown in this run."""
    kept, before = st.session_state.get(f"{key}:kept", (KeptChoice(asked), of))
    if before != of:
        kept = KeptChoice(asked, kept.turn)
    kept = take_newest(kept, last_message(key, "off"), lambda value: _read(value, of, count))
    st.session_state[f"{key}:kept"] = (kept, of)
    return kept


def switch_units_off(key: str, units: UnitSet) -> None:
    """Switch units off in place of the person, and all others on; before the component of that `key` is shown again."""
    kept, of = st.session_state[f"{key}:kept"]
    st.session_state[f"{key}:kept"] = (KeptChoice(units, kept.turn), of)


def _read(value: object, of: str, count: int) -> UnitSet | None:
    """Read what the browser sent; None where it is malformed or belongs to another layer."""
    if not isinstance(value, Mapping) or value.get("of") != of or not isinstance(value.get("off"), str):
        return None
    return parse_units(value["off"], count)


def parse_units(text: str, count: int) -> UnitSet | None:
    """Read units as addresses write them, such as "3.7"; "" for none.

    Returns: None unless all are units of a layer of `count`.
    """
    units = frozenset(whole_number(number, count) for number in text.split(".")) if text else frozenset()
    return None if None in units else frozenset(unit for unit in units if unit is not None)


def format_units(units: UnitSet) -> str:
    """Write units as addresses do."""
    return ".".join(map(str, sorted(units)))
