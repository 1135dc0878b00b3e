"""Curves: what the browser is sent."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from ui.components.line_chart import line_chart
from ui.components.line_chart.line_chart import MOST, Line

PAGE = """
from ui.components.line_chart.line_chart import Chart, Line, lines
lines(Chart("Loss", "It falls.", "step", "loss", [{curves}], log={log}), "chart")
"""


def sent(*curves: str, log: bool = False) -> dict[str, Any]:
    test = AppTest.from_string(PAGE.format(curves=", ".join(curves), log=log), default_timeout=60).run()
    assert not test.exception
    return dict(json.loads(test.get("bidi_component")[0].proto.json))


def test_curves_arrive_with_their_names_and_axes() -> None:
    data = sent("Line('plain', (0, 1), (2.5, 1))", "Line('held out', (0, 1), (3, 2), True, 0)")
    assert (data["title"], data["said"], data["across"], data["up"]) == ("Loss", "It falls.", "step", "loss")
    assert data["lines"] == [
        {"name": "plain", "dashed": False, "hue": 0, "points": [[0, 2.5], [1, 1]], "band": []},
        {"name": "held out", "dashed": True, "hue": 0, "points": [[0, 3], [1, 2]], "band": []},
    ]


def test_a_band_is_sent_with_its_places() -> None:
    (line,) = sent("Line('a', (0, 1), (2, 3), low=(1, 2), high=(4, 5))")["lines"]
    assert line["band"] == [[0, 1, 4], [1, 2, 5]]


def test_an_axis_in_powers_of_ten_leaves_out_what_has_no_place_there() -> None:
    data = sent("Line('a', (0, 1, 2), (0.0, 1e-20, 100.0))", log=True)
    assert data["lines"][0]["points"] == [[1, 1e-20], [2, 100]]
    assert len(sent("Line('a', (0, 1, 2), (0.0, -1, 100.0))")["lines"][0]["points"]) == 3


def test_long_curves_are_thinned_and_keep_their_end() -> None:
    count = 10 * MOST + 7
    points = line_chart._points(Line("a", range(count), range(count)), log=False)
    assert 0.8 * MOST < len(points) <= MOST
    assert points[-1] == (count - 1, count - 1)
    short = line_chart._points(Line("a", range(MOST), range(MOST)), log=False)
    assert len(short) == MOST
