"""Keep the network of a moment: under a name of one's own it opens on every page from then on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cnn.errors import ConvScopeError
from cnn.runs.frames import FrameFigures
from cnn.runs.processes import RunProcesses
from cnn.runs.table import RunRow
from cnn.shelf import LONGEST_TITLE
from ui.resources.person import person
from ui.resources.poll import poll_until
from ui.text.verbatim import verbatim
from ui.train import run_controls

WRONG: Final = "train:keep wrong"  # in the session: why the button did nothing


def keep_button(row: RunRow, figures: Sequence[FrameFigures], processes: RunProcesses) -> None:
    """Offer to keep the network as it is at the moment that the slider stands at."""
    owner, title = person(), f"train keep name {row.id}"
    with st.popover("Keep this network", disabled=processes.keeping(owner)):
        st.text_input(
            "Name",
            row.name[:LONGEST_TITLE],
            LONGEST_TITLE,
            key=title,
            help="It opens under this name on every page: Draw, Layers, Evidence, Compare and the others.",
        )
        st.button("Keep it", on_click=_keep, args=(row, figures, title, processes, owner), key="train keep")


def show_kept(processes: RunProcesses) -> None:
    """Say that a network is on its way to the others, and once what came of it."""
    owner = person()
    if processes.keeping(owner):
        poll_until(lambda: not processes.keeping(owner), _say_waiting)
        return
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(verbatim(wrong))
    said = processes.kept(owner)
    if "why" in said:
        st.warning(verbatim(said["why"]))
    elif said:
        st.success(f"**{verbatim(said['title'])}** is kept, and opens on every page from now on.")
        with st.container(horizontal=True):
            st.page_link("pages/networks.py", label="Your networks →")
            st.page_link("pages/layers.py", label="Its layers →", query_params={"network": said["name"]})


def _keep(row: RunRow, figures: Sequence[FrameFigures], title: str, processes: RunProcesses, owner: str) -> None:
    try:
        processes.keep(row.id, run_controls.chosen_step(figures), st.session_state[title], owner)
    except ConvScopeError as error:
        st.session_state[WRONG] = str(error)


def _say_waiting() -> None:
    st.markdown(
        "The network is exported, calibrated and measured on pictures that it never saw. That takes a few seconds of "
        "LeNet-5, 20 of ResNet-20, longer beside other work."  # 7.0 and 18.7 s of processor time
    )
