"""What networks cost and what they are worth: a table that sorts, a chart, and the same as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cnn import graph
from cnn.errors import ConvScopeError
from cnn.evaluation.profiler import NetworkProfile
from cnn.shelf import network_folder
from cnn.zoo import Card, Network, card_statistics
from ui.compare import accuracy_vs_cost
from ui.components.download import download_button
from ui.components.sortable_table.sortable_table import (
    TableCell,
    TableColumn,
    TableRow,
    render_sortable_table,
    table_as_csv,
)
from ui.resources import measurements
from ui.resources.job_snapshot import JobSnapshot
from ui.resources.poll import show_until
from ui.selection.network_picker import DATA, YOURS
from ui.text.agreement import NO_ANSWER
from ui.text.numbers import abbreviated, figures
from ui.text.training_protocol import protocol_sentence

MEASURED: Final = (
    "Milliseconds: one picture at a time, in a process of its own on this machine; half of the answers took no longer "
    "than the first number, and half lie between the two below it. Memory: what that process' peak grew by, the "
    "network's file included. Multiply-adds: of one answer, over convolutions and dense layers. Depth: layers with "
    "weights on the longest way. Interval: Wilson, 95 %."
)
COLUMNS: Final = (
    TableColumn("Network"),
    TableColumn("Accuracy", "Share of right answers on test pictures, and the accuracies that fit it (95 %)", "most"),
    TableColumn("Parameters", "Numbers that it keeps", "least"),
    TableColumn("Multiply-adds", "Of one answer", "least"),
    TableColumn("Depth", "Layers with weights on the longest way through it"),
    TableColumn("On disk", "Size of the file that answers", "least"),
    TableColumn("One answer", "Measured on this machine, median and quartiles", "least"),
    TableColumn("Memory", "Peak that answering adds, measured on this machine", "least"),
    TableColumn("Year", "In which the architecture was published"),
    TableColumn("Measured on", "Where the accuracy comes from", words=True),
)


def show_costs(networks: Sequence[Network], key: str) -> None:
    """Show the table and the chart at once; what is measured comes into them as it is there."""
    jobs = [measurements.measured_cost(network.name, network_folder(network.name)) for network in networks]
    cards = [network.card for network in networks]
    show_until(
        lambda: all(job.over for job in jobs),
        lambda: _look(cards, [job.snapshot() for job in jobs], key),
    )


def _look(shown: Sequence[Card], profiles: Sequence[JobSnapshot[NetworkProfile]], key: str) -> None:
    rows = [_row(card, profile) for card, profile in zip(shown, profiles, strict=True)]
    render_sortable_table(COLUMNS, rows, "What each network costs and how often it is right", f"{key}:table")
    st.caption(" ".join(filter(None, (MEASURED, protocol_sentence(shown)))))
    download_button("Download this table (CSV)", lambda: table_as_csv(COLUMNS, rows), "networks.csv")
    failed = [card.name for card, profile in zip(shown, profiles, strict=True) if profile.failure]
    if failed:
        st.button("Measure again", on_click=_forget, args=(failed,), key=f"{key} again")
    accuracy_vs_cost.show_accuracy_vs_cost(shown, [profile.result for profile in profiles], f"{key}:chart")


def _forget(failed: Sequence[str]) -> None:
    for name in failed:
        measurements.cost_jobs().forget(name)


def _row(card: Card, profile: JobSnapshot[NetworkProfile]) -> TableRow:
    weight, waiting = profile.result, "not measured" if profile.ended else "measuring"
    return TableRow(
        card.name,
        (
            TableCell(card.title, None, YOURS if card.own else "" if card.data == "mnist" else DATA[card.data]),
            _accuracy(card),
            TableCell(f"{card.parameters:,}", card.parameters),
            TableCell(abbreviated(card.multiply_adds), card.multiply_adds),
            _depth(card),
            TableCell(f"{card.bytes / 2**20:.1f} MB", card.bytes),
            _milliseconds(weight) if weight else TableCell(NO_ANSWER, None, waiting),
            _memory(weight) if weight else TableCell(NO_ANSWER, None, waiting),
            TableCell(str(year), year) if (year := card_statistics.publication_year(card)) else TableCell(NO_ANSWER),
            TableCell(card.measured_on),
        ),
    )


def _accuracy(card: Card) -> TableCell:
    if not card.measured_on:
        return TableCell(NO_ANSWER, None, "not measured")
    fits = card_statistics.accuracy_interval(card)
    note = f"{fits.low * 100:.2f} to {fits.high * 100:.2f}" if fits else ""
    return TableCell(f"{card.accuracy * 100:.2f} %", card.accuracy, note)


def _depth(card: Card) -> TableCell:
    depth = network_depth(card.name)
    return TableCell(NO_ANSWER) if depth is None else TableCell(str(depth), depth)


@st.cache_data(max_entries=64, show_spinner=False)
def network_depth(name: str) -> int | None:
    """Count the layers with weights on the longest way through a network; None where its graph is not here."""
    try:
        return graph.read_graph(network_folder(name) / f"{name}.layers.json")[0].depth
    except ConvScopeError:
        return None


def _milliseconds(weight: NetworkProfile) -> TableCell:
    return TableCell(
        f"{figures(weight.median)} ms",
        weight.median,
        f"{figures(weight.lower_quartile)} to {figures(weight.upper_quartile)}",
    )


def _memory(weight: NetworkProfile) -> TableCell:
    if weight.megabytes is None:
        return TableCell(NO_ANSWER, None, "told by Linux only")
    return TableCell(f"{weight.megabytes:.1f} MB", weight.megabytes)
