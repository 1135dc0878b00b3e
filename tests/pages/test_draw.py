"""The Draw page without a browser."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.array_types import Pixels
from cnn.preprocessing import PreprocessingSteps, Reading, from_strokes
from tests.pages import driver
from tests.support import digit_pictures
from ui.ask import draw_preprocessing
from ui.components.drawing_canvas.drawing_canvas import Drawing, KeptDrawing
from ui.selection import sample_digits


def opened(drawing: Drawing | None = None, **address: str) -> AppTest:
    """Open the page, with something on its canvas."""
    return driver.opened("draw", {"draw:drawing": KeptDrawing(drawing)} if drawing else None, **address)


def encoded(pixels: Pixels, form: str = "PNG") -> bytes:
    register_heif_opener()
    file = BytesIO()
    Image.fromarray(pixels).save(file, form)
    return file.getvalue()


def sample(label: int) -> Drawing:
    return Drawing(sample_digits.sample_digits()[label][1])


def test_it_opens_without_a_drawing() -> None:
    test = opened()
    assert not test.exception
    assert test.title[0].value == "Draw a digit"


@pytest.mark.parametrize("label", range(10))
def test_a_drawing_on_the_canvas_raises_nothing(label: int) -> None:
    assert not opened(sample(label)).exception


@pytest.mark.parametrize(
    ("asked", "chosen"), [("lenet", "lenet"), ("resnet", "resnet"), ("vgg9", "resnet"), ("", "resnet")]
)
def test_the_address_chooses_the_architecture(asked: str, chosen: str) -> None:
    test = opened(architecture=asked)
    assert not test.exception
    assert test.session_state["chosen architecture"] == chosen
    assert test.session_state["answers:choice"][0].value == f"mnist/{chosen}"
    assert test.query_params["architecture"] in (chosen, [chosen])


def test_several_digits_can_be_told_apart() -> None:
    left, right = (sample(label).strokes for label in (4, 7))
    strokes = [stroke * 0.5 + shift for side, shift in ((left, 0), (right, 200)) for stroke in side]
    test = opened(Drawing(tuple(stroke.astype(np.float32) for stroke in strokes)))
    assert not test.exception
    assert [option.content for option in test.button_group[0].proto.options] == ["1: 4", "2: 7"]


def test_every_step_is_explained() -> None:
    anchors = [heading.anchor for heading in opened().subheader]
    assert {field.name for field in fields(PreprocessingSteps)} <= set(anchors)


@pytest.mark.parametrize(
    ("name", "form"), [("page.png", "PNG"), ("IMG_0001.HEIC", "HEIF"), ("page.avif", "AVIF"), ("page.webp", "WEBP")]
)
def test_a_picture_is_read_in_place_of_the_drawing(name: str, form: str) -> None:
    """In any form that photos have: an iPhone gives HEIC, its browser no type for it."""
    test = opened(sample(7))
    file = encoded(digit_pictures.sheet(4, np.random.default_rng(4)), form)
    driver.checked(test.file_uploader[0].upload(name, file, "application/octet-stream").run())
    assert [panel["step"] for panel in driver.shown(test, "panels")["panels"]][1:5] == [
        "sheet",
        "polarity",
        "rules",
        "threshold",
    ]
    assert "reads 4" in driver.shown(test, "panels")["verdict"]


def test_what_is_read_is_read_once_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def read(*given: object) -> Reading:
        asked.append(given)
        return from_strokes(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(draw_preprocessing, "from_strokes", read)
    assert "reads 7" in driver.shown(opened(sample(7)), "panels")["verdict"]
    assert len(asked) == 1


def test_a_picture_without_ink_and_a_file_that_is_none_get_a_sentence() -> None:
    test = opened()
    blank = encoded(np.full((90, 90, 3), 250, np.uint8))
    driver.checked(test.file_uploader[0].upload("blank.png", blank, "image/png").run())
    assert any("No ink was found" in caption.value for caption in test.caption)
    driver.checked(test.file_uploader[0].upload("bad.png", b"no picture", "image/png").run())
    assert any("no picture that can be read" in warning.value for warning in test.warning)
    assert driver.shown(test, "samples")  # the canvas is there again


def test_all_five_have_a_card() -> None:
    assert len(zoo.network_names("mnist")) >= 5
