"""Who one is in a class, by the address alone: so that a reload or a lost connection loses nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Final

import streamlit as st

from ui.classroom.rooms import ClassError, Rooms, read_code
from ui.selection.address import SEAT, drop_from_address, keep_in_address

ROOM: Final = "room"  # in the address, such as `?room=BCDF`
TEACHER, PHONE = SEAT  # in the address: the key of the room; a random number, so that nobody answers twice
FAILED: Final = "class:failed"  # in the session
PHONE_FORM: Final = re.compile(r"[0-9a-f]{16}")


@st.cache_resource(show_spinner=False)
def rooms() -> Rooms:
    """Hold the rooms of this server, for all sessions."""
    return Rooms()


def room_from_address() -> str:
    """Read the room's letters; "" where the address names none."""
    return read_code(st.query_params.get(ROOM, ""))


def key_from_address() -> str:
    """Read the teacher's key; "" for who has none."""
    return st.query_params.get(TEACHER, "")


def phone_from_address() -> str:
    """Read this phone's number; one that has none gets one."""
    phone = st.query_params.get(PHONE, "")
    if not PHONE_FORM.fullmatch(phone):
        phone = secrets.token_hex(8)
        keep_in_address(PHONE, phone)
    return phone


def leads(code: str, key: str) -> bool:
    """Say whether `key` leads the room, and tell who thought so; a room that is gone has no teacher."""
    try:
        if rooms().leads(code, key):
            return True
    except ClassError:
        return False
    st.info(f"Room {code} is led from another device. Here you take part in it.")
    return False


def try_or_tell(act: Callable[[], object]) -> None:
    """Do something that a room may refuse; why it did is told by `tell_failure` in the run that follows."""
    try:
        act()
    except ClassError as error:
        st.session_state[FAILED] = str(error)


def tell_failure() -> None:
    """Say once why the last act was refused."""
    if failed := st.session_state.pop(FAILED, ""):
        st.warning(failed)


def leave() -> None:
    """Go back to the door."""
    drop_from_address(ROOM, TEACHER, PHONE)


def open_room() -> None:
    """Open a room and lead it. Raises: ClassError: there are too many."""
    code, key = rooms().open()
    keep_in_address(ROOM, code)
    keep_in_address(TEACHER, key)
