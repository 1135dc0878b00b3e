"""The teacher's screen: the way in, the question with its answers coming in, and the next question."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import streamlit as st

from cnn.errors import ConvScopeError
from ui.classroom import seats
from ui.classroom.door import show_way_in
from ui.classroom.questions import PAGES, QUESTION_KINDS, ask_about
from ui.classroom.results import show_result
from ui.classroom.rooms import ClassError, RoomView
from ui.resources.poll import poll_until
from ui.selection import network_and_input
from ui.selection.address import INPUT
from ui.selection.drawing_address import DRAWING
from ui.selection.network_and_input import NetworkAndInput
from ui.selection.network_picker import NETWORK

KEY: Final = "class"
POLL_S: Final = 1.0
WANTED: Final = "class:asked"  # in the session, until the question is made


def lead(code: str, key: str) -> None:
    """Show the room to who leads it."""
    view = seats.rooms().look(code)
    way, stage = st.columns([1, 3], gap="large")
    with way:
        show_way_in(code)
        st.button("Close the room", on_click=_close, args=(code, key))
    with stage:
        _show_stage(view, key)
    open_question = view.question is not None and not view.revealed
    if open_question and not st.toggle("Choose something else to ask", key=f"{KEY} else"):
        return  # the name of the chosen sample would stand on the board
    st.header("The next question" if view.number else "The first question", divider="gray", anchor=False)
    subject = network_and_input.choose_network_and_input(KEY, abreast=True)
    _offer(view, key, subject)


def _show_stage(view: RoomView, key: str) -> None:
    """Show the question; how many have answered is counted while they do."""
    seats.tell_failure()
    if view.question is None:
        poll_until(lambda: False, lambda: _count(view.code), POLL_S)
        st.markdown(
            "Phones open the address, or type the code. Choose below what they are to predict: the answer "
            "stays hidden until you reveal it."
        )
        return
    if view.revealed:
        show_result(view, view.question)
        return
    st.subheader(view.question.ask, anchor=False)
    st.image(view.question.picture)
    poll_until(lambda: _moved(view), lambda: _count(view.code), POLL_S)
    st.button("Reveal the answer", type="primary", on_click=_reveal, args=(view.code, key))


def _count(code: str) -> None:
    try:
        now = seats.rooms().look(code)
    except ClassError as error:
        st.caption(str(error))
        return
    here = f"**{now.phones}** {'phone is' if now.phones == 1 else 'phones are'} here"
    st.markdown(f"{here}, **{now.answered}** answered." if now.question else f"{here}.")


def _moved(view: RoomView) -> bool:
    """Say whether the same teacher asked or revealed on another device."""
    try:
        now = seats.rooms().look(view.code)
    except ClassError:
        return True
    return (now.number, now.revealed) != (view.number, view.revealed)


def _offer(view: RoomView, key: str, subject: NetworkAndInput) -> None:
    """Let the teacher choose what is hidden and where one looks on, and ask."""
    hidden, onward = st.columns(2)
    kind = hidden.selectbox(
        "To be predicted", list(QUESTION_KINDS), format_func=lambda kind: QUESTION_KINDS[kind].title, key=f"{KEY} kind"
    )
    pages = list(PAGES)
    page = onward.selectbox(
        "Afterwards they look at",
        pages,
        pages.index(QUESTION_KINDS[kind].page),
        PAGES.__getitem__,
        key=f"{KEY} page {kind}",
    )
    weight: Literal["primary", "secondary"] = "primary" if view.question is None or view.revealed else "secondary"
    st.button("Ask the class", type=weight, on_click=_want)
    if st.session_state.pop(WANTED, False):
        _ask(view, key, kind, subject, page)


def _want() -> None:
    st.session_state[WANTED] = True


def _ask(view: RoomView, key: str, kind: str, subject: NetworkAndInput, page: str) -> None:
    address = {name: st.query_params[name] for name in (NETWORK, INPUT, DRAWING) if name in st.query_params}
    try:
        with st.spinner("The network answers; nobody sees it yet"):
            question = ask_about(kind, subject, address)
        seats.rooms().ask(view.code, key, replace(question, page=page), view.number)
    except TimeoutError:
        st.warning("The evidence took too long. Ask something else, or try again.")
        return
    except ConvScopeError as error:
        st.session_state[seats.FAILED] = str(error)
    st.rerun()


def _reveal(code: str, key: str) -> None:
    seats.try_or_tell(lambda: seats.rooms().reveal(code, key))


def _close(code: str, key: str) -> None:
    seats.try_or_tell(lambda: seats.rooms().close(code, key))
    seats.leave()
