"""Pictures as people take them, such as a sheet on a desk or ruled paper: digits are read, empty pages told."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn import zoo
from cnn.array_types import Pixels
from cnn.inference.predict import predict
from cnn.preprocessing import from_picture
from cnn.preprocessing.rasterize import BOX_PX
from tests.support import digit_pictures
from tests.support.digit_pictures import EMPTY, READ, cropped, ink

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
    assert found.count("") >= 0.9 * COUNT, "mostly by the reading, before a network is asked"


def test_digits_above_each_other_are_two() -> None:
    found = [_answer(digit_pictures.stacked(label, np.random.default_rng([label, 7]))) for label in range(10)]
    right = sum(answer == f"{label}{(label + 1) % 10}" for label, answer in enumerate(found))
    assert right >= 9, found


def _clean(label: int, seed: int) -> Pixels:
    """Write a digit with a pen on white paper, and leave a little paper around it: uint8 (height, width)."""
    written = cropped(ink(label, np.random.default_rng([label, seed]), 64, 64, 0.9))
    return np.uint8(255 - np.rint(235 * np.pad(written, 4)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    digit=st.tuples(st.integers(0, 9), st.integers(0, 20)),
    margin=st.tuples(*[st.integers(0, 60)] * 4),
    scale=st.integers(1, 8),
    invert=st.booleans(),
    colours=st.none() | st.sampled_from([((200, 60, 60), (30, 120, 60)), ((246, 236, 190), (25, 45, 140))]),
)
def test_margin_scale_polarity_and_colour_change_no_answer(
    digit: tuple[int, int],
    margin: tuple[int, int, int, int],
    scale: int,
    invert: bool,
    colours: tuple[tuple[int, int, int], tuple[int, int, int]] | None,
) -> None:
    plain = _clean(*digit)
    assume(_answer(plain) == str(digit[0]))
    top, right, bottom, left = margin
    picture = np.pad(plain, ((top, bottom), (left, right)), constant_values=255)
    picture = np.asarray(Image.fromarray(picture).resize((picture.shape[1] * scale, picture.shape[0] * scale)))
    picture = 255 - picture if invert else picture
    if colours is not None:
        paper, pen = np.array(colours)
        picture = np.rint(pen + picture[..., None] / 255 * (paper - pen)).astype(np.uint8)
    assert _answer(picture) == str(digit[0])


def _small(label: int, seed: int, side: int) -> Pixels:
    """Write a digit whose ink touches all four edges, in so few pixels: uint8 (height, width), the longer is `side`."""
    large = np.uint8(255 - np.rint(235 * cropped(ink(label, np.random.default_rng([label, seed]), 64, 64, 0.9))))
    height, width = (max(1, round(length * side / max(large.shape))) for length in large.shape)
    return np.asarray(Image.fromarray(large).resize((width, height), Image.Resampling.BOX))


@pytest.mark.parametrize("inverted", [False, True], ids=["dark", "light"])
@pytest.mark.parametrize("around", [0, 8], ids=["edge", "paper"])
def test_a_digit_of_few_pixels_is_read_as_the_large_one_is(around: int, inverted: bool) -> None:
    """Cut out so that its ink touches all four edges, or with a little paper, in 12 to 20 px."""
    wrong = []
    for number in range(40):
        label, side = number % 10, (12, 14, 16, 20)[number // 10]
        picture = np.pad(_small(label, number, side), around, constant_values=255)
        answer = _answer(255 - picture if inverted else picture)
        if answer != str(label):
            wrong.append((label, side, answer))
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("side", [12, 16, 40])
def test_a_digit_of_any_size_fills_mnists_box(side: int) -> None:
    for label in range(10):
        (digit,) = from_picture(np.pad(_small(label, 3, side), 12, constant_values=255)).digits
        rows, columns = np.nonzero(digit.pixels[..., 0] > 0.2)
        assert 1 + max(np.ptp(rows), np.ptp(columns)) >= BOX_PX - 1, label
