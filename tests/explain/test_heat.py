"""Heat maps as boxes and words."""

import numpy as np
import numpy.typing as npt
import pytest

from cnn.explain.heat import box, place


def spot(row: int, column: int) -> npt.NDArray[np.float32]:
    heat = np.zeros((9, 9), np.float32)
    heat[row, column] = 1
    return heat


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [(0, 0, "in the upper left"), (4, 4, "in the middle"), (8, 4, "at the bottom"), (4, 8, "on the right")],
)
def test_a_spot_is_where_it_is(row: int, column: int, words: str) -> None:
    heat = spot(row, column)
    assert place(heat) == words
    left, top, width, height = box(heat)
    assert left <= (column + 0.5) / 9 <= left + width
    assert top <= (row + 0.5) / 9 <= top + height
    assert max(width, height) < 3 / 9


def test_the_box_holds_the_largest_part_alone() -> None:
    heat = spot(8, 8)
    heat[0:4, 0:4] = 0.8
    left, top, width, height = box(heat)
    assert left == top == 0
    assert max(width, height) < 6 / 9


def test_without_evidence_there_is_no_box() -> None:
    assert box(np.zeros((7, 7), np.float32)) is None
    assert place(np.zeros((7, 7), np.float32)) == "nowhere"


def test_even_evidence_is_all_over() -> None:
    assert box(np.ones((7, 7), np.float32)) == (0, 0, 1, 1)
    assert place(np.ones((7, 7), np.float32)) == "all over the picture"
