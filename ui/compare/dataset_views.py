"""Closer looks at a round of questions: each is one function, and one line of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from cnn.metrics import calibration_error, confusion_matrix, disagreement
from cnn.metrics.significance import describe_comparison, mcnemar_test
from ui.compare import sample_browser
from ui.compare.dataset_results import DatasetRun
from ui.components import reliability_diagram
from ui.components.confusion_matrix.confusion_matrix import render_confusion_matrix
from ui.components.sortable_table.sortable_table import TableCell, TableColumn, TableRow, render_sortable_table
from ui.text.numbers import percent

MOST_CLASSES: Final = 20  # of a confusion matrix; of ImageNet's 1,000 those with most mistakes
OTHERS: Final = "another class"
OF: Final = "of"  # in the address: whose mistakes, whose calibration


def _one(done: DatasetRun) -> DatasetRun:
    """Let a person choose a network of the round; give the round of that one alone."""
    places = range(len(done.found))
    place = st.segmented_control(
        "Network", places, default=0, required=True, format_func=lambda at: done.titles[at], key=OF, bind="query-params"
    )
    return done.alone(place or 0)


def _parted(done: DatasetRun, key: str) -> None:
    """Show where networks part, the most telling first."""
    labels = np.stack([answered.y_pred for _, answered in done.found])
    sure = np.stack([answered.confidence for _, answered in done.found])
    order = disagreement.rank_disagreements(labels, sure)
    share = len(order) / labels.shape[1]
    st.markdown(
        f"They part on **{len(order):,}** of {labels.shape[1]:,} pictures ({percent(share)}). First those on which "
        "a network is surest while another is sure of something else. Click one to see where each looked."
    )
    sample_browser.show_samples(done, order, "Pictures on which the networks part", f"{key}:parted")


def _mistakes(done: DatasetRun, key: str) -> None:
    """Show what one network is most sure of and wrong."""
    alone = _one(done)
    network, answered = alone.found[0]
    order = disagreement.rank_mistakes(answered.y_true, answered.y_pred, answered.confidence)
    st.markdown(f"{network.card.title} is wrong on **{len(order):,}** pictures; here are those it is most sure of.")
    sample_browser.show_samples(alone, order, f"The surest mistakes of {network.card.title}", f"{key}:mistakes")


def _confused(done: DatasetRun, key: str) -> None:
    """Show which classes a network takes for which, and the pictures of a cell."""
    alone = _one(done)
    network, answered = alone.found[0]
    truth, answers, classes = answered.y_true, answered.y_pred, done.classes
    if len(classes) > MOST_CLASSES:
        counts = confusion_matrix.count_confusions(truth, answers, len(classes))
        kept = confusion_matrix.worst_classes(counts, MOST_CLASSES)
        truth, answers = (confusion_matrix.gather_classes(labels, kept) for labels in (truth, answers))
        classes = (*(classes[label] for label in kept), OTHERS)
        which = f"the {len(kept)} with most mistakes" if len(kept) == MOST_CLASSES else "those that the pictures show"
        st.caption(f"Of {len(done.classes):,} classes {which}; all others together are “{OTHERS}”.")
    counts = confusion_matrix.count_confusions(truth, answers, len(classes))
    worst = confusion_matrix.most_confused_classes(counts, 1)
    asked = worst[0][:2] if worst else (0, 0)
    st.markdown("Rows: what the pictures show. Columns: what was answered. Click a cell to see its pictures.")
    row, column = render_confusion_matrix(
        counts, classes, asked, f"What {network.card.title} confuses", f"{key}:matrix"
    )
    st.markdown(f"Shows {classes[row]}, answered {classes[column]}: **{counts[row, column]:,}** of them.")
    order = confusion_matrix.indices_in_cell(truth, answers, row, column)
    sample_browser.show_samples(alone, order, "Pictures of this cell", f"{key}:cell")


def _by_class(done: DatasetRun, key: str) -> None:
    """Show how often each network is right about each class of which there are pictures."""
    columns = (TableColumn("Class"), *(TableColumn(title) for title in done.titles))
    counts = [confusion_matrix.count_confusions(one.y_true, one.y_pred, len(done.classes)) for _, one in done.found]
    each = zip(done.classes, zip(*map(confusion_matrix.correct_by_class, counts), strict=True), strict=True)
    rows = [TableRow(name, (TableCell(name), *(_share(*count) for count in all_))) for name, all_ in each if all_[0][1]]
    render_sortable_table(columns, rows, "Accuracy by class", f"{key}:classes")


def _share(right: int, asked: int) -> TableCell:
    if not asked:
        return TableCell("none shown")
    return TableCell(f"{right / asked * 100:.1f} %", right / asked, f"{asked - right or 'none'} wrong of {asked:,}")


def _calibration(done: DatasetRun, key: str) -> None:
    """Show whether a network is as often right as it is sure."""
    alone = _one(done)
    network, answered = alone.found[0]
    reliability_diagram.show_reliability_diagram(
        network.card.title, calibration_error.reliability_bins(answered.confidence, answered.correct), f"{key}:gaps"
    )


def _better(done: DatasetRun, key: str) -> None:
    """Say whether one of two networks is better, in plain words."""
    left, right = st.columns(2)
    places = range(len(done.found))
    first = left.selectbox("Is", places, 0, done.titles.__getitem__, key=f"{key} first")
    others = [place for place in places if place != first]
    second = right.selectbox("better than", others, 0, done.titles.__getitem__, key=f"{key} second")
    paired = mcnemar_test(done.found[first][1].correct, done.found[second][1].correct)
    st.markdown(describe_comparison(paired, done.titles[first], done.titles[second]))
    st.caption(
        "McNemar's test on the pictures that only one of the two gets right: "
        f"mid-p {paired.mid:.2g}, exact p {paired.exact:.2g}. Whoever compares many pairs finds some by chance."
    )


@dataclass(frozen=True, slots=True)
class DatasetView:
    """One way to look at a round: its title, how it is shown, and how many networks it takes."""

    title: str
    show: Callable[[DatasetRun, str], None]
    networks: int = 1


VIEWS: Final[Mapping[str, DatasetView]] = {
    "parted": DatasetView("Where they disagree", _parted, 2),
    "confused": DatasetView("Confusion matrix", _confused),
    "classes": DatasetView("Accuracy by class", _by_class),
    "mistakes": DatasetView("Surest mistakes", _mistakes),
    "calibration": DatasetView("Calibration", _calibration),
    "better": DatasetView("Which is better", _better, 2),
}
