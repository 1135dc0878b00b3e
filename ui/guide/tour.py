"""The tour: twelve steps above the live pages, at the reader's pace; it can be left and taken up again."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.guide.tour_steps import NETWORK, TOUR, TourStep
from ui.selection.address import drop_from_address
from ui.text.whole_number import whole_number

ADDRESS: Final = "tour"  # in the address, such as `?tour=4`
AT: Final = "tour:at"  # in the session: the step, counted from 0; -1 when the tour was left
REACHED: Final = "tour:reached"  # in the session: where to take it up again
ANSWERS: Final = "tour:answers"  # in the session: what was chosen, by step
CHOSEN: Final = "inputs:chosen:digit"  # in the session, of ui.selection.input_picker: the digit's address


def show_tour(page: str) -> None:
    """Show the step that a person is on above a page; nothing outside the tour.

    Args:
        page: the one that comes below, by its address.
    """
    linked = whole_number(st.query_params.get(ADDRESS, ""), len(TOUR) + 1)
    at = linked - 1 if linked else st.session_state.get(AT, -1)
    if at < 0:
        return
    st.session_state[AT] = st.session_state[REACHED] = at
    if linked:
        st.query_params[ADDRESS] = str(
            linked
        )  # a link to the page that one is on leaves the browser's address as it was
    with st.container(key="tour", border=True):
        if page == TOUR[at].page:
            _step(at)
        else:
            _elsewhere(at)


def show_way_in() -> None:
    """Link to the first step, or to the one where the tour was left."""
    at = st.session_state.get(REACHED, 0)
    said = "Take the tour: from pixels to the answer in twelve steps"
    label = f"Go on with the tour: step {at + 1}, {TOUR[at].title}" if at else said
    _link(at, f":primary[**{label}**] →")


@st.fragment
def _step(at: int) -> None:
    """Tell a step and ask its question; runs again with every answer."""
    step = TOUR[at]
    told, asked = st.columns([3, 2], gap="medium")
    with told:
        st.caption(f"Tour, step {at + 1} of {len(TOUR)}")
        st.markdown(f"**{step.title}**  \n{step.text}")
    with asked:
        _ask(at, step)
    _ways(at)


def _ask(at: int, step: TourStep) -> None:
    answers: dict[int, str] = st.session_state.setdefault(ANSWERS, {})
    chosen = st.pills(step.question, step.options, default=answers.get(at), key=f"tour {at}", wrap=True)
    if chosen is None:
        return
    answers[at] = chosen
    right = step.options[step.right]
    begin = "**Yes.**" if chosen == right else f"**Not quite: {right}.**"
    st.markdown(f"{begin} {step.because}")


def _ways(at: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if at:
            _link(at - 1, "← Back")
        if at + 1 < len(TOUR):
            _link(at + 1, f":primary[**Next: {TOUR[at + 1].title} →**]")
        else:
            st.page_link("pages/train.py", label=":primary[**Train a network →**]")
        _leave_button()


def _elsewhere(at: int) -> None:
    """Say where the tour waits, on any other page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"The tour waits at step {at + 1} of {len(TOUR)}.", width="content")
        _link(at, f":primary[**Back to it: {TOUR[at].title}**]")
        _leave_button()


def _link(at: int, label: str) -> None:
    step = TOUR[at]
    query = {ADDRESS: str(at + 1), "network": NETWORK, "input": _given(), **step.address}
    st.page_link(f"pages/{step.page}.py", label=label, query_params=query)


def _given() -> str:
    """Name the digit that goes along, as addresses do: the chosen one, else one's own drawing, else a seven."""
    from ui.components.drawing_canvas import drawing_canvas  # NumPy: not before a page needs it

    own = drawing_canvas.kept_drawing("draw").strokes
    return str(st.session_state.get(CHOSEN, "drawn-1" if own else "sample-7"))


def _leave_button() -> None:
    """Offer to leave; the step stays known, to take the tour up again."""
    if st.button("Leave the tour", type="tertiary", key="tour leave"):
        st.session_state[AT] = -1
        drop_from_address(ADDRESS)
        st.rerun()
