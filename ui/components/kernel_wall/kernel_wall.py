"""All kernels of a layer that reads colours, large and in colour; a click chooses the channel that one makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ui.components import register
from ui.components.choice import KeptChoice, last_message, take_newest

_component = register.register_component(__file__, shared=("keys", "turns"))


@dataclass(frozen=True, slots=True)
class KernelWall:
    """What is shown.

    Attributes:
        of: names the layer and its network.
        shape: height and width of a kernel, and how many there are.
        sheet: the kernels below each other as one picture, a data URI.
        caption: what they are, in words.
    """

    of: str
    shape: tuple[int, int, int]
    sheet: str
    caption: str


def clicked_kernel(wall: KernelWall | None, key: str) -> int | None:
    """Give the number of the kernel that was chosen since the last run; None where none was.

    Args:
        wall: as it is shown in this run; None for none.
        key: of the component, unique on the page.
    """
    if wall is None:
        return None
    kept: KeptChoice[int | None] = KeptChoice(None, st.session_state.get(f"{key}:turn", 0))
    newest = take_newest(kept, last_message(key, "chosen"), lambda value: _read(value, wall))
    st.session_state[f"{key}:turn"] = newest.turn
    return newest.value


def _read(value: object, wall: KernelWall) -> int | None:
    """Read what the browser sent; None where it is malformed or belongs to another layer."""
    if not isinstance(value, Mapping) or value.get("of") != wall.of:
        return None
    unit = value.get("unit")
    return unit if type(unit) is int and 0 <= unit < wall.shape[2] else None


def render_kernel_wall(wall: KernelWall | None, unit: int, key: str) -> None:
    """Show all kernels, if any, the one of channel `unit` marked; `wall` and `key` as for `clicked_kernel`."""
    if wall is None:
        return
    data = {
        "of": wall.of,
        "shape": wall.shape,
        "kernels": wall.sheet,
        "caption": wall.caption,
        "unit": unit,
        "turn": st.session_state.get(f"{key}:turn", 0),
    }
    _component(key=key, data=data, on_chosen_change=lambda: None)
