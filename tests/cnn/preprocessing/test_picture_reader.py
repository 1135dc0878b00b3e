"""Pieces of reading a picture whose limits whole pictures seldom meet."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.preprocessing import picture_reader

INK = np.float32(1)


@pytest.mark.parametrize(("shape", "axis"), [((1, 200), 1), ((200, 1), 0)], ids=["level", "upright"])
def test_a_hair_line_stays_one_pixel_wide(shape: tuple[int, int], axis: int) -> None:
    made = picture_reader._boxed(np.ones(shape, np.float32), picture_reader.BOX_PX)
    assert (made > 0).any(axis=axis).sum() == 1
    assert (made > 0).any(axis=1 - axis).sum() == picture_reader.BOX_PX


def test_ink_of_another_digit_in_the_same_window_goes() -> None:
    """A seven whose bar reaches over a one: the window of the seven holds the one's ink, and its soft edge, too."""
    ink = np.zeros((40, 40), np.float32)
    ink[5, 5:35] = ink[5:35, 5] = INK
    spot = ink > 0
    ink[20:30, 25] = INK
    ink[20:30, 24] = 0.3
    cut = picture_reader._cut(ink.copy(), spot, ink)
    np.testing.assert_array_equal(cut.ink, np.where(spot, ink, 0)[5:35, 5:35])
    assert (cut.left, cut.top) == (5, 5)


@pytest.mark.parametrize("width", [6, 10, 20])
def test_lines_grow_by_as_much_as_is_asked_on_each_side(width: int) -> None:
    stripe = np.ones((600, width), np.float32)
    assert picture_reader.line_width(stripe) == pytest.approx(width, abs=0.7)
    wider, narrower = (picture_reader._grown(stripe, grow) for grow in (2.0, -2.0))
    assert wider.shape == (604, width + 4)
    assert narrower.shape == (596, width - 4)
