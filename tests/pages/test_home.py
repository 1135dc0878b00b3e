"""The home page without a browser."""

import numpy as np
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.paths import ROOT
from tests.browser.digits import DIGITS
from tests.pages import driver
from ui.components.drawing_canvas.drawing_canvas import Drawing, KeptDrawing


def test_home_explains_and_lists_the_five() -> None:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not test.exception
    assert test.title[0].value == "ConvScope"
    text = "\n".join(block.value for block in test.markdown)
    for name in zoo.network_names("mnist"):
        card = zoo.read_card(name)
        assert f"**{card.title}**" in text
        assert f"{card.accuracy * 100:.2f} %" in text
    assert "A kernel is a tiny picture of weights" in text


def test_what_drew_itself_is_nobodys_drawing_and_what_a_person_draws_goes_along() -> None:
    three = Drawing(tuple(np.array(stroke, np.float32) for stroke in DIGITS[3]))
    for demo, kept in ((True, 0), (False, len(three.strokes))):
        test = driver.opened("home", {"home:drawing": KeptDrawing(three, 0, 1, demo=demo)})
        (cards,) = driver.every(test, "rows")
        assert {row["reading"] for row in cards["rows"]} == {"3"}
        assert len(driver.every(test, "pictures")[0]["pictures"]) == 6, "a first layer lights up"
        assert len(test.session_state["draw:drawing"].drawing.strokes) == kept
