"""Photos and classes to choose from."""

import pytest
from streamlit.testing.v1 import AppTest


def shown(script: str, **session: object) -> AppTest:
    test = AppTest.from_string(script, default_timeout=60)
    for name, value in session.items():
        test.session_state[name] = value
    return test.run()


GALLERY = """
import streamlit as st
from ui.components.image_picker.image_picker import ImageTile, render_image_picker
tiles = [ImageTile("a", "cat.jpg", "data:,", "tabby"), ImageTile("b", "odd.png", "data:,", "unlike", sure=False)]
st.session_state.got = render_image_picker(tiles, st.session_state.get("asked", "a"), "photos")
"""
RANKING = """
import streamlit as st
from ui.components.class_ranking.class_ranking import RankedClass, render_class_ranking
ranks = [
    RankedClass("281", "tabby cat", "a cat with stripes", 0.8, "80.0 %"),
    RankedClass("285", "Egyptian cat", "", 0.1, "10.0 %"),
]
st.session_state.got = render_class_ranking(ranks, st.session_state.get("asked", "281"), "How sure", "why")
"""


@pytest.mark.parametrize(
    ("script", "key", "first", "second"), [(GALLERY, "photos", "a", "b"), (RANKING, "why", "281", "285")]
)
def test_the_browser_chooses(script: str, key: str, first: str, second: str) -> None:
    assert shown(script).session_state["got"] == first
    sent = {"chosen": {"value": second, "turn": 1}}
    test = shown(script)
    test.session_state[key] = sent
    assert test.run().session_state["got"] == second


@pytest.mark.parametrize(
    "message", ["b", {"value": "c", "turn": 1}, {"value": ["b"], "turn": 1}, {"value": "b", "turn": "1"}]
)
def test_a_malformed_choice_changes_nothing(message: object) -> None:
    test = shown(GALLERY)
    test.session_state["photos"] = {"chosen": message}
    test.run()
    assert not test.exception
    assert test.session_state["got"] == "a"


def test_what_the_page_asks_for_counts_when_it_changes() -> None:
    test = shown(GALLERY)
    test.session_state["asked"] = "b"
    assert test.run().session_state["got"] == "b"
