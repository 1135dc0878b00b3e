"""What a round of questions found: a summary, as a table and as CSV, and one of several closer looks."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.evaluation.dataset_predictions import DatasetPredictions
from cnn.metrics import calibration_error, confusion_matrix
from cnn.metrics.significance import wilson_interval
from cnn.zoo import Network
from ui.compare import dataset_views
from ui.compare.dataset_results import DatasetRun
from ui.components.download import download_button
from ui.components.sortable_table.sortable_table import (
    TableCell,
    TableColumn,
    TableRow,
    render_sortable_table,
    table_as_csv,
)

VIEW: Final = "view"  # in the address
SUMMARY: Final = (
    TableColumn("Network"),
    TableColumn("Accuracy", "Share of right answers, and the accuracies that fit it (95 %)", "most"),
    TableColumn("Wrong", "How many pictures", "least"),
    TableColumn("Confidence", "Its mean: a calibrated network is as sure as it is right"),
    TableColumn("Calibration error", "Mean gap between sure and right: expected calibration error", "least"),
    TableColumn("Out of distribution", "Share of the pictures that it calls unlike anything it learned", "least"),
    TableColumn("A picture", "Milliseconds in a batch, on this machine", "least"),
    TableColumn("Confuses most", "The most frequent mistake", words=True),
)


def show_summary(done: DatasetRun, key: str) -> None:
    """Show the summary and one view of many."""
    rows = [_summary(network, answered) for network, answered in done.found]
    render_sortable_table(SUMMARY, rows, f"Over {done.of.title}", f"{key}:summary")
    download_button("Download these figures (CSV)", lambda: table_as_csv(SUMMARY, rows), "set.csv", key=f"{key} csv")
    fitting = {name: view for name, view in dataset_views.VIEWS.items() if len(done.found) >= view.networks}
    name = st.segmented_control(
        "Look at",
        list(fitting),
        default=next(iter(fitting)),
        required=True,
        format_func=lambda name: dataset_views.VIEWS[name].title,
        key=VIEW,
        bind="query-params",
    )
    fitting[name or next(iter(fitting))].show(done, key)


def _summary(network: Network, answered: DatasetPredictions) -> TableRow:
    right, asked = answered.count
    fits = wilson_interval(right, asked)
    error = calibration_error.expected_calibration_error(
        calibration_error.reliability_bins(answered.confidence, answered.correct)
    )
    sure, strange = float(answered.confidence.mean()), float((~answered.in_distribution).mean())
    return TableRow(
        network.name,
        (
            TableCell(network.card.title),
            TableCell(f"{right / asked * 100:.2f} %", right / asked, f"{fits.low * 100:.2f} to {fits.high * 100:.2f}"),
            TableCell(f"{asked - right:,}", asked - right),
            TableCell(f"{sure * 100:.2f} %", sure),
            TableCell(f"{error * 100:.2f} %", error),
            TableCell(f"{strange * 100:.2f} %", strange),
            TableCell(f"{_short(answered.milliseconds)} ms", answered.milliseconds),
            TableCell(_worst(network, answered)),
        ),
    )


def _short(number: float) -> str:
    return f"{number:.2g}" if number < 99.5 else f"{number:,.0f}"


def _worst(network: Network, answered: DatasetPredictions) -> str:
    classes = network.card.classes
    worst = confusion_matrix.most_confused_classes(
        confusion_matrix.count_confusions(answered.y_true, answered.y_pred, len(classes)), 1
    )
    if not worst:
        return "nothing"
    truth, answer, count = worst[0]
    return f"{classes[truth]} taken for {classes[answer]}, {'once' if count == 1 else f'{count} times'}"
