"""The door of class mode: join with four letters, or open a room; and the address that the board shows."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.classroom import reach, seats
from ui.classroom.qr_code import qr_code_uri
from ui.classroom.rooms import CODE_LENGTH, read_code
from ui.selection.address import keep_in_address

PAGE: Final = "class"  # in the address
QR_PX: Final = 220
TYPED: Final = "class:letters"


def show_door() -> None:
    """Let a pupil in by letters, and a teacher open a room."""
    seats.tell_failure()
    join, lead = st.columns(2, gap="large")
    with join, st.form("join", border=True):
        st.subheader("I take part", anchor=False)
        st.text_input(f"The {CODE_LENGTH} letters on the board", max_chars=8, placeholder="BCDF", key=TYPED)
        st.form_submit_button("Join", type="primary", on_click=_join)
    with lead, st.container(border=True):
        st.subheader("I teach", anchor=False)
        st.markdown("You choose a network and a picture; everyone predicts; then the network speaks.")
        st.button("Open a room", on_click=_open)
        found = reach_here()
        st.caption(f"{found.who} {f'The app is at {found.address}.' if found.address else ''}")


def _join() -> None:
    code = read_code(st.session_state[TYPED])

    def enter() -> None:
        seats.rooms().look(code)
        keep_in_address(seats.ROOM, code)

    seats.try_or_tell(enter)


def _open() -> None:
    seats.try_or_tell(seats.open_room)


def reach_here() -> reach.Reach:
    """Say how a class opens this app."""
    return reach.who_reaches(st.context.url or "", st.get_option("server.address") or "", reach.own_number())


def show_way_in(code: str) -> None:
    """Show the room's letters, its address and its QR code, to be read from the last row."""
    with st.container(key="room-code"):
        st.markdown(" ".join(code))
    found = reach_here()
    if found.address:
        st.image(qr_code_uri(f"{found.address}/{PAGE}?{seats.ROOM}={code}"), width=QR_PX)
        st.markdown(f"`{found.address}/{PAGE}`")
    st.caption(found.who)
