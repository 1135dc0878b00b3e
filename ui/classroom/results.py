"""What a class said beside what the network said."""

from __future__ import annotations

import streamlit as st

from ui.classroom.rooms import Question, RoomView
from ui.components.paired_bars.paired_bars import PairedBar, render_paired_bars
from ui.text.numbers import percent


def show_result(view: RoomView, question: Question) -> None:
    """Show the answer, each option's share of the class beside the network's, and the way to look on."""
    seen, said = st.columns([1, 2], gap="large")
    with seen:
        st.image(question.picture)
    rows = [
        PairedBar(
            option,
            count / max(1, view.answered),
            share,
            place == question.answer,
            f"{count}, {percent(share)}",
        )
        for place, (option, count, share) in enumerate(zip(question.options, view.counts, question.shares, strict=True))
    ]
    names = (f"the class: {view.answered} answered", "the network")
    with said:
        st.markdown(question.told)
        render_paired_bars(rows, question.ask, names, "class result", question.told)
        st.page_link(question.page, label="Look into it yourself →", query_params=dict(question.query))
