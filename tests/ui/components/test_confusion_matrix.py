"""A confusion matrix and a wall of pictures: what the browser is sent, and what it may choose."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

MATRIX = """
import numpy as np
import streamlit as st
from ui.components.confusion_matrix.confusion_matrix import render_confusion_matrix
counts = np.array([[5, 1], [0, 4]])
st.session_state.got = render_confusion_matrix(counts, ("cat", "dog"), (0, 1), "What it confuses", "cells")
"""
WALL = """
import numpy as np
import streamlit as st
from ui.components.sample_wall.sample_wall import TileLine, WallTile, render_sample_wall
images = np.arange(2, dtype=np.uint8)[:, None, None, None] * 100 + np.zeros((2, 4, 4, {channels}), np.uint8)
tiles = [WallTile("a", "shows 1", (TileLine("1", "VGG 90 %"),)), WallTile("b", "shows 2", (TileLine("2", "VGG 80 %"),))]
st.session_state.got = render_sample_wall(images, tiles, "Some", "wall")
"""


def run(script: str, **session: object) -> AppTest:
    test = AppTest.from_string(script, default_timeout=60)
    for name, value in session.items():
        test.session_state[name] = value
    test.run()
    assert not test.exception
    return test


def sent(test: AppTest) -> dict[str, Any]:
    return dict(json.loads(test.get("bidi_component")[0].proto.json))


def test_the_matrix_sends_counts_row_by_row() -> None:
    test = run(MATRIX)
    assert sent(test)["counts"] == [[5, 1], [0, 4]]
    assert sent(test)["classes"] == ["cat", "dog"]
    assert test.session_state["got"] == (0, 1)


@pytest.mark.parametrize(("value", "got"), [("1,1", (1, 1)), ("2,0", (0, 1)), ("1", (0, 1)), ("", (0, 1)), (7, (0, 1))])
def test_only_a_cell_of_the_matrix_can_be_chosen(value: object, got: tuple[int, int]) -> None:
    assert run(MATRIX, cells={"chosen": {"value": value, "turn": 1}}).session_state["got"] == got


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_the_wall_sends_its_pictures_as_one_strip(channels: int, mode: str) -> None:
    strip = sent(run(WALL.format(channels=channels)))["strip"]
    picture = Image.open(io.BytesIO(base64.b64decode(strip.partition(",")[2])))
    assert (picture.mode, picture.size) == (mode, (4, 8))
    pixels = np.asarray(picture)
    assert (pixels[:4] == 0).all()
    assert (pixels[4:] == 100).all()


@pytest.mark.parametrize(("value", "got"), [("b", "b"), ("c", ""), (None, "")])
def test_no_picture_of_the_wall_is_chosen_at_first(value: str | None, got: str) -> None:
    assert run(WALL.format(channels=1)).session_state["got"] == ""
    assert run(WALL.format(channels=1), wall={"chosen": {"value": value, "turn": 1}}).session_state["got"] == got
