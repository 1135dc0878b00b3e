"""A picture on its way in: any paper, any light, either polarity, and steps that can be left out."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.datasets.synthetic_handwriting import write_digit
from cnn.errors import BadInput
from cnn.preprocessing import Digit, NoDigit, PreprocessingSteps, from_picture, from_strokes
from cnn.preprocessing.binarization import _without_edges, find_ink
from cnn.preprocessing.picture_reader import line_width
from cnn.preprocessing.rasterize import centre_of_mass, fit_strokes, rasterize_strokes, smooth_strokes, strokes_to_mnist

ALL = PreprocessingSteps()
SIDE = 240  # px of the test photos
SAME = 0.09  # mean difference between a digit's photo and its strokes: another pen, at most a pixel of shift
ACROSS, DOWN = np.meshgrid(np.linspace(0, 1, SIDE), np.linspace(0, 1, SIDE))


def _hands(count: int) -> list[list[Array]]:
    rng = np.random.default_rng(6)
    return [write_digit(i % 10, rng) for i in range(count)]


def _ink(hand: list[Array], pen: float = 13, share: float = 0.5, shift: float = 0) -> Array:
    """Draw a digit `share` of the photo high."""
    fitted = fit_strokes(smooth_strokes(hand), share * SIDE, SIDE)
    return rasterize_strokes([stroke + np.float32(shift) for stroke in fitted], pen, SIDE)


@cache
def _inked() -> list[tuple[list[Array], Array]]:
    return [(hand, _ink(hand)) for hand in _hands(6)[1:]]


def _bytes(picture: npt.NDArray[np.floating]) -> Pixels:
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def _noisy(picture: npt.NDArray[np.floating], amount: float) -> npt.NDArray[np.floating]:
    return picture + np.random.default_rng(7).normal(0, amount, picture.shape)


def _see_through(ink: Array, colour: int) -> Pixels:
    return np.dstack([np.full((*ink.shape, 3), colour, np.uint8), _bytes(255 * ink)])


PAPERS: dict[str, Callable[[Array], Pixels]] = {
    "black on white": lambda ink: _bytes(255 * (1 - ink)),
    "white on black": lambda ink: _bytes(255 * ink),
    "on grey": lambda ink: _bytes(150 - 110 * ink),
    "faint": lambda ink: _bytes(150 - 30 * ink),
    "chalk": lambda ink: _bytes(_noisy(40 + 30 * ACROSS + 160 * ink, 6)),
    "light from one side": lambda ink: _bytes(_noisy((230 - 150 * ACROSS) * (1 - 0.8 * ink), 3)),
    "dark corners": lambda ink: _bytes((240 - 300 * ((ACROSS - 0.5) ** 2 + (DOWN - 0.5) ** 2)) * (1 - 0.8 * ink)),
    "edge of a shadow": lambda ink: _bytes(_noisy(np.where(ACROSS + 0.3 * DOWN > 0.6, 110, 220) * (1 - 0.8 * ink), 3)),
    "ruled paper": lambda ink: _bytes(np.where(np.arange(SIDE) % 40 < 2, 190, 240)[:, None] * (1 - 0.8 * ink)),
    "dark on transparent": lambda ink: _see_through(ink, 0),
    "light on transparent": lambda ink: _see_through(ink, 255),
    "grey and alpha": lambda ink: _see_through(ink, 0)[..., 2:],
    "opaque RGBA": lambda ink: np.dstack([_bytes(255 * (1 - ink))] * 3 + [np.full(ink.shape, 255, np.uint8)]),
    "blue ink": lambda ink: np.dstack([_bytes(250 - 220 * ink), _bytes(250 - 200 * ink), _bytes(250 - 100 * ink)]),
    "one channel": lambda ink: _bytes(255 * (1 - ink))[..., None],
}


def _only(picture: Pixels, steps: PreprocessingSteps = ALL) -> Digit:
    (found,) = from_picture(picture, steps).digits
    return found


def _differs(picture: Pixels, hand: list[Array]) -> float:
    (drawn,) = from_strokes(hand).digits
    return float(np.abs(_only(picture).pixels - drawn.pixels).mean())


@pytest.mark.parametrize("paper", PAPERS)
def test_a_photo_shows_what_the_strokes_show(paper: str) -> None:
    differences = [_differs(PAPERS[paper](ink), hand) for hand, ink in _inked()]
    assert np.median(differences) < SAME
    assert max(differences) < 2 * SAME


@pytest.mark.parametrize("pen", [3, 6, 24])
def test_pencil_and_marker_come_out_as_pens(pen: float) -> None:
    for hand in _hands(4):
        assert _differs(_bytes(255 * (1 - _ink(hand, pen))), hand) < 2 * SAME


def test_mnist_itself_stays_as_it_is() -> None:
    for hand in _hands(20):
        picture = strokes_to_mnist(smooth_strokes(hand))
        for as_given in (_bytes(255 * picture), _bytes(255 - 255 * picture)):
            moved = [np.roll(picture, shift, axis) for shift in (-1, 0, 1) for axis in (0, 1)]
            found = _only(as_given).pixels[..., 0]
            assert min(np.abs(found - same).mean() for same in moved) < 0.02


def test_a_fat_digit_is_not_taken_for_its_holes() -> None:
    written = [strokes_to_mnist(smooth_strokes(hand), pen) for hand in _hands(40) for pen in (4.5, 5.5)]
    assert not any(find_ink(picture).dark for picture in written)


@pytest.mark.parametrize("side", range(4))
def test_a_strip_of_desk_along_a_side_is_dropped_beside_a_digit_half_as_long(side: int) -> None:
    labels = np.zeros((100, 100), np.int32)
    labels[-2:], labels[30:60, 40:60] = 1, 2
    kept = _without_edges(np.rot90(labels, side), np.array([0, 100, 30]))
    np.testing.assert_array_equal(kept, [0, 0, 30])


def test_a_moved_digit_gives_the_same_pixels() -> None:
    hand = _hands(3)[2]
    one, other = (_only(_bytes(255 * (1 - _ink(hand, shift=shift)))) for shift in (0, 20))
    np.testing.assert_allclose(one.pixels, other.pixels, atol=1e-6)
    np.testing.assert_allclose(np.subtract(other.box, one.box), [20, 20, 0, 0])


@pytest.mark.parametrize(
    "picture",
    [
        np.full((90, 70), 255),
        np.zeros((90, 70)),
        np.full((90, 70, 3), 99),
        np.zeros((50, 50, 4)),
        np.zeros((1, 1)),
        np.arange(50)[None] * 5,
        230 - 150 * ACROSS,
        _noisy(np.full((SIDE, SIDE), 200.0), 5),
        np.random.default_rng(8).integers(0, 256, (28, 28)),
        np.random.default_rng(8).integers(0, 256, (300, 200, 3)),
    ],
    ids=["white", "black", "grey", "transparent", "pixel", "row", "light", "grain", "small noise", "noise"],
)
def test_a_picture_without_ink_says_so(picture: npt.NDArray[np.floating]) -> None:
    reading = from_picture(_bytes(picture))
    assert (reading.digits, reading.nothing) == ((), NoDigit.NO_INK)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((9, 9)), np.zeros((9, 9, 5), np.uint8), np.zeros(9, np.uint8), np.zeros((0, 9), np.uint8)],
    ids=["floats", "five channels", "a line", "empty"],
)
def test_what_is_no_picture_is_refused(picture: Pixels) -> None:
    with pytest.raises(BadInput, match="picture"):
        from_picture(picture)


def test_several_digits_are_read_from_left_to_right() -> None:
    hands = [_hands(10)[label] for label in (4, 1, 7)]
    picture = _bytes(255 * (1 - np.hstack([_ink(hand) for hand in hands])))
    found = from_picture(picture).digits
    assert len(found) == 3
    for place, (one, hand) in enumerate(zip(found, hands, strict=True)):
        rows, columns = np.nonzero(_ink(hand) > 0.1)
        low = (columns.min() + place * SIDE, rows.min())
        size = (np.ptp(columns) + 1, np.ptp(rows) + 1)
        np.testing.assert_allclose(one.box, (*low, *size), atol=2)  # the largest side is shrunk from 720 to 640 px
        assert np.abs(one.pixels[..., 0] - strokes_to_mnist(smooth_strokes(hand))).mean() < 2 * SAME


def test_specks_are_no_digits() -> None:
    ink = _ink(_hands(4)[3])
    clean = _only(_bytes(255 * (1 - ink)))
    ink[10:14, 200:204] = ink[220:223, 20:24] = 1
    np.testing.assert_array_equal(_only(_bytes(255 * (1 - ink))).pixels, clean.pixels)


def test_a_large_photo_has_its_box_in_its_own_pixels() -> None:
    small = Image.fromarray(_bytes(220 * (1 - _ink(_hands(6)[5]))))
    photo = np.asarray(small.resize((8 * SIDE, 8 * SIDE), Image.Resampling.BILINEAR))
    np.testing.assert_allclose(np.divide(_only(photo).box, 8), _only(np.asarray(small)).box, atol=1)


def test_without_polarity_dark_ink_leaves_a_white_page() -> None:
    picture = _bytes(255 * (1 - _ink(_hands(9)[8])))
    assert _only(picture).pixels.mean() < 0.3
    off = _only(picture, replace(ALL, polarity=False))
    assert off.pixels[5:23, 5:23].mean() > 0.6
    assert off.box == (0, 0, SIDE, SIDE)
    np.testing.assert_array_equal(
        _only(255 - picture, replace(ALL, polarity=False)).pixels, _only(255 - picture).pixels
    )


def test_without_threshold_grey_paper_stays() -> None:
    picture = PAPERS["on grey"](_ink(_hands(1)[0]))
    assert np.quantile(_only(picture).pixels, 0.4) == 0
    off = _only(picture, replace(ALL, threshold=False, centre=False)).pixels[4:24, 10:18, 0]
    assert off.min() > 0.3  # (255 - 150) / 255, in the hole of the nought too


def test_without_crop_all_of_the_picture_is_shrunk() -> None:
    picture = _bytes(255 * (1 - _ink(_hands(2)[1], share=0.25, shift=-50)))
    off = _only(picture, replace(ALL, crop=False, centre=False)).pixels[..., 0]
    assert (off > 0.3).any(axis=1).sum() < 12
    assert centre_of_mass(off).max() < 12
    two = np.hstack([picture, picture])
    assert len(from_picture(two, replace(ALL, crop=False)).digits) == 1


def test_without_box_it_fills_all_28_px() -> None:
    picture = _bytes(255 * (1 - _ink(_hands(1)[0])))
    off = _only(picture, replace(ALL, box=False, centre=False)).pixels[..., 0] > 0.1
    assert max(off.any(axis=0).sum(), off.any(axis=1).sum()) == 28


def test_without_pen_a_pencil_almost_vanishes() -> None:
    picture = _bytes(255 * (1 - _ink(_hands(8)[7], pen=2)))
    off = _only(picture, replace(ALL, pen=False)).pixels
    assert off.sum() < 0.4 * _only(picture).pixels.sum()


def test_without_centre_the_box_is_in_the_middle() -> None:
    six = [np.array([[0.5, 0], [0.1, 0.9], [0.15, 1.4], [0.6, 1.4], [0.6, 1], [0.15, 1]], np.float32)]
    picture = _bytes(255 * (1 - _ink(six)))
    rows = np.flatnonzero(_only(picture, replace(ALL, centre=False)).pixels.max(axis=(1, 2)) > 0.1)
    assert (rows[0], rows[-1]) == (4, 23)
    np.testing.assert_allclose(centre_of_mass(_only(picture).pixels[..., 0]), 14.5, atol=0.6)


def test_the_step_of_strokes_does_not_touch_pictures() -> None:
    picture = _bytes(255 * (1 - _ink(_hands(1)[0])))
    np.testing.assert_array_equal(_only(picture, replace(ALL, smooth=False)).pixels, _only(picture).pixels)


def test_the_xray_shows_every_step_in_order() -> None:
    found = _only(PAPERS["light from one side"](_ink(_hands(5)[4])))
    steps = [stage.step for stage in found.stages()]
    assert steps == ["input", "sheet", "polarity", "rules", "threshold", "crop", "box", "pen", "centre"]
    for stage in found.stages():
        assert stage.picture.dtype == np.float32
        assert 0 <= stage.picture.min() < stage.picture.max() <= 1
    np.testing.assert_array_equal(found.stages()[-1].picture, found.pixels[..., 0])


@pytest.mark.parametrize("width", [4.0, 9.0, 20.0])
def test_line_width_is_measured(width: float) -> None:
    line = rasterize_strokes([np.array([[20, 20], [180, 150]], np.float32)], width, 200)
    assert line_width(line) == pytest.approx(width, rel=0.15)
