"""The line of time as the browser gets it, and what the browser may send."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from ui.components.milestones.milestones import TimelineMilestone, render_milestones
years = {{"a": 1998, "b": 2012}}
line = [TimelineMilestone(key, year, key.upper(), "somebody", "data:,", "Canada") for key, year in years.items()]
st.session_state.got = render_milestones(line, "{asked}", "line")
"""


def opened(asked: str = "a", message: object = None) -> AppTest:
    test = AppTest.from_string(SCRIPT.format(asked=asked), default_timeout=60)
    if message is not None:
        test.session_state["line"] = {"chosen": message}
    test.run()
    assert not test.exception
    return test


@pytest.mark.parametrize(("asked", "wanted"), [("a", "a"), ("b", "b"), ("plain", "a")])
def test_what_the_page_asks_for_is_chosen(asked: str, wanted: str) -> None:
    assert opened(asked).session_state["got"] == wanted


def test_the_browser_chooses() -> None:
    assert opened(message={"value": "b", "turn": 1}).session_state["got"] == "b"
    assert opened(message={"value": "z", "turn": 1}).session_state["got"] == "a"


def test_the_browser_is_sent_every_milestone() -> None:
    data = json.loads(opened("b").get("bidi_component")[0].proto.json)
    assert [era["year"] for era in data["eras"]] == [1998, 2012]
    assert data["chosen"] == "b"
    assert data["eras"][0] == {
        "key": "a",
        "year": 1998,
        "title": "A",
        "note": "somebody",
        "flag": "data:,",
        "place": "Canada",
    }
