"""A drawing in the address: small, the same to a network, and nothing to trust."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn.preprocessing import from_strokes
from tests.browser.digits import DIGITS
from tests.pages import driver
from ui.components.drawing_canvas.drawing_canvas import Drawing, KeptDrawing
from ui.selection.drawing_address import MOST_CHARACTERS, TOO_MUCH, decode_drawing, encode_drawing
from ui.selection.sample_digits import sample_digits

THREE = Drawing(tuple(np.array(stroke, np.float32) for stroke in DIGITS[3]))


@pytest.mark.parametrize(
    ("name", "strokes"), sample_digits(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_digit_comes_back_as_the_network_saw_it(name: str, strokes: tuple[np.ndarray, ...]) -> None:
    drawing = Drawing(strokes)
    text = encode_drawing(drawing)
    back = decode_drawing(text)
    assert len(text) <= 300
    assert back is not None
    before, after = (from_strokes(one.strokes, one.pen).digits[0].pixels for one in (drawing, back))
    assert np.abs(before - after).mean() < 0.02


@pytest.mark.parametrize(
    "text", ["", "A", "-", "GAE", "GAEA", "AAEAAA", "GA", "/+", "<b>", "é", "A" * (MOST_CHARACTERS + 1), "GAMAAAA"]
)
def test_what_is_no_drawing_is_refused(text: str) -> None:
    assert decode_drawing(text) is None


def test_blank_paper_stays_out_of_the_address_and_a_scrawl_is_told_as_one() -> None:
    zigzag = np.array([[x % 480, 300 * (x % 2)] for x in range(900)], np.float32)
    assert (encode_drawing(Drawing()), encode_drawing(Drawing((zigzag,)))) == ("", TOO_MUCH)
    assert "does not carry" in driver.opened("draw", drawing=TOO_MUCH).info[0].value


def of(test: AppTest) -> dict[str, object]:
    return next(one for one in driver.every(test, "tiles") if one["label"] == "Inputs")


def test_a_link_with_a_drawing_opens_it_and_a_link_without_says_so() -> None:
    test = driver.opened("arithmetic", network="mnist/lenet", input="drawn-1", drawing=encode_drawing(THREE))
    assert str(of(test)["chosen"]).startswith("drawn-")
    assert (test.query_params["input"], test.query_params["drawing"]) == ("drawn-1", encode_drawing(THREE))
    assert driver.shown(test, "replay")["replay"] is True
    lost = driver.opened("arithmetic", network="mnist/lenet", input="drawn-1")
    assert of(lost)["chosen"] == "sample-7"
    assert "does not carry" in lost.info[0].value


def test_the_address_follows_at_the_end_of_a_stroke_alone() -> None:
    for done in (False, True):
        test = driver.opened("draw", {"draw:drawing": KeptDrawing(THREE, 0, 1, done)})
        assert ("drawing" in test.query_params) is done


def test_an_address_that_is_some_strokes_old_takes_no_stroke_back() -> None:
    place, seven = "draw:drawing", next(iter(sample_digits()))[1]
    test = driver.opened("draw", {place: KeptDrawing(THREE, 0, 1, True)})
    older = test.query_params["drawing"]
    for drawing in (Drawing(seven), Drawing()):  # drawn on, cleared
        test.session_state[place] = KeptDrawing(drawing, 0, 1, True)
        test.query_params["drawing"] = older
        test.run()
        assert test.session_state[place].drawing.digest == drawing.digest
