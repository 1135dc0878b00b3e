"""The points for a drawing that networks read differently."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from ui.ask.fool_them import FoolingCard, answers_text, card_png, fooling_points
from ui.text.agreement import NetworkAnswer


def row(label: int, known: bool = True) -> NetworkAnswer:
    shares = tuple(float(digit == label) for digit in range(10))
    return NetworkAnswer("mnist/one", "One", str(label), 1.0, 1.0, known, shares)


def test_each_sure_of_another_digit_is_the_full_score() -> None:
    assert fooling_points([row(label) for label in range(5)]) == 100
    assert fooling_points([row(3)] * 5) == 0


def test_who_is_not_taken_in_does_not_count() -> None:
    two = fooling_points([row(1), row(2), row(3, False), row(4, False), row(5, False)])
    assert two == round(100 * np.log(2) / np.log(5))
    assert fooling_points([row(1), *(row(label, False) for label in range(4))]) == 0
    assert fooling_points([row(label, False) for label in range(5)]) == 0
    assert "unlike" in answers_text([row(1, False)])


def test_the_card_is_a_picture() -> None:
    made = card_png(FoolingCard(61, np.zeros((28, 28, 1), np.float32), answers_text([row(1), row(2)])))
    with Image.open(BytesIO(made)) as picture:
        assert picture.format == "PNG"
