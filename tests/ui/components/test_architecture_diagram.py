"""A diagram: what the browser is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.text import numbers

PAGE = """
from cnn.case_studies.paper_networks import PAPER_TABLES
from ui.components.architecture_diagram.architecture_diagram import render_architecture_diagram
render_architecture_diagram("It", PAPER_TABLES["{name}"](), "it")
"""


def sent(name: str) -> dict[str, Any]:
    test = AppTest.from_string(PAGE.format(name=name), default_timeout=60).run()
    assert not test.exception
    return dict(json.loads(test.get("bidi_component")[0].proto.json))


def test_rows_that_look_alike_are_one() -> None:
    data = sent("vgg")
    assert [part["repeats"] for part in data["parts"] if part["kind"] == "conv"] == [2, 2, 3, 3, 3]
    assert data["sum"] == "138,357,544 parameters, 15.5 billion multiply-adds an answer"


def test_each_row_says_what_it_gives_and_costs() -> None:
    first, conv, *_, last = sent("alexnet")["parts"]
    assert (first["said"], first["cost"], first["wide"]) == ("227x227, 3 maps", "", 1.0)
    assert (conv["said"], conv["cost"]) == ("55x55, 96 maps", "34,944 parameters")
    assert (last["said"], last["note"]) == ("1,000 numbers", "1,000 classes")


def test_the_heaviest_row_has_the_longest_line() -> None:
    parts = sent("vgg")["parts"]
    weights = [part["weight"] for part in parts]
    assert max(weights) == 1.0
    assert parts[weights.index(1.0)]["kind"] == "dense"


def test_shortcuts_and_branches_arrive() -> None:
    block = next(part for part in sent("resnet")["parts"] if part["kind"] == "block")
    assert (block["shortcut"], block["branches"], block["repeats"]) == (True, ["1x1 64, 3x3 64, 1x1 256"], 3)


@pytest.mark.parametrize(
    ("count", "words"),
    [(340_908, "340,908"), (15_470_264_320, "15.5 billion"), (724_406_816, "724 million"), (999, "999")],
)
def test_amounts(count: int, words: str) -> None:
    assert numbers.large_number(count) == words
