"""What is said of a run."""

from dataclasses import replace

import pytest

from cnn.runs.estimate import Estimate
from cnn.runs.frames import FrameFigures, LayerHealth
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunRow
from ui.train import run_words


def figures(accuracy: float | None, held_out: float, loss: float = 0.5) -> FrameFigures:
    return FrameFigures(10, 1.0, 0.5, accuracy, loss, held_out, 1.0)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (figures(None, 0.1), "guesses"),
        (figures(0.3, 0.12), "guesses"),
        (figures(0.99, 0.9), "9 points fewer"),
        (figures(0.8, 0.9), "still worse"),
        (figures(0.95, 0.94), "holds for new ones"),
        (figures(0.95, 0.94, float("nan")), "no numbers"),
    ],
)
def test_the_gap_is_named(now: FrameFigures, said: str) -> None:
    assert said in run_words.gap_sentence(now)


WELL = LayerHealth("c1", 0.3, 0.001, 0.1)


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ((), ""),
        ((WELL, WELL), ""),
        ((LayerHealth("c1", float("inf"), 0.1), WELL), "Exploded"),
        ((WELL, LayerHealth("c2", 0.3, 0.4)), "c2 changed by 40.0 %"),
        ((LayerHealth("c1", 1e-6, 0.001), WELL), "300,000 times shorter"),
        ((LayerHealth("c1", 0.0, 0.001), WELL), "no gradient reaches c1"),
        ((LayerHealth("c1", 0.3, 1e-8), LayerHealth("c2", 0.3, 0.0)), "Standing still"),
        ((LayerHealth("c1", 0.3, 0.001, 0.75), WELL), "75.0 % of the ReLUs of c1"),
    ],
)
def test_what_is_wrong_with_a_layer_is_told(layers: tuple[LayerHealth, ...], said: str) -> None:
    found = run_words.health_sentences(layers)
    assert (found == []) if not said else any(said in one for one in found)


def test_an_interval_of_a_share() -> None:
    low, high = run_words.wilson(475, 500)
    assert (round(low, 3), round(high, 3)) == (
        0.927,
        0.966,
    )  # statsmodels' proportion_confint(475, 500, method="wilson")
    assert run_words.wilson(500, 500)[0] < 1


def test_an_estimate_tells_what_was_measured() -> None:
    assert run_words.estimate_sentence(Estimate(7.0, 600.0, 15 * 2**20)) == (
        "About 7 s on this machine, 600 MB of memory, 15 MB of files at most."
    )
    assert run_words.estimate_sentence(Estimate(None, None, 2**20)).startswith("Measuring")
    assert run_words.left_sentence((50.0, 130.0)) == "50 s to 2.2 min left"
    assert run_words.left_sentence((50.2, 50.4)) == "About 50 s left"
    assert run_words.left_sentence(None) == ""


def test_who_is_dead_by_too_high_a_rate_is_not_told_to_raise_it() -> None:
    layers = (LayerHealth("c1", 0.0, 0.0, dead=0.9), LayerHealth("c2", 0.3, 0.0))
    assert not any("Raise" in one for one in run_words.health_sentences(layers))


def test_one_that_was_asked_to_stop_is_said_to_until_it_has() -> None:
    row = RunRow("a", "mine", "me", RunSettings(), "running", 3, 0.0)
    assert "stops after this step" in run_words.state_sentence(row, 0, loading=False, stopping=True)
    stopped = replace(row, state="stopped")
    assert "was stopped at step 3" in run_words.state_sentence(stopped, 0, loading=False, stopping=True)
