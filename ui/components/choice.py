"""A choice that the browser and Python both may change: the newest turn wins.

The browser counts its changes and sends `{"value": ..., "turn": n}`. Python hands back the turn that it
answers, so that the front end ignores an answer to an older turn while a newer message is on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

T = TypeVar("T")

LAST_TURN = 2**53 - 1  # the largest number up to which JavaScript counts exactly


@dataclass(frozen=True, slots=True)
class KeptChoice(Generic[T]):
    """The choice as Python knows it, and the browser's turn that it answers."""

    value: T
    turn: int = 0


def last_message(key: str, name: str) -> object:
    """Look up what the component of that `key` last sent under `name`; None where it sent nothing.

    It holds before the component is called in this run, and comes from outside: anything at all.
    """
    state = st.session_state.get(key)
    return state.get(name) if isinstance(state, Mapping) else None


def take_newest(kept: KeptChoice[T], message: object, read: Callable[[object], T | None]) -> KeptChoice[T]:
    """Take what the browser sent, where it is well formed and newer than what is kept.

    Args:
        kept: what Python knows so far.
        message: anything at all; it comes from outside.
        read: gives the value that the message holds, or None where it is refused.
    """
    if not isinstance(message, Mapping):
        return kept
    turn = message.get("turn")
    if type(turn) is not int or not kept.turn < turn <= LAST_TURN:
        return kept
    value = read(message.get("value"))
    return kept if value is None else KeptChoice(value, turn)


def follow_choice(key: str, event: str, asked: str, names: Sequence[str]) -> KeptChoice[str]:
    """Follow which of `names` is chosen in the component of that `key`; always one of them.

    Args:
        key: of the component; the choice stays in the session under it.
        event: under which the component sends the name.
        asked: what the page asks for, such as the address holds; it counts at first and whenever it changes.
        names: at least one.
    """
    asked = asked if asked in names else names[0]
    kept, asked_before = st.session_state.get(f"{key}:choice", (KeptChoice(asked), asked))
    if asked != asked_before or kept.value not in names:
        kept = KeptChoice(asked, kept.turn)
    kept = take_newest(
        kept, last_message(key, event), lambda value: value if isinstance(value, str) and value in names else None
    )
    st.session_state[f"{key}:choice"] = (kept, asked)
    return kept
