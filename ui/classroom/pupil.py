"""A pupil's phone: the question, the answers to choose from, and what the class and the network said."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.classroom import seats
from ui.classroom.results import show_result
from ui.classroom.rooms import ClassError, Question, RoomView
from ui.resources.poll import poll_until

POLL_S: Final = 2.0  # a hundred phones are fifty looks a second
LOST: Final = "Connection lost? Open this page again: your answer is kept."


def take_part(code: str) -> None:
    """Show the room as it stands, and anew as soon as the teacher moves on."""
    phone = seats.phone_from_address()
    try:
        view = seats.rooms().look(code, phone)
    except ClassError as error:
        st.warning(str(error))
        st.button("Back to the door", on_click=seats.leave)
        return
    if view.question is None:
        st.info(f"You are in room {code}. The first question comes by itself; leave this page open.")
    elif view.revealed:
        _show_answer(view, view.question)
    else:
        _ask(view, view.question, phone)
    poll_until(lambda: _moved(view, phone), lambda: None, POLL_S)


def _moved(view: RoomView, phone: str) -> bool:
    """Say whether the teacher did something since `view`; a room that is gone counts."""
    try:
        now = seats.rooms().look(view.code, phone)
    except ClassError:
        return True
    return (now.number, now.revealed) != (view.number, view.revealed)


def _ask(view: RoomView, question: Question, phone: str) -> None:
    st.markdown(f"**{question.ask}**")
    st.image(question.picture, width=280)
    with st.container(horizontal=True, key="options"):
        for option, title in enumerate(question.options):
            st.button(
                title,
                type="primary" if option == view.own else "secondary",
                key=f"option {view.number} {option}",
                on_click=_answer,
                args=(view.code, phone, view.number, option),
            )
    seats.tell_failure()
    if view.own is None:
        st.caption(f"Choose one. {LOST}")
    else:
        st.caption(f"You said **{question.options[view.own]}**; you may change it until the answer is shown. {LOST}")


def _answer(code: str, phone: str, number: int, option: int) -> None:
    seats.try_or_tell(lambda: seats.rooms().answer(code, phone, number, option))


def _show_answer(view: RoomView, question: Question) -> None:
    seats.tell_failure()
    if view.own is None:
        st.info("This answer was shown before you chose one. The next question is yours.")
    elif view.own == question.answer:
        st.success(f"You said {question.options[view.own]}: so it is.")
    else:
        st.info(f"You said {question.options[view.own]}; it is {question.options[question.answer]}.")
    show_result(view, question)
