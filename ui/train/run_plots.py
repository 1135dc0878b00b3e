"""The curves of a run, behind them those of others; and how its answer to one's input changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cnn.array_types import Array
from cnn.runs.frames import FrameFigures
from ui.components.plot.plot import Plot, PlotAxis, PlotLine

Figures = Sequence[FrameFigures]
OWN: Final = 0  # the colour of the run; the others come after it
ROOM: Final = 2  # an earlier run's loss is drawn up to that many times the highest of the run itself
SEEN: Final = 3  # classes whose probability is drawn


def accuracy_plot(own: Figures, others: Sequence[tuple[str, Figures]]) -> Plot:
    """Draw accuracy by epoch."""
    return Plot(
        PlotAxis("epoch", "zero"),
        PlotAxis("accuracy", "share", "percent"),
        "Accuracy",
        "Solid: pictures it never learns from. Dashed: those it learns from.",
        lines=_curves("held_out_accuracy", "accuracy", own, others),
        tall=220,
    )


def shipped_plot(runs: Sequence[tuple[str, Figures]]) -> Plot:
    """Draw how several networks came to read pictures that they never learn from, by epoch."""
    return Plot(
        PlotAxis("epoch", "zero"),
        PlotAxis("accuracy", "share", "percent"),
        "So the shipped networks learned",
        "Before the first step they guess: one of ten is right. Open one of the shipped runs to see what changed.",
        lines=tuple(_line(name, figures, "held_out_accuracy", hue=OWN + at) for at, (name, figures) in enumerate(runs)),
        tall=220,
    )


def loss_plot(own: Figures, others: Sequence[tuple[str, Figures]]) -> Plot:
    """Draw the loss by epoch; one that exploded behind it does not press the run itself flat."""
    curves = _curves("held_out_loss", "loss", own, others)
    most = ROOM * max((y for one in curves if one.hue == OWN for y in one.ys), default=math.inf)
    low = tuple(_up_to(one, most) for one in curves)
    cut = any(len(kept.xs) < len(one.xs) for kept, one in zip(low, curves, strict=True))
    return Plot(
        PlotAxis("epoch", "zero"),
        PlotAxis("loss", "zero"),
        "Loss",
        "How wrong it is: the lower the better."
        + (f" Of earlier runs what lies above {most:.3g} is left out." if cut else ""),
        lines=tuple(one for one in low if one.xs),
        tall=220,
    )


def answers_plot(own: Figures, answers: Sequence[Array], classes: Sequence[str], title: str) -> Plot:
    """Draw how probable the network found the classes that were ever most probable, the last ones first."""
    best = list(dict.fromkeys(int(one.argmax()) for one in reversed(answers)))[:SEEN]
    epochs = tuple(one.epoch for one in own)
    curves = tuple(
        PlotLine(classes[label], epochs, tuple(float(one[label]) for one in answers), hue=at)
        for at, label in enumerate(best)
    )
    return Plot(PlotAxis("epoch", "zero"), PlotAxis("confidence", "share", "percent"), title, lines=curves, tall=180)


def _curves(held_out: str, learned: str, own: Figures, others: Sequence[tuple[str, Figures]]) -> tuple[PlotLine, ...]:
    """Draw a figure of new pictures and of those it learns from, and that of new ones of earlier runs; none empty."""
    curves = [
        _line("new pictures", own, held_out, hue=OWN),
        _line("pictures it learns from", own, learned, dashed=True, hue=OWN),
        *(_line(name, figures, held_out, hue=OWN + 1 + at) for at, (name, figures) in enumerate(others)),
    ]
    return tuple(curve for curve in curves if curve.xs)


def _up_to(curve: PlotLine, most: float) -> PlotLine:
    """Leave out the points of a curve that lie higher."""
    points = [(x, y) for x, y in zip(curve.xs, curve.ys, strict=True) if y <= most]
    return replace(curve, xs=tuple(x for x, _ in points), ys=tuple(y for _, y in points))


def _line(name: str, figures: Figures, what: str, hue: int, dashed: bool = False) -> PlotLine:
    points = [(one.epoch, getattr(one, what)) for one in figures]
    points = [(epoch, value) for epoch, value in points if value is not None and math.isfinite(value)]
    return PlotLine(name, tuple(x for x, _ in points), tuple(y for _, y in points), dashed, hue)
