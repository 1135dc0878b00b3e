"""Every page keeps the control with which a person can mend an input, whatever the input is."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnn import preprocessing
from cnn.layers.activations import InspectableNetwork
from cnn.preprocessing import stroke_reader
from cnn.zoo.litert_runner import LiteRTRunner
from tests.browser.digits import DIGITS
from tests.browser.files import DAMAGED, png
from tests.pages import driver
from tests.pages.driver import ROOT, TIMEOUT, every
from tests.pages.evidence_client import client
from ui.components.drawing_canvas import drawing_canvas
from ui.components.drawing_canvas.drawing_canvas import MAX_STROKES, THICKEST, THINNEST, Drawing, KeptDrawing
from ui.resources import photos

__all__ = ["client"]  # the fixture, which pytest finds by its name here

DRAWN: Final = ("home", "draw", "layers", "arithmetic", "evidence", "lesion", "compare", "robustness")
PHOTOS: Final = {  # a page that is shown photos -> what its address needs for them
    "layers": {"network": "cifar10/lenet"},
    "arithmetic": {"network": "cifar10/lenet"},
    "evidence": {"network": "cifar10/lenet"},
    "lesion": {"network": "cifar10/lenet"},
    "compare": {"networks": "cifar10/lenet,cifar10/vgg"},
    "robustness": {"data": "cifar10"},
}


BAD_FILES: Final = (DAMAGED, b"", b"hello", png()[: len(png()) // 2])


def taps(*places: tuple[float, float]) -> Drawing:
    return Drawing(tuple(np.array([place], np.float32) for place in places))


DRAWINGS: Final = {
    "one tap": taps((200, 200)),
    "two taps": taps((100, 100), (300, 250)),
    "a colon": taps((200, 100), (200, 300)),
    "as many taps as there may be": taps(*((x * 24, y * 36) for x in range(20) for y in range(MAX_STROKES // 20))),
    "nothing": Drawing(),
    "a line to and fro, each way shorter": Drawing(
        (np.array([[240 + (-1) ** i * (240 - i * 0.04), i * 0.06] for i in range(6_000)], np.float32),)
    ),
    "a dot beside a flat line": Drawing(
        (np.array([[60, 100], [200, 100]], np.float32), np.array([[240, 300]], np.float32))
    ),
}


def has_the_canvas(test: AppTest, strokes: int) -> bool:
    return [len(one["strokes"]) for one in every(test, "strokes") if "samples" in one] == [strokes]


@pytest.mark.parametrize("page", DRAWN)
def test_no_drawing_takes_a_page_or_its_canvas_away(page: str) -> None:
    for name, drawing in DRAWINGS.items():
        test = driver.opened(page, {"draw:drawing": KeptDrawing(drawing)})
        assert has_the_canvas(test, len(drawing.strokes)), name


POINTS = st.tuples(st.floats(-100, 700), st.floats(-100, 700)).map(list)
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=20), max_size=12) | st.lists(
    st.lists(POINTS, min_size=1, max_size=1)
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(STROKES, st.floats(THINNEST, THICKEST))
def test_strokes_of_any_shape_count_and_place_leave_the_canvas(strokes: list[list[list[float]]], pen: float) -> None:
    """The reader alone is tried with many more; see tests/cnn/preprocessing/test_stroke_reader.py."""
    drawing = drawing_canvas.parse_drawing({"strokes": strokes, "pen": pen})
    assert has_the_canvas(driver.opened("draw", {"draw:drawing": KeptDrawing(drawing)}), len(strokes))


@pytest.mark.parametrize("page", DRAWN)
def test_the_canvas_stands_before_anything_is_computed(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reading of strokes will raise one day."""
    drawing = DRAWINGS["a dot beside a flat line"]
    read = stroke_reader.read_strokes

    def broken(strokes: list[object], *others: object) -> preprocessing.Reading:
        if len(strokes) == len(drawing.strokes) and np.array_equal(strokes[0], drawing.strokes[0]):  # type: ignore[arg-type]
            raise ZeroDivisionError("float division by zero")
        return read(strokes, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(stroke_reader, "read_strokes", broken)
    test = _started(page, KeptDrawing(drawing))
    assert has_the_canvas(test, len(drawing.strokes))
    assert not test.exception
    assert any("ZeroDivisionError" in one.value for one in test.warning)


@pytest.mark.parametrize("page", DRAWN)
def test_the_canvas_stands_where_networks_fail(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a network, its maps or its evidence will raise over somebody's digit."""
    seven = Drawing(tuple(np.array(stroke, np.float32) for stroke in DIGITS[7]))

    def broken(*_: object) -> None:
        raise RuntimeError("A tensor is missing.")

    monkeypatch.setattr(LiteRTRunner, "run_timed", broken)
    monkeypatch.setattr(InspectableNetwork, "maps", broken)
    test = _started(page, KeptDrawing(Drawing(seven.strokes, THICKEST)))  # a pen that no cache knows
    assert test.exception
    assert has_the_canvas(test, len(seven.strokes))


def _started(page: str, drawing: KeptDrawing) -> AppTest:
    """Open a page with something on the canvas, whatever it raises."""
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    test.session_state["draw:drawing"] = drawing
    return test.switch_page(f"pages/{page}.py").run()


@pytest.mark.parametrize("page", PHOTOS)
def test_photos_that_cannot_be_read_leave_the_others(page: str) -> None:
    bad = tuple(photos.media_file(f"*bad* :smile:_{i}.png", data) for i, data in enumerate(BAD_FILES))
    test = driver.opened(page, {"inputs:photos": bad}, **PHOTOS[page])
    assert [one.value.count("`*bad*` `:smile:_") for one in test.warning] == [1] * len(bad)
    tiles = next(tiles["tiles"] for tiles in every(test, "tiles"))
    assert [tile["name"] for tile in tiles] == [sample.name for sample in photos.sample_photos()]


LONG, ODD = "9" * 5_000, "\u0663,-1;nan|![](https://example.org/a.gif)\0"  # more digits than Python reads; all else
NAMES = "architecture cost data frames input label layer method network networks change of off sandbox set strength"


@pytest.mark.parametrize("page", [*DRAWN, "photo", "video", "architectures"])
@pytest.mark.parametrize("value", [LONG, ODD], ids=["long", "odd"])
def test_no_address_breaks_a_page(page: str, value: str) -> None:
    driver.opened(page, **dict.fromkeys([*NAMES.split(), "unit", "x", "y", "view"], value))


@pytest.mark.parametrize("page", ["layers", "arithmetic", "evidence", "lesion"])
@pytest.mark.parametrize("value", [LONG, ODD], ids=["long", "odd"])
def test_no_address_of_a_layer_breaks_a_page(page: str, value: str) -> None:
    """A unit and a place count only where the address names a layer of this network."""
    wrong = dict.fromkeys(("unit", "x", "y", "label", "off"), value)
    driver.opened(page, network="mnist/lenet", layer="conv1", **wrong)
