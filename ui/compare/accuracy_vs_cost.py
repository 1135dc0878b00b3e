"""Accuracy against what it costs: a chart with a choice of costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cnn.evaluation.profiler import NetworkProfile
from cnn.zoo import Card, card_statistics
from ui.components.plot.plot import NumberForm, Plot, PlotAxis, PlotDot, render_plot
from ui.text.numbers import abbreviated

AXIS: Final = "cost"  # in the address
CAPTION: Final = (
    "Upwards is better, to the left is cheaper. Lines: 95 % intervals; where two overlap widely, it may be chance."
)
MIXED: Final = (
    f"{CAPTION} Mind that they sat different exams: ImageNet's has 1,000 answers to choose from, CIFAR-10's ten."
)


@dataclass(frozen=True, slots=True)
class CostAxis:
    """One choice of what stands below the chart: its axis, a network's number, and how it is written."""

    title: str
    axis: str
    number: Callable[[Card, NetworkProfile | None], float | None]
    form: NumberForm


COSTS: Final[Mapping[str, CostAxis]] = {
    "parameters": CostAxis("Parameters", "Parameters", lambda card, weight: card.parameters, "amount"),
    "multiply-adds": CostAxis(
        "Multiply-adds", "Multiply-adds of one answer", lambda card, weight: card.multiply_adds, "amount"
    ),
    "size": CostAxis("Size on disk", "Size on disk, MB", lambda card, weight: card.bytes / 2**20, "number"),
    "time": CostAxis(
        "Time", "One answer on this machine, ms", lambda card, weight: weight.median if weight else None, "number"
    ),
}


def show_accuracy_vs_cost(shown: Sequence[Card], weights: Sequence[NetworkProfile | None], key: str) -> None:
    """Let a person choose a cost and draw every network's accuracy against it.

    Args:
        shown: the networks' cards.
        weights: what was measured of each; None where there is nothing yet.
        key: of the component, unique on the page.
    """
    name = st.segmented_control(
        "Accuracy against",
        list(COSTS),
        default="parameters",
        required=True,
        format_func=lambda name: COSTS[name].title,
        key=AXIS,
        bind="query-params",
    )
    _scatter(shown, weights, COSTS[name or "parameters"], key)


def _scatter(shown: Sequence[Card], weights: Sequence[NetworkProfile | None], cost: CostAxis, key: str) -> None:
    """Draw accuracy against one cost, with the interval of each."""
    placed = [
        (card, cost.number(card, weight)) for card, weight in zip(shown, weights, strict=True) if card.measured_on
    ]
    known = [(card, number) for card, number in placed if number]
    if not placed:
        st.caption("Nobody has measured how often these networks are right.")
        return
    if not known:
        st.caption("Being measured; the chart comes in a moment.")
        return
    dots = tuple(_dot(card, number, cost) for card, number in known)
    mixed = len({card.data for card, _ in known}) > 1
    chart = Plot(
        PlotAxis(cost.axis, "ratios", cost.form),
        PlotAxis("Accuracy, %", "room", "points"),
        caption=MIXED if mixed else CAPTION,
        spoken=f"{cost.title} and accuracy",
        dots=dots,
        table=(("Network", cost.axis, "Accuracy"), *(_row(card, number, cost) for card, number in known)),
        tall=0,
    )
    render_plot(chart, key)


def _dot(card: Card, number: float, cost: CostAxis) -> PlotDot:
    fits = card_statistics.accuracy_interval(card)
    low, high = (fits.low, fits.high) if fits else (card.accuracy, card.accuracy)
    name, across, up = _row(card, number, cost)
    return PlotDot(number, card.accuracy, low, high, name, f"{name}: {up}, {cost.axis} {across}")


def _row(card: Card, number: float, cost: CostAxis) -> tuple[str, str, str]:
    across = abbreviated(number) if cost.form == "amount" else f"{float(f'{number:.3g}'):g}"
    return card.title, across, f"{card.accuracy * 100:.2f} %"
