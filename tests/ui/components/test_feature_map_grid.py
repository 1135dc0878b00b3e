"""What the browser may say about units, and what it may not."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.components.feature_map_grid.feature_map_grid import Pick, read, valid

SHAPE = (4, 5, 6)


@pytest.mark.parametrize(
    ("unit", "place", "pick"),
    [
        (5, None, Pick(5)),
        (0, [3, 4], Pick(0, (3, 4))),
        (0, [4, 0], Pick(0)),
        (0, [-1, 0], Pick(0)),
        (0, [1], Pick(0)),
        (0, [1.0, 2], Pick(0)),
        (0, "12", Pick(0)),
        (6, None, None),
        (-1, None, None),
        (True, None, None),
        ("1", None, None),
        (None, [0, 0], None),
    ],
)
def test_only_units_and_places_of_the_layer_count(unit: object, place: object, pick: Pick | None) -> None:
    assert valid(unit, place, SHAPE) == pick


@pytest.mark.parametrize("value", [None, 3, {"unit": 1}, {"of": "other", "unit": 1, "place": None}])
def test_a_choice_from_another_layer_is_refused(value: object) -> None:
    assert read(value, "c1", SHAPE) is None


PAGE = """
import streamlit as st
from ui.components.feature_map_grid.feature_map_grid import Pick, units
of, asked = st.session_state.get("now", ("c1", Pick(2)))
st.session_state.got = units({"shape": (4, 5, 6)}, of, asked, "units")
"""


def test_the_browser_chooses_until_the_page_asks_for_another() -> None:
    test = AppTest.from_string(PAGE, default_timeout=60).run()
    assert test.session_state["got"] == Pick(2)
    test.session_state["units"] = {"picked": {"value": {"of": "c1", "unit": 4, "place": [1, 2]}, "turn": 1}}
    assert test.run().session_state["got"] == Pick(4, (1, 2))
    test.session_state["now"] = ("s2", Pick(3))
    assert test.run().session_state["got"] == Pick(3)
    assert not test.exception
