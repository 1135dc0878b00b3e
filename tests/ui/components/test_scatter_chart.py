"""Axes: where numbers lie and which ticks they get."""

import pytest

from ui.components.scatter_chart.scatter_chart import MOST_TICKS, Axis, even, ratios


def write(number: float) -> str:
    return f"{number:g}"


@pytest.mark.parametrize("values", [(0.9933, 0.9976), (0.1, 0.9), (5.0, 5.0), (-3.0, 40.0), (0.0, 1e-7)])
def test_an_even_axis_holds_its_values_and_a_few_round_ticks(values: tuple[float, float]) -> None:
    axis = even("", values, write)
    assert axis.low < min(values) <= max(values) < axis.high
    assert 2 <= len(axis.ticks) <= MOST_TICKS
    assert [axis.place(float(tick.text)) for tick in axis.ticks] == pytest.approx(
        [tick.share for tick in axis.ticks], abs=0.01
    )


@pytest.mark.parametrize("values", [(61_706.0, 585_514.0), (0.02, 25.0), (7.0, 7.0), (1e6, 1.4e8)])
def test_a_logarithmic_axis_runs_from_tick_to_tick(values: tuple[float, float]) -> None:
    axis = ratios("", values, write)
    assert axis.low < min(values) <= max(values) < axis.high
    assert 2 <= len(axis.ticks) <= MOST_TICKS
    assert axis.ticks[0].share == 0


def test_equal_ratios_are_equal_ways() -> None:
    axis = Axis("", 1, 100, (), logarithmic=True)
    assert [axis.place(value) for value in (1, 10, 100, 1000)] == [0, 0.5, 1, 1]
