"""Plots: what the browser is sent."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from ui.components.plot import plot
from ui.components.plot.plot import MAX_CURVE_POINTS, PlotLine

PAGE = """
from ui.components.plot.plot import Plot, PlotAxis, PlotBar, PlotDot, PlotLine, render_plot
render_plot(Plot(PlotAxis("step"), PlotAxis("loss", {fit!r}), "Loss", "It falls.", {marks}), "plot")
"""


def sent(marks: str, fit: str = "zero") -> dict[str, Any]:
    test = AppTest.from_string(PAGE.format(marks=marks, fit=fit), default_timeout=60).run()
    assert not test.exception
    return dict(json.loads(test.get("bidi_component")[0].proto.json))


def test_curves_arrive_with_their_names_and_axes() -> None:
    data = sent("lines=(PlotLine('plain', (0, 1), (2.5, 1)), PlotLine('held out', (0, 1), (3, 2), True, 0))")
    assert (data["title"], data["said"], [axis["label"] for axis in data["axes"]]) == (
        "Loss",
        "It falls.",
        ["step", "loss"],
    )
    assert data["lines"] == [
        {"name": "plain", "dashed": False, "hue": 0, "points": [[0, 2.5], [1, 1]], "band": []},
        {"name": "held out", "dashed": True, "hue": 0, "points": [[0, 3], [1, 2]], "band": []},
    ]


def test_a_band_is_sent_with_its_places() -> None:
    (line,) = sent("lines=(PlotLine('a', (0, 1), (2, 3), low=(1, 2), high=(4, 5)),)")["lines"]
    assert line["band"] == [[0, 1, 4], [1, 2, 5]]


def test_an_axis_in_powers_of_ten_leaves_out_what_has_no_place_there() -> None:
    curve = "lines=(PlotLine('a', (0, 1, 2), ({first}, {second}, 100.0)),)"
    assert sent(curve.format(first=0.0, second=1e-20), "powers")["lines"][0]["points"] == [[1, 1e-20], [2, 100]]
    assert len(sent(curve.format(first=0.0, second=-1))["lines"][0]["points"]) == 3


def test_dots_and_bars_arrive_in_numbers_of_their_axes() -> None:
    data = sent("dots=(PlotDot(7, 0.9, 0.8, 0.95, 'a', 'a: 90 %'),), bars=(PlotBar(0, 0.5, 0.4, 'half'),)")
    assert data["dots"] == [{"x": 7, "y": 0.9, "low": 0.8, "high": 0.95, "name": "a", "text": "a: 90 %"}]
    assert data["bars"] == [{"low": 0, "high": 0.5, "y": 0.4, "text": "half", "x": 0.25}]


def test_long_curves_are_thinned_and_keep_their_end() -> None:
    count = 10 * MAX_CURVE_POINTS + 7
    points = plot._points(PlotLine("a", range(count), range(count)), log=False)
    assert 0.8 * MAX_CURVE_POINTS < len(points) <= MAX_CURVE_POINTS
    assert points[-1] == (count - 1, count - 1)
    short = plot._points(PlotLine("a", range(MAX_CURVE_POINTS), range(MAX_CURVE_POINTS)), log=False)
    assert len(short) == MAX_CURVE_POINTS
