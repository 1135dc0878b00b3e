"""A reliability diagram: how often a network is right where it is how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cnn.metrics.calibration_error import ConfidenceBin, expected_calibration_error
from cnn.metrics.significance import wilson_interval
from ui.components.plot.plot import Plot, PlotAxis, PlotBar, render_plot
from ui.components.sortable_table.sortable_table import TableCell, TableColumn, TableRow, render_sortable_table

QUARTERS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
FEW: Final = 20  # answers under which a bar says little
COLUMNS: Final = (
    TableColumn("Confidence"),
    TableColumn("Answers", "How many were that sure"),
    TableColumn("Accuracy", "Share of them that is right, and the accuracies that fit it (95 %)"),
)


def show_reliability_diagram(title: str, bins: Sequence[ConfidenceBin], key: str) -> None:
    """Draw the diagram, and say it."""
    sure, right = (PlotAxis(label, "share", "points", QUARTERS) for label in ("Confidence, %", "Accuracy, %"))
    bars = tuple(PlotBar(one.low, one.high, one.accuracy, _spoken(one)) for one in bins if one.count)
    caption = (
        f"{calibration_sentence(title, bins)} Bars on the dashed line keep what they promise; under it, they promise "
        f"too much. A bar of fewer than {FEW} answers says little."
    )
    render_plot(
        Plot(sure, right, caption=caption, spoken=f"Reliability of {title}", bars=bars, diagonal=True, square=True), key
    )
    with st.expander("Bar by bar"):
        render_sortable_table(
            COLUMNS, [_row(one) for one in bins if one.count], f"Reliability of {title}", f"{key}:table"
        )


def calibration_sentence(title: str, bins: Sequence[ConfidenceBin]) -> str:
    """Say in one line how far confidence and accuracy lie apart."""
    asked = sum(one.count for one in bins)
    gap = sum(one.count * one.confidence - one.correct for one in bins) / max(1, asked)
    way = "surer than it is right" if gap > 0 else "less sure than it is right"
    error = expected_calibration_error(bins) * 100
    return (
        f"On average {title} is off by {error:.2f} points of 100; all in all it is {abs(gap) * 100:.2f} points {way}."
    )


def _spoken(one: ConfidenceBin) -> str:
    return f"{_range(one)} % sure: {one.correct:,} of {one.count:,} right, {one.accuracy * 100:.1f} %"


def _range(one: ConfidenceBin) -> str:
    return f"{one.low * 100:.0f} to {one.high * 100:.0f}"


def _row(one: ConfidenceBin) -> TableRow:
    fits = wilson_interval(one.correct, one.count)
    cells = (
        TableCell(f"{_range(one)} %", one.low),
        TableCell(f"{one.count:,}", one.count),
        TableCell(f"{one.accuracy * 100:.1f} %", one.accuracy, f"{fits.low * 100:.1f} to {fits.high * 100:.1f}"),
    )
    return TableRow(_range(one), cells)
