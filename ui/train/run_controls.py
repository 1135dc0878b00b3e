"""The buttons of a run: begin, pause, one batch, one epoch, stop, go on, branch; and which run is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from cnn.datasets.own_pictures import is_own_pictures
from cnn.errors import ConvScopeError, UnknownName
from cnn.runs.frames import FrameFigures
from cnn.runs.processes import RunProcesses
from cnn.runs.settings import RunSettings
from cnn.runs.table import RESUMABLE, WAITING, RunRow, shipped_runs
from ui.resources.person import owns, person
from ui.text.numbers import percent
from ui.text.verbatim import verbatim

RUN: Final = "run"  # in the address
KEPT: Final = "train:run"  # in the session, for coming back from another page
WRONG: Final = "train:wrong"  # in the session: why a button did nothing
MOMENT: Final = "train:moment"  # in the session: the slider's place


def run_from_address(processes: RunProcesses) -> RunRow | None:
    """Look up the run that is looked at: of the address, else of this session, else one's own that is at work."""
    for run in (st.query_params.get(RUN), st.session_state.get(KEPT)):
        if run:
            try:
                row = processes.table.get(run)
                if is_own_pictures(row.settings.data) and not owns(row.owner):
                    raise UnknownName("run", run, ())
                return _kept(row)
            except UnknownName:
                st.warning(f"There is no run {verbatim(run)} on this machine.")
                st.query_params.pop(RUN, None)
                st.session_state.pop(KEPT, None)
    own = [row for row in processes.table.waiting() if row.owner == person()]
    return _kept(own[-1]) if own else None


def _kept(row: RunRow) -> RunRow:
    st.session_state[KEPT] = row.id
    if st.query_params.get(RUN) != row.id:
        st.query_params[RUN] = row.id
    return row


def look_at(run: str) -> None:
    """Look at a run from now on."""
    st.session_state[KEPT] = run
    st.session_state.pop(MOMENT, None)
    st.query_params[RUN] = run


def show_wrong() -> None:
    """Say once why a button did nothing."""
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(verbatim(wrong))


def train_button(settings: RunSettings, processes: RunProcesses) -> None:
    """Offer to begin."""
    st.button(
        "Start training", type="primary", width="stretch", on_click=_try, args=(lambda: _begin(processes, settings),)
    )


def _begin(processes: RunProcesses, settings: RunSettings, parent: str = "", step: int = 0) -> None:
    look_at(processes.start(settings, person(), parent=parent, parent_step=step).id)


def _try(do: Callable[[], object]) -> None:
    try:
        do()
    except ConvScopeError as error:
        st.session_state[WRONG] = str(error)


def show_controls(row: RunRow, processes: RunProcesses) -> None:
    """Offer what can be done with a run as it stands, to whom it belongs."""
    if not owns(row.owner):
        st.caption("Somebody else's run: you may look at it, and branch from it once it has ended.")
        return
    with st.container(horizontal=True):
        if row.state == "running":
            _order(row, processes, "Pause", "pause")
        if row.state == "paused":
            _order(row, processes, "Play", "play")
            _order(row, processes, "One batch", "batch")
            _order(row, processes, "One epoch", "epoch")
        if row.state in WAITING:
            _order(row, processes, "Stop", "stop")
        if row.state in RESUMABLE:
            resume = lambda: processes.resume(row.id, person())  # noqa: E731
            st.button("Go on", on_click=_try, args=(resume,), key="train resume")


def _order(row: RunRow, processes: RunProcesses, label: str, command: str) -> None:
    order = lambda: processes.order(row.id, command)  # noqa: E731
    st.button(label, on_click=_try, args=(order,), key=f"train {command}")


def chosen_step(figures: Sequence[FrameFigures]) -> int:
    """Say after which step the moment is that the slider stands at; it is read when a button is pressed."""
    place = st.session_state.get(MOMENT, -1)
    return figures[place if place < len(figures) else -1].step


def branch_button(row: RunRow, figures: Sequence[FrameFigures], settings: RunSettings, processes: RunProcesses) -> None:
    """Offer a new run that begins with the weights of a moment, and with the settings that are chosen now."""
    fits = (settings.architecture, settings.data) == (row.settings.architecture, row.settings.data)
    st.button(
        "Branch from here",
        on_click=_try,
        args=(lambda: _begin(processes, settings, row.id, chosen_step(figures)),),
        disabled=not fits or row.state in WAITING,
        key="train branch",
        help="A new run that begins with the weights of this moment and the settings on the left, such as another "
        "learning rate. Choose the same network and pictures.",
    )


def list_runs(processes: RunProcesses, row: RunRow | None) -> list[RunRow]:
    """Offer other runs to look at; return those that may be drawn behind the one that is looked at."""
    own = [one for one in processes.table.newest(12) if not is_own_pictures(one.settings.data) or owns(one.owner)]
    shipped = shipped_runs()
    with st.expander("Shipped runs", expanded=not own and row is None):
        st.caption(
            "Trained on the same 4,000 digits: their moments are here to look through, before you train anything."
        )
        _offer(shipped, row)
    if own:
        with st.expander("Earlier runs"):
            _offer(own, row)
    return [one for one in (*own, *shipped) if row is None or one.id != row.id]


def _offer(runs: Sequence[RunRow], looked_at: RunRow | None) -> None:
    for one in runs:
        state = "" if one.shipped else f", {one.state}"
        told = f"{verbatim(one.name)}{state}" + (f", {percent(one.test[0] / one.test[1])}" if one.test else "")
        st.button(
            told,
            on_click=look_at,
            args=(one.id,),
            key=f"train look {one.id}",
            disabled=looked_at is not None and one.id == looked_at.id,
            width="stretch",
        )
