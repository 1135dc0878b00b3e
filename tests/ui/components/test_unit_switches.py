"""Switches: which units are off, whoever says so; and the bars of before and after."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from ui.components.unit_switches import unit_switches


@pytest.mark.parametrize(("text", "units"), [("", set()), ("3", {3}), ("3.7", {3, 7}), ("7.3.3", {3, 7})])
def test_units_in_the_address(text: str, units: set[int]) -> None:
    assert unit_switches.parse_units(text, 8) == units
    assert unit_switches.parse_units(unit_switches.format_units(frozenset(units)), 8) == units


@pytest.mark.parametrize("text", ["8", "-1", "1.", "1..2", "a", "1,2", "²", "1" * 7, " 1"])
def test_what_names_no_units_is_refused(text: str) -> None:
    assert unit_switches.parse_units(text, 8) is None


def shown() -> None:
    import streamlit as st

    from ui.components.unit_switches.unit_switches import render_unit_switches

    view = {"of": st.session_state.get("of", "a c1"), "shape": (1, 1, 8)}
    st.session_state["got"] = render_unit_switches(view, frozenset({2}), "switches")


def test_the_newest_of_browser_and_page_counts() -> None:
    test = AppTest.from_function(shown).run()
    assert test.session_state["got"] == {2}
    test.session_state["switches"] = {"off": {"value": {"of": "a c1", "off": "1.4"}, "turn": 1}}
    assert test.run().session_state["got"] == {1, 4}
    test.session_state["switches"] = {"off": {"value": {"of": "a c1", "off": "9"}, "turn": 2}}
    assert test.run().session_state["got"] == {1, 4}
    test.session_state["of"] = "a c2"
    assert test.run().session_state["got"] == {2}  # what was sent belongs to another layer


BARS = """
from ui.components.paired_bars.paired_bars import PairedBar, render_paired_bars
render_paired_bars([PairedBar("7", 0.9, 0.25, best=True)], "How sure", ("before", "after"), "bars", "Without **it**")
"""


def test_both_shares_are_written_out() -> None:
    test = AppTest.from_string(BARS).run()
    data = json.loads(test.get("bidi_component")[0].proto.json)
    assert data["rows"] == [{"name": "7", "shares": [0.9, 0.25], "value": "90.0 % → 25.0 %", "best": True}]
    assert data["said"] == "Without it"
