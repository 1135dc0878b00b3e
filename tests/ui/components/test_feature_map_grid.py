"""What the browser may say about units, and what it may not."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.components.feature_map_grid.feature_map_grid import UnitPick, parse_unit_pick, valid_unit_pick

SHAPE = (4, 5, 6)


@pytest.mark.parametrize(
    ("unit", "place", "pick"),
    [
        (5, None, UnitPick(5)),
        (0, [3, 4], UnitPick(0, (3, 4))),
        (0, [4, 0], UnitPick(0)),
        (0, [-1, 0], UnitPick(0)),
        (0, [1], UnitPick(0)),
        (0, [1.0, 2], UnitPick(0)),
        (0, "12", UnitPick(0)),
        (6, None, None),
        (-1, None, None),
        (True, None, None),
        ("1", None, None),
        (None, [0, 0], None),
    ],
)
def test_only_units_and_places_of_the_layer_count(unit: object, place: object, pick: UnitPick | None) -> None:
    assert valid_unit_pick(unit, place, SHAPE) == pick


@pytest.mark.parametrize("value", [None, 3, {"unit": 1}, {"of": "other", "unit": 1, "place": None}])
def test_a_choice_from_another_layer_is_refused(value: object) -> None:
    assert parse_unit_pick(value, "c1", SHAPE) is None


PAGE = """
import streamlit as st
from ui.components.feature_map_grid.feature_map_grid import UnitPick, render_feature_map_grid
of, asked = st.session_state.get("now", ("c1", UnitPick(2)))
st.session_state.got = render_feature_map_grid({"shape": (4, 5, 6)}, of, asked, "units")
"""


def test_the_browser_chooses_until_the_page_asks_for_another() -> None:
    test = AppTest.from_string(PAGE, default_timeout=60).run()
    assert test.session_state["got"] == UnitPick(2)
    test.session_state["units"] = {"picked": {"value": {"of": "c1", "unit": 4, "place": [1, 2]}, "turn": 1}}
    assert test.run().session_state["got"] == UnitPick(4, (1, 2))
    test.session_state["now"] = ("s2", UnitPick(3))
    assert test.run().session_state["got"] == UnitPick(3)
    assert not test.exception
