"""Which parts are one digit, on the limits that the module's constants set; parts are boxes here, 100 high."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from cnn.preprocessing.segmentation import GAP, TALL, WIDE_GAP, group_into_digits


def box(left: float, top: float, width: float, height: float) -> npt.NDArray[np.float64]:
    return np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]], float)


def leaning(left: float, lean: float) -> npt.NDArray[np.float64]:
    """Make a thin stroke, 100 high, whose top stands `lean` px to the right of its foot."""
    return np.array([[left, 100], [left + lean, 0]], float)


CLEAR, CLOSE = 100 * GAP + 1, 100 * GAP - 1
WIDE_CLEAR, WIDE_CLOSE = 100 * WIDE_GAP + 1, 100 * WIDE_GAP - 1
LOW = 100 * TALL - 5
CASES = {
    "a clear gap parts": ([box(0, 0, 40, 100), box(40 + CLEAR, 0, 40, 100)], [[0], [1]]),
    "a narrow one does not": ([box(0, 0, 40, 100), box(40 + CLOSE, 0, 40, 100)], [[0, 1]]),
    "from left to right": ([box(100, 0, 40, 100), box(0, 0, 40, 100)], [[1], [0]]),
    "what stands above is one": ([box(0, 0, 40, 48), box(0, 52, 40, 48)], [[0, 1]]),
    "overlapping is one": ([box(0, 0, 40, 100), box(30, 0, 40, 100), box(60, 0, 40, 100)], [[0, 1, 2]]),
    "a short one goes to the nearer, right": (
        [box(0, 0, 20, 100), box(80, 0, 10, LOW), box(90 + CLEAR, 0, 20, 100)],
        [[0], [1, 2]],
    ),
    "a short one goes to the nearer, left": (
        [box(0, 0, 20, 100), box(20 + CLEAR, 0, 10, LOW), box(140, 0, 20, 100)],
        [[0, 1], [2]],
    ),
    "a short one at the right end": ([box(0, 0, 20, 100), box(60, 0, 20, 100), box(120, 0, 10, LOW)], [[0], [1, 2]]),
    "a short one at the left end": ([box(0, 0, 10, LOW), box(50, 0, 20, 100), box(110, 0, 20, 100)], [[0, 1], [2]]),
    "two short ones": (
        [box(0, 0, 20, 100), box(40, 0, 5, 30), box(65, 0, 5, 40), box(140, 0, 20, 100)],
        [[0, 1, 2], [3]],
    ),
    "as tall as digits are": ([box(0, 0, 20, 100), box(60, 0, 20, 100 * TALL + 1)], [[0], [1]]),
    "rows, from the top": ([box(0, 100 + CLEAR, 30, 100), box(0, 0, 30, 100)], [[1], [0]]),
    "rows need a clear gap": ([box(0, 0, 30, 100), box(0, 100 + CLOSE, 30, 100)], [[0, 1]]),
    "wide parts need a wider one": ([box(0, 0, 130, 100), box(0, 100 + WIDE_CLOSE, 130, 100)], [[0, 1]]),
    "and are two beyond it": ([box(0, 0, 130, 100), box(0, 100 + WIDE_CLEAR, 130, 100)], [[0], [1]]),
    "a dot below is no row": ([box(0, 0, 40, 100), box(15, 150, 10, 10)], [[0, 1]]),
    "two rows of two": (
        [box(60, 0, 20, 100), box(0, 0, 20, 100), box(60, 150, 20, 100), box(0, 150, 20, 100)],
        [[1], [0], [3], [2]],
    ),
    "parallel leaning ones": ([leaning(0, 40), leaning(30, 40)], [[0], [1]]),
    "leaning the other way": ([leaning(40, -40), leaning(70, -40)], [[0], [1]]),
    "a point beside": ([box(0, 0, 40, 100), np.array([[60.0, 50.0]])], [[0, 1]]),
}


@pytest.mark.parametrize("case", CASES)
def test_parts_are_grouped_as_the_limits_say(case: str) -> None:
    parts, digits = CASES[case]
    assert group_into_digits(parts) == digits


@pytest.mark.parametrize("case", CASES)
def test_size_and_place_change_nothing(case: str) -> None:
    parts, digits = CASES[case]
    assert group_into_digits([part * 0.01 - 7 for part in parts]) == digits
