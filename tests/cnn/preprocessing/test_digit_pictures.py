"""Pictures as people take them, such as a sheet on a desk or ruled paper: digits are read, empty pages told."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from cnn import zoo
from cnn.array_types import Pixels
from cnn.inference.predict import predict
from cnn.preprocessing import from_picture
from tests.support import digit_pictures
from tests.support.digit_pictures import EMPTY, READ

COUNT = 20  # pictures a kind: each digit twice


@cache
def _network() -> zoo.Network:
    return zoo.load_network("mnist/resnet")


def _answer(picture: Pixels) -> str:
    """Read the digits that the network knows, such as "7"; "" where there is none, "?" for one it does not know."""
    digits = from_picture(picture).digits
    if not digits:
        return ""
    answers = predict(_network(), np.stack([digit.pixels for digit in digits]))
    return "".join(str(answer.label) if answer.in_distribution else "?" for answer in answers)


@pytest.mark.parametrize("kind", READ)
def test_digits_are_read(kind: str) -> None:
    told: Counter[str] = Counter()
    for number in range(COUNT):
        answer = _answer(READ[kind](number % 10, np.random.default_rng([number, 5])))
        told["right" if answer == str(number % 10) else "refused" if answer in ("", "?") else "wrong"] += 1
    assert told["right"] >= 0.9 * COUNT, told


@pytest.mark.parametrize("kind", EMPTY)
def test_a_page_without_a_digit_is_told(kind: str) -> None:
    found = [_answer(EMPTY[kind](0, np.random.default_rng([number, 6]))) for number in range(COUNT)]
    assert sum(set(answer) <= {"?"} for answer in found) >= 0.9 * COUNT, found


def test_digits_above_each_other_are_two() -> None:
    found = [_answer(digit_pictures.stacked(label, np.random.default_rng([label, 7]))) for label in range(10)]
    right = sum(answer == f"{label}{(label + 1) % 10}" for label, answer in enumerate(found))
    assert right >= 9, found
