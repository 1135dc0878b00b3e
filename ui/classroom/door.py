"""The door of class mode: join with four letters, or open a room; and the address that the board shows."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from ui.classroom import presenting, reach, scenes, seats
from ui.classroom.qr_code import qr_code_uri
from ui.classroom.rooms import CODE_LENGTH, read_code
from ui.selection.address import keep_in_address
from ui.text.verbatim import verbatim

PAGE: Final = "class"  # in the address
QR_PX: Final = 220
TYPED: Final = "class:letters"


def show_door() -> None:
    """Let a pupil in by letters, and a teacher open a room."""
    seats.tell_failure()
    join, lead = st.columns(2, gap="medium")
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


def show_projector() -> None:
    """Let a teacher order scenes, addresses a line each, and give the link that shows them."""
    st.header("On the projector", anchor="projector", divider="gray")
    st.markdown(
        "Scenes are addresses of pages: set a page as you want it, press its link button, and paste the link into a "
        "line below. The show leaves the menu out, in larger type; arrow keys or a presenter walk it, Escape ends it."
    )
    shipped = "\n".join(f"/{scene.address}" for scene in scenes.SHIPPED)
    lines = st.text_area("Scenes, a line each", shipped, height=210, key="class:scenes").split("\n")
    read = [(line, scenes.read_scene(line)) for line in lines if line.strip()]
    if wrong := [line for line, scene in read if scene is None]:
        st.warning(verbatim(f"This line is no address of a page here: {wrong[0]}"))
    own = [scene for _, scene in read if scene is not None]
    packed = scenes.encode_scenes(own)
    if not packed:
        st.info(f"Write 1 to {scenes.MOST_SCENES} scenes, in not too many words.")
        return
    kept = "" if own == list(scenes.SHIPPED) else packed
    query = presenting.scene_query(own[0], 0, kept)
    st.page_link(own[0].file, label=f":primary[**Show these {len(own)} scenes**] →", query_params=query)
    here = urlsplit(st.context.url or "")
    address = reach_here().address or f"{here.scheme}://{here.netloc}"  # where nobody else gets to: as it is open here
    link = f"{address}/{own[0].page}?{urlencode(query, safe='/,')}"
    st.code(link, language=None, wrap_lines=True)


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
