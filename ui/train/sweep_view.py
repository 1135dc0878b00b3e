"""The sweeps of this machine: what each architecture came to at each learning rate, as a chart and a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cnn.architectures import find_architecture
from cnn.datasets.own_pictures import is_own_pictures
from cnn.datasets.training_sets import training_set
from cnn.sweeps.sweep import SettingSummary, Sweep, list_sweeps, read_results, summarize
from cnn.sweeps.trial import OWNER
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot
from ui.components.sortable_table.sortable_table import TableCell, TableColumn, TableRow, render_sortable_table
from ui.resources.person import owns
from ui.text.numbers import percent

COLUMNS = (
    TableColumn("Network"),
    TableColumn("Learning rate"),
    TableColumn("Held-out accuracy", "The mean of its seeds, on pictures that they never learned from.", "most"),
    TableColumn("Worst seed"),
    TableColumn("Best seed"),
    TableColumn("Seeds", "How many are done; some may have failed, or wait for their turn.", words=True),
)


def show_sweeps() -> None:
    """Offer the sweeps, where there are any, and show one."""
    sweeps = {one.id: one for one in list_sweeps() if not is_own_pictures(one.settings[0].data) or owns(OWNER)}
    if not sweeps:
        return
    with st.expander("Sweeps: many trainings compared"):
        chosen = st.selectbox("Sweep", list(sweeps), format_func=lambda name: _title(sweeps[name]), key="train sweep")
        _show(sweeps[chosen])


def _title(sweep: Sweep) -> str:
    names = dict.fromkeys(find_architecture(one.architecture).title for one in sweep.settings)
    data = training_set(sweep.settings[0].data).title.split(":")[0]
    return f"{', '.join(names)} on {data}: {len(sweep.settings)} trainings"


def _show(sweep: Sweep) -> None:
    found = summarize(sweep, read_results(sweep))
    st.markdown(best_sentence(found))
    if any(one.mean is not None for one in found):
        render_plot(sweep_plot(found), "train sweep plot")
    rows = [_row(one) for one in found]
    render_sortable_table(COLUMNS, rows, "What each network came to at each learning rate", "train sweep table")


def best_sentence(found: Sequence[SettingSummary]) -> str:
    """Say what did best, and how sure that is; Markdown."""
    done = [one for one in found if one.mean is not None]
    waiting = sum(one.waiting for one in found)
    more = f" {waiting} trainings are not over: the same command goes on with them." if waiting else ""
    if not done:
        return f"No training of it is over yet.{more}"
    best = max(done, key=lambda one: one.mean or 0)
    said = (
        f"Best: **{find_architecture(best.architecture).title}** at a rate of {best.rate:g}, "
        f"{percent(best.mean or 0)} of held-out pictures right"
    )
    rivals = [one for one in done if one is not best and max(one.accuracies) >= min(best.accuracies)]
    reach = "setting reaches" if len(rivals) == 1 else "settings reach"
    doubt = (
        f"; {len(rivals)} other {reach} into the span of its seeds."
        if rivals
        else ", each of its seeds above every other setting's."
    )
    return f"{said}{doubt if len(done) > 1 else '.'}{more}"


def sweep_plot(found: Sequence[SettingSummary]) -> Plot:
    """Draw the mean accuracy by learning rate, a curve an architecture, from its worst seed to its best."""
    names = dict.fromkeys(one.architecture for one in found)
    curves = []
    for hue, name in enumerate(names):
        rows = sorted((one for one in found if one.architecture == name and one.accuracies), key=lambda one: one.rate)
        curves.append(
            PlotLine(
                find_architecture(name).title,
                tuple(one.rate for one in rows),
                tuple(one.mean or 0 for one in rows),
                hue=hue,
                low=tuple(min(one.accuracies) for one in rows),
                high=tuple(max(one.accuracies) for one in rows),
            )
        )
    return Plot(
        PlotAxis("learning rate", "ratios"),
        PlotAxis("held-out accuracy", "room", "percent"),
        "Accuracy by learning rate",
        "The line is the mean of the seeds, the band reaches from the worst to the best.",
        lines=tuple(one for one in curves if one.xs),
    )


def _row(one: SettingSummary) -> TableRow:
    low, high = (min(one.accuracies), max(one.accuracies)) if one.accuracies else (None, None)
    shares = [TableCell("" if value is None else percent(value), value) for value in (one.mean, low, high)]
    notes = [f"{one.failed} failed" if one.failed else "", f"{one.waiting} to come" if one.waiting else ""]
    seeds = TableCell(f"{len(one.accuracies)} done", len(one.accuracies), ", ".join(filter(None, notes)))
    name = TableCell(find_architecture(one.architecture).title)
    rate = TableCell(f"{one.rate:g}", one.rate)
    return TableRow(f"{one.architecture} {one.rate:g}", (name, rate, *shares, seeds))
