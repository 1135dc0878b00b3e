"""Digits in few pixels: as scanners and data sets give them, up to the edge, enlarged or not."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from sklearn.datasets import load_digits

from cnn import zoo
from cnn.array_types import Pixels
from cnn.inference.predict import predict
from cnn.preprocessing import from_picture
from cnn.preprocessing.binarization import find_ink
from cnn.preprocessing.small_scans import enlarged
from tests.support.digit_pictures import cropped, ink

EVERY = 12  # one of so many digits is read: 150


@cache
def _scans() -> tuple[list[Pixels], list[int]]:
    digits = load_digits()
    grids = np.rint(digits.images[::EVERY] * (255 / 16)).astype(np.uint8)
    return list(grids), digits.target[::EVERY].tolist()


FORMS: dict[str, Callable[[Pixels], Pixels]] = {
    "8x8": lambda grid: grid,
    "dark on light": lambda grid: 255 - grid,
    "each pixel repeated": lambda grid: grid.repeat(13, axis=0).repeat(13, axis=1),
    "repeated, in an odd margin": lambda grid: np.pad(grid.repeat(9, axis=0).repeat(9, axis=1), ((4, 0), (0, 5))),
}


@pytest.mark.parametrize("form", FORMS)
def test_scans_of_eight_pixels_are_read(form: str) -> None:
    pictures, labels = _scans()
    found = [from_picture(FORMS[form](picture)).digits for picture in pictures]
    alone = [(digits[0].pixels, label) for digits, label in zip(found, labels, strict=True) if len(digits) == 1]
    assert len(alone) >= 0.99 * len(labels)
    answers = predict(zoo.load_network("mnist/inception"), np.stack([pixels for pixels, _ in alone]))
    known = [answer.label == label for answer, (_, label) in zip(answers, alone, strict=True) if answer.in_distribution]
    assert len(known) >= 0.98 * len(labels)
    assert sum(known) >= 0.95 * len(labels)


@pytest.mark.parametrize("side", [14, 20, 28, 40])
def test_ink_up_to_the_edge_is_told_from_its_paper(side: int) -> None:
    wrong = []
    for number in range(30):
        tight = cropped(ink(number % 10, np.random.default_rng([number, 3]), side, side, 1.0))
        for low, high in ((20, 230), (230, 20)):
            picture = enlarged(np.rint(low + (high - low) * tight).astype(np.uint8)[..., None])
            if find_ink(picture[..., 0] / np.float32(255)).dark is not (high < low):
                wrong.append((number % 10, low, tight.shape))
    assert len(wrong) <= 1, wrong


def test_a_picture_of_repeated_pixels_is_taken_as_before_repeating() -> None:
    grid = np.random.default_rng(1).integers(0, 256, (30, 20, 3), np.uint8)
    for block in (2, 3, 8):
        assert np.array_equal(enlarged(grid.repeat(block, axis=0).repeat(block, axis=1)), grid)
    assert enlarged(grid) is grid
    photo = np.random.default_rng(2).integers(0, 256, (300, 200, 3), np.uint8)
    assert enlarged(photo) is photo
