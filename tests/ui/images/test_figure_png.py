"""A picture to keep holds its pixels, its scale and its caption."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ui.images import evidence_veil
from ui.images.figure_png import MARGIN, SIDE, TEXT, FigurePanel, FigureScale, figure_png

CHECKS = (np.indices((4, 4)).sum(0) % 2 * 255).astype(np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 255, (32, 32, 3), np.uint8)


def drawn(*panels: FigurePanel, caption: str = "A caption", scale: FigureScale | None = None) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(figure_png(panels, caption, scale))).convert("RGB"))


def test_a_small_picture_is_enlarged_by_a_whole_number() -> None:
    page = drawn(FigurePanel("", CHECKS))
    side, cell = SIDE // 4 * 4, SIDE // 4
    inner = page[MARGIN : MARGIN + side, MARGIN : MARGIN + side, 0]
    np.testing.assert_array_equal(inner, CHECKS.repeat(cell, 0).repeat(cell, 1))


def test_a_large_picture_stays_as_it_is() -> None:
    large = np.random.default_rng(2).integers(0, 255, (400, 300, 3), np.uint8)
    np.testing.assert_array_equal(drawn(FigurePanel("", large))[MARGIN : MARGIN + 400, MARGIN : MARGIN + 300], large)


def test_pictures_stand_side_by_side_below_their_titles() -> None:
    page = drawn(FigurePanel("one", COLOUR), FigurePanel("two", COLOUR))
    assert page.shape[1] == 2 * SIDE + 3 * MARGIN
    top = MARGIN + TEXT + MARGIN
    first, second = (page[top : top + SIDE, x : x + SIDE] for x in (MARGIN, SIDE + 2 * MARGIN))
    np.testing.assert_array_equal(first, second)
    assert (page[MARGIN : MARGIN + TEXT] < 128).any()


def test_what_is_laid_on_top_is_seen_as_much_as_its_opacity_says() -> None:
    red = np.zeros((2, 2, 4), np.uint8)
    red[..., 0] = red[..., 3] = 255
    grey = np.full((8, 8), 100, np.uint8)
    half = drawn(FigurePanel("", grey, red, 0.5))[MARGIN + 50, MARGIN + 50]
    np.testing.assert_allclose(half, (178, 50, 50), atol=2)
    np.testing.assert_array_equal(drawn(FigurePanel("", grey, red, 0.0))[MARGIN + 50, MARGIN + 50], (100, 100, 100))


def test_a_box_frames_its_part() -> None:
    page = drawn(FigurePanel("", np.full((8, 8), 100, np.uint8), box=(0.25, 0.5, 0.5, 0.25)))
    white = np.argwhere((page[MARGIN : MARGIN + SIDE, MARGIN : MARGIN + SIDE] == 255).all(-1))
    np.testing.assert_allclose(white.min(0), (SIDE / 2, SIDE / 4), atol=4)
    np.testing.assert_allclose(white.max(0), (SIDE * 0.75, SIDE * 0.75), atol=4)


def test_the_scale_has_the_palette_between_its_words() -> None:
    page = drawn(FigurePanel("", COLOUR), scale=FigureScale("0", "1"))
    below = page[MARGIN + SIDE :]
    grey = evidence_veil.veil_ramp()[0, 0].astype(int)
    assert (np.abs(below.astype(int) - grey).sum(-1) < 12).any()
    assert below.shape[0] > drawn(FigurePanel("", COLOUR))[MARGIN + SIDE :].shape[0]


def test_a_long_caption_is_wrapped_and_a_long_title_cut() -> None:
    short, long = (drawn(FigurePanel("", COLOUR), caption="words " * count) for count in (3, 90))
    assert long.shape[1] == short.shape[1]
    assert long.shape[0] > short.shape[0] + 3 * TEXT
    beside = drawn(FigurePanel("a very long title " * 9, COLOUR), FigurePanel("b", COLOUR))
    assert (beside[MARGIN : MARGIN + TEXT + 6, MARGIN + SIDE : 2 * MARGIN + SIDE] == 255).all()


@pytest.mark.parametrize("pixels", [CHECKS, COLOUR, np.dstack([COLOUR, np.full((32, 32), 9, np.uint8)])])
def test_grey_colour_and_transparent_pictures_are_drawn(pixels: np.ndarray) -> None:
    assert drawn(FigurePanel("title", pixels), caption="").shape[2] == 3
