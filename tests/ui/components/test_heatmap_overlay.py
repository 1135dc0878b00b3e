"""A picture with evidence: what the browser is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
from ui.components.heatmap_overlay.heatmap_overlay import HeatmapOverlay, render_heatmap_overlay
render_heatmap_overlay(HeatmapOverlay("data:photo", "a cat", "In the middle.", {rest}), "why")
"""


def sent(rest: str) -> dict[str, Any]:
    test = AppTest.from_string(PAGE.format(rest=rest)).run()
    assert not test.exception
    return dict(json.loads(test.get("bidi_component")[0].proto.json))


def test_without_evidence_the_picture_stands_alone() -> None:
    assert sent("") == {
        "photo": "data:photo",
        "alt": "a cat",
        "caption": "In the middle.",
        "heat": "",
        "ramp": "",
        "box": None,
    }


@pytest.mark.parametrize("box", [(0.0, 0.25, 0.5, 0.75), None])
def test_the_evidence_comes_with_its_box(box: tuple[float, ...] | None) -> None:
    data = sent(f'"data:heat", "data:ramp", {box}')
    assert (data["heat"], data["ramp"]) == ("data:heat", "data:ramp")
    assert data["box"] == (list(box) if box else None)
