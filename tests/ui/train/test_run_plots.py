"""The curves of a run, and of those behind it."""

from __future__ import annotations

from cnn.runs.frames import FrameFigures
from ui.train import run_plots


def run(*losses: float) -> list[FrameFigures]:
    return [FrameFigures(at, at, loss, 0.5, loss, 0.5, at) for at, loss in enumerate(losses)]


def test_an_earlier_run_that_exploded_leaves_the_loss_readable() -> None:
    wild, tame = ("wild", run(2.3, 3e6, 4.0)), ("tame", run(2.3, 1.0, 0.5))
    drawn = run_plots.loss_plot(run(2.3, 0.4, 0.1), [wild, tame])
    assert {line.name: tuple(line.ys) for line in drawn.lines if line.hue} == {
        "wild": (2.3, 4.0),
        "tame": (2.3, 1.0, 0.5),
    }
    assert "above 4.6 is left out" in drawn.said
    assert "left out" not in run_plots.loss_plot(run(2.3, 0.4), [tame]).said
    own = run_plots.loss_plot(run(2.3, 3e6), [tame])
    assert max(own.lines[0].ys) == 3e6, "of the run itself all is drawn"
