"""A run as it learns, and any moment of it: curves, its answer to one's input, kernels, mistakes, health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.datasets.training_sets import training_set
from cnn.errors import ConvScopeError
from cnn.runs.estimate import time_left
from cnn.runs.frame_network import FrameNetwork
from cnn.runs.frames import FrameFigures
from cnn.runs.processes import RunProcesses
from cnn.runs.settings import RunSettings
from cnn.runs.table import WAITING, RunRow, shipped_runs
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.components.plot.plot import render_plot
from ui.components.sortable_table.sortable_table import TableCell, TableColumn, TableRow, render_sortable_table
from ui.images import data_uri
from ui.resources import training
from ui.selection.input_picker import ChosenInput
from ui.text.numbers import percent
from ui.train import keep_moment, run_controls, run_pictures, run_plots, run_words, time_machine
from ui.train.time_machine import Moment

GHOSTS: Final = 3  # earlier runs that are drawn at first
MISTAKES: Final = 6
FRAMES: Final = "train:frames"  # in the session: the run that the slider is for, and how many frames it has
EVERY_S: Final = 0.7  # between two looks at a run that learns


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """A run that is looked at.

    Attributes:
        row: as the table had it when the page ran.
        processes: that train.
        settings: that are chosen now, for a branch.
        chosen: what it is examined on ...
        image: ... as its network sees it, float32 (height, width, channels).
        ghosts: earlier runs that may stand behind it.
    """

    row: RunRow
    processes: RunProcesses
    settings: RunSettings
    chosen: ChosenInput
    image: Array
    ghosts: Sequence[RunRow]

    @property
    def classes(self) -> tuple[str, ...]:
        """Name what it tells apart."""
        return training_set(self.row.settings.data).classes


def show_status(row: RunRow, processes: RunProcesses) -> None:
    """Say how a run stands, and offer what can be done with it; live while somebody is at it."""
    if row.state in WAITING:
        frames = len(training.run_figures(row.id, row.folder))
        st.fragment(partial(_live_status, row, processes, frames), run_every=EVERY_S)()
        return
    _state(row, processes)
    run_controls.show_controls(row, processes)


def _live_status(before: RunRow, processes: RunProcesses, frames: int) -> None:
    """Show how far it is; once it pauses, goes on or ends, or has another frame while paused, the page runs once more.

    Args:
        before: the run as the page shows it.
        processes: that train.
        frames: that the page shows.
    """
    row = processes.table.get(before.id)
    figures = training.run_figures(row.id, row.folder)
    if row.state != before.state or (row.state == "paused" and len(figures) != frames):
        st.rerun(scope="app")
    _state(row, processes)
    told = processes.progress(row.id)
    step = max(int(told.get("step", 0)), figures[-1].step if figures else 0)
    left = run_words.left_sentence(time_left(figures, step, row.settings.steps)) if row.state == "running" else ""
    epoch = f"Epoch {step / row.settings.steps_an_epoch:.1f} of {row.settings.epochs}"
    st.progress(min(1.0, step / row.settings.steps), ". ".join(part for part in (epoch, left) if part))
    run_controls.show_controls(row, processes)


def show_shipped_curves() -> None:
    """Show what a training looks like, before one is begun or opened."""
    curves = [(one.name.removesuffix(", shipped"), training.run_figures(one.id, one.folder)) for one in shipped_runs()]
    render_plot(run_plots.shipped_plot(curves), "train shipped")


def show_moment(watched: Watched) -> None:
    """Show the newest moment of a run that learns, else any one that a slider chooses."""
    row = watched.row
    if row.state in ("queued", "running"):
        st.fragment(partial(_newest, watched), run_every=EVERY_S)()
        return
    if figures := training.run_figures(row.id, row.folder):
        # Not in the fragment: they are the same at every moment, and each element costs a move of the slider 2 ms.
        with st.container(horizontal=True):
            run_controls.branch_button(row, figures, watched.settings, watched.processes)
            keep_moment.keep_button(row, figures, watched.processes)
        keep_moment.show_kept(watched.processes)
        st.fragment(partial(_scrub, watched, figures))()


def _newest(watched: Watched) -> None:
    if figures := training.run_figures(watched.row.id, watched.row.folder):
        _moment(watched, figures, len(figures) - 1)


def _scrub(watched: Watched, figures: Sequence[FrameFigures]) -> None:
    _moment(watched, figures, _choose_moment(watched.row, figures), closer=True)


def _state(row: RunRow, processes: RunProcesses) -> None:
    loading = processes.loading(row.id)
    place = processes.place(row.id) if row.state == "queued" else 0
    told = run_words.state_sentence(row, place, loading, processes.stopping(row.id))
    (st.warning if row.state in ("failed", "killed") else st.markdown)(told)


def _choose_moment(row: RunRow, figures: Sequence[FrameFigures]) -> int:
    if len(figures) < 2:
        return 0
    places, known = range(len(figures)), (row.id, len(figures))
    if st.session_state.get(FRAMES) != known or st.session_state.get(run_controls.MOMENT) not in places:
        st.session_state[run_controls.MOMENT] = len(figures) - 1  # what has just come is what one wants to see
        st.session_state[FRAMES] = known
    chosen: int = st.select_slider(
        "The time machine: drag to any moment of the training",
        places,
        format_func=lambda at: f"step {figures[at].step:,}",
        key=run_controls.MOMENT,
    )
    return chosen


def _moment(watched: Watched, figures: Sequence[FrameFigures], at: int, closer: bool = False) -> None:
    """Show all of one moment together; `closer` offers more that takes a click, once nothing changes by itself."""
    row, now = watched.row, figures[at]
    try:
        network = training.moment(row.id, now.step, row.folder)
        steps = tuple(one.step for one in figures[: at + 1])
        answers = training.answers(row.id, steps, watched.chosen.key, row.folder, watched.image)
    except ConvScopeError as error:
        st.caption(str(error))
        return
    st.markdown(f"{_moment_name(now)}: {run_words.gap_sentence(now)}")
    exam, kernels = st.columns([3, 2], gap="large")
    with exam:
        _examination(watched, figures[: at + 1], answers)
    with kernels:
        _kernels(network)
    if closer:
        given = watched.chosen
        looked = Moment(row, figures, at, network, watched.classes, given.key, given.title, watched.image)
        time_machine.show_closer_look(looked)
    ghosts = _ghosts(watched)
    accuracy, loss = st.columns(2, gap="large")
    with accuracy:
        render_plot(run_plots.accuracy_plot(figures[: at + 1], ghosts), "train accuracy")
    with loss:
        render_plot(run_plots.loss_plot(figures[: at + 1], ghosts), "train loss")
    _mistakes(watched, network)
    _health(now)


def _moment_name(now: FrameFigures) -> str:
    return "Before its first step" if now.step == 0 else f"After step {now.step:,}, epoch {now.epoch:.2f}"


def _examination(watched: Watched, figures: Sequence[FrameFigures], answers: Sequence[Array]) -> None:
    """Show what it makes of one's input now, and how that changed."""
    last = answers[-1]
    if not np.isfinite(last).all():
        st.markdown("Its answers are no numbers any more.")
        return
    best = int(last.argmax())
    st.markdown(
        f"Its examination, {watched.chosen.title}: it says **{watched.classes[best]}**, {percent(last[best])} sure."
    )
    title = f"How its answer to {watched.chosen.title} changed"
    render_plot(run_plots.answers_plot(figures, answers, watched.classes, title), "train examination")


def _kernels(network: FrameNetwork) -> None:
    """Show the kernels of the first convolution on one scale, or in colour."""
    height, width, _, units = network.first_kernels.shape
    shown = run_pictures.sheet_image(
        run_pictures.kernel_sheet(network.first_kernels),
        f"{units} kernels, a square each",
        f"The {units} kernels of its first layer",
        f"{height}x{width} weights each. At first they are noise.",
    )
    render_image_row([shown], "Kernels", "train kernels", wide=True)


def _ghosts(watched: Watched) -> list[tuple[str, list[FrameFigures]]]:
    """Read the curves of the earlier runs that a person wants to see behind this one."""
    like = training_set(watched.row.settings.data).like
    fit = {one.id: one for one in watched.ghosts if training_set(one.settings.data).like == like and one.step > 0}
    if not fit:
        return []
    chosen = st.pills(
        "Behind it, earlier runs",
        list(fit),
        selection_mode="multi",
        default=[run for run, one in fit.items() if not one.shipped][:1],
        format_func=lambda run: fit[run].name,
        key=f"train ghosts {watched.row.id}",
    )
    return [(fit[run].name, training.run_figures(run, fit[run].folder)) for run in chosen[:GHOSTS]]


def _mistakes(watched: Watched, network: FrameNetwork) -> None:
    """Show a few held-out pictures that it gets wrong, those that it is surest of first."""
    split = training.held_out(watched.row.id, watched.row.folder)
    logits = np.nan_to_num(network.frame.logits)
    said = logits.argmax(1)
    wrong = np.flatnonzero(said != split.labels)
    st.subheader(f"{len(wrong)} of {len(split.labels)} held-out pictures are wrong now", anchor=False)
    if not len(wrong):
        return
    surest = wrong[np.argsort(-logits[wrong].max(1), kind="stable")][:MISTAKES]
    pictures = [
        RowImage(
            data_uri.color_png_uri(split.images[at]),
            f"a picture of {watched.classes[split.labels[at]]}",
            f"{watched.classes[split.labels[at]]}, read as {watched.classes[said[at]]}",
        )
        for at in surest
    ]
    render_image_row(pictures, "Held-out pictures that it gets wrong", "train mistakes")


def _health(now: FrameFigures) -> None:
    """Show how each layer learns, and say what is wrong."""
    if not now.layers:
        return
    for said in run_words.health_sentences(now.layers):
        st.warning(said)
    opened = st.expander("How each layer learns", key="train layers", on_change="rerun")
    if opened.open:  # ten kilobytes of table are sent to who wants to see them
        with opened:
            _health_table(now)


def _health_table(now: FrameFigures) -> None:
    columns = (
        TableColumn("layer"),
        TableColumn("gradient", "The length of the gradient of its kernel in the last step."),
        TableColumn(
            "step by kernel", "How long the last step was, by the length of the kernel; a thousandth is usual."
        ),
        TableColumn("dead ReLUs", "The share of its units that gave 0 for every held-out picture."),
    )
    rows = [
        TableRow(
            layer.layer,
            (
                TableCell(layer.layer),
                TableCell(f"{layer.gradient:.3g}", _finite(layer.gradient)),
                TableCell(f"{layer.ratio:.2g}", _finite(layer.ratio)),
                TableCell("" if layer.dead is None else percent(layer.dead), layer.dead),
            ),
        )
        for layer in now.layers
    ]
    render_sortable_table(columns, rows, "How each layer learns", "train health")


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
