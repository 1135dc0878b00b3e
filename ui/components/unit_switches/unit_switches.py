"""The units of a layer as switches: each map is clicked off and on, by mouse, finger or keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.components import register
from ui.components.choice import Kept, newest, sent
from ui.text.whole_number import whole_number

_component = register.component(__file__, shared=("maps", "keys", "turns"))

Units = frozenset[int]


def switches(view: Mapping[str, Any], asked: Units, key: str) -> Units:
    """Show the switches and return which units are off.

    Args:
        view: from `ui.inspect.lesion_data.switches_view`; its "of" names the layer.
        asked: off at first, and whenever another layer is shown.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    kept = current(view["of"], view["shape"][2], asked, key)
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


def current(of: str, count: int, asked: Units, key: str) -> Kept[Units]:
    """Follow which units are off; the component need not have been shown in this run."""
    kept, before = st.session_state.get(f"{key}:kept", (Kept(asked), of))
    if before != of:
        kept = Kept(asked, kept.turn)
    kept = newest(kept, sent(key, "off"), lambda value: _read(value, of, count))
    st.session_state[f"{key}:kept"] = (kept, of)
    return kept


def _read(value: object, of: str, count: int) -> Units | None:
    """Read what the browser sent; None where it is malformed or belongs to another layer."""
    if not isinstance(value, Mapping) or value.get("of") != of or not isinstance(value.get("off"), str):
        return None
    return read(value["off"], count)


def read(text: str, count: int) -> Units | None:
    """Read units as addresses write them, such as "3.7"; "" for none.

    Returns: None unless all are units of a layer of `count`.
    """
    units = frozenset(whole_number(number, count) for number in text.split(".")) if text else frozenset()
    return None if None in units else frozenset(unit for unit in units if unit is not None)


def write(units: Units) -> str:
    """Write units as addresses do."""
    return ".".join(map(str, sorted(units)))
