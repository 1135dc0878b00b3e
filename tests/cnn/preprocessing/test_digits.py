"""A drawing on its way in: the same pixels wherever it stands, several digits, and steps that can be left out."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from cnn.array_types import Array
from cnn.datasets.synthetic_handwriting import write_digit
from cnn.errors import BadInput
from cnn.preprocessing import Digit, NoDigit, PreprocessingSteps, from_strokes
from cnn.preprocessing.rasterize import centre_of_mass, smooth_strokes, strokes_to_mnist
from cnn.preprocessing.segmentation import group_into_digits

Strokes = list[npt.NDArray[np.float64]]
ALL = PreprocessingSteps()
SIDE, PEN = 280.0, 16.0  # px: a canvas as the app has it


def _hands(count: int, seed: int = 2) -> list[list[Array]]:
    rng = np.random.default_rng(seed)
    return [write_digit(i % 10, rng) for i in range(count)]


def _on_canvas(hand: list[Array], height: float = 100, left: float = 30, top: float = 40) -> Strokes:
    points = np.vstack(hand).astype(np.float64)
    scale = height / np.ptp(points[:, 1])
    return [(stroke - points.min(axis=0)) * scale + [left, top] for stroke in hand]


def _row(labels: list[int], rng: np.random.Generator, gap: float) -> list[Strokes]:
    """Write digits side by side, of about the same height, at least `gap` of it apart."""
    row: list[Strokes] = []
    x = 10.0
    for label in labels:
        row.append(_on_canvas(write_digit(label, rng), 100 * rng.uniform(0.85, 1.15), x, 50 + rng.uniform(-10, 10)))
        x = float(np.vstack(row[-1])[:, 0].max()) + 115 * gap * rng.uniform(1, 1.6)
    return row


def _only(strokes: Strokes, steps: PreprocessingSteps = ALL) -> Digit:
    (found,) = from_strokes(strokes, PEN, SIDE, SIDE, steps).digits
    return found


def _ink_size(found: Digit) -> int:
    ink = found.pixels[..., 0] > 0.5
    return int(max(ink.any(axis=0).sum(), ink.any(axis=1).sum()))


def test_pixels_are_those_the_networks_were_trained_on() -> None:
    for hand in _hands(60):
        (found,) = from_strokes(hand).digits
        assert found.pixels.shape == (28, 28, 1)
        assert found.pixels.dtype == np.float32
        np.testing.assert_allclose(found.pixels[..., 0], strokes_to_mnist(smooth_strokes(hand)), atol=1e-4)


def test_scale_place_pen_and_canvas_change_nothing() -> None:
    rng = np.random.default_rng(3)
    for hand in _hands(30):
        scale = 10 ** rng.uniform(-8, 8)
        moved = [np.asarray(stroke, np.float64) * scale + 2 * scale for stroke in hand]
        (found,) = from_strokes(moved, pen=scale / 9, width=9 * scale, height=6 * scale).digits
        np.testing.assert_allclose(found.pixels[..., 0], strokes_to_mnist(smooth_strokes(hand)), atol=1e-3)


def test_order_of_strokes_changes_nothing() -> None:
    hand = _on_canvas(next(hand for hand in _hands(30) if len(hand) > 1))
    np.testing.assert_allclose(_only(hand[::-1]).pixels, _only(hand).pixels, atol=1e-4)


def test_empty_strokes_are_skipped_and_doubled_points_are_no_trouble() -> None:
    hand = _on_canvas(_hands(3)[2])
    empty = np.zeros((0, 2))
    np.testing.assert_array_equal(_only([empty, *hand, empty]).pixels, _only(hand).pixels)
    doubled = [np.repeat(stroke, 2, axis=0) for stroke in hand]
    assert np.isfinite(_only(doubled).pixels).all()


def test_nothing_has_a_name_and_a_sentence() -> None:
    assert from_strokes([]).nothing is NoDigit.BLANK
    assert from_strokes([[]]).nothing is NoDigit.BLANK
    assert from_strokes([[[5, 5]]]).nothing is NoDigit.DOT
    assert from_strokes([[[5, 5], [5, 5]], [[5, 5]]]).nothing is NoDigit.DOT
    assert from_strokes([[[50, 50], [60, 58]]], PEN, SIDE, SIDE).nothing is NoDigit.DOT
    assert from_strokes([[[50, 50], [53, 50]]], 1, SIDE, SIDE).nothing is NoDigit.DOT
    assert all(nothing.sentence.endswith(".") for nothing in NoDigit)
    assert from_strokes(_hands(1)[0]).nothing is None


def test_a_short_one_is_no_dot() -> None:
    assert len(from_strokes([[[50, 50], [49, 70]]], PEN, SIDE, SIDE).digits) == 1


def test_a_stray_touch_is_left_out() -> None:
    hand = _on_canvas(_hands(4)[3])
    stray = np.array([[250.0, 250.0], [251.0, 250.0]])
    np.testing.assert_array_equal(_only([*hand, stray]).pixels, _only(hand).pixels)


@pytest.mark.parametrize(
    "strokes",
    [
        [[[0, float("nan")], [1, 1]]],
        [[[0, float("inf")], [1, 1]]],
        [[[0, 1e31], [1, 1]]],
        [[[0, 1, 2], [1, 1, 2]]],
        [[0, 1]],
        [[[0, 1], [2]]],
        [[["0", "1"]]],
        [[[True, False]]],
        [None],
    ],
)
def test_what_is_no_stroke_is_refused(strokes: list[npt.ArrayLike]) -> None:
    with pytest.raises(BadInput, match="stroke"):
        from_strokes(strokes)


@pytest.mark.parametrize("name", ["pen", "width", "height"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_a_size_that_is_none_is_refused(name: str, value: float) -> None:
    with pytest.raises(BadInput, match=name):
        from_strokes([[[0, 0], [9, 9]]], **{name: value})


def test_one_digit_stays_one() -> None:
    hands = [hand for hand in _hands(4000, seed=4) if len(hand) > 1]  # one stroke cannot be split
    split = [hand for hand in hands if len(group_into_digits([stroke.astype(np.float64) for stroke in hand])) > 1]
    assert len(split) <= 4  # of 4,000


def test_broken_digits_stay_one() -> None:
    open_four = [[[20, 0], [10, 50], [45, 52]], [[55, 5], [52, 100]]]  # the foot ends short of the bar
    loose_five = [[[20, 5], [18, 45], [60, 55], [50, 95], [5, 90]], [[30, 0], [75, 0]]]
    crossed_seven = [[[0, 0], [60, 0], [25, 100]], [[20, 50], [70, 50]]]
    one_with_all = [[[30, 20], [50, 0], [50, 90]], [[20, 102], [80, 102]]]
    halves_of_zero = [[[28, 0], [5, 30], [5, 70], [28, 100]], [[40, 0], [63, 30], [63, 70], [40, 100]]]
    for strokes in (open_four, loose_five, crossed_seven, one_with_all, halves_of_zero):
        assert len(from_strokes(strokes).digits) == 1


def test_several_digits_are_read_from_left_to_right() -> None:
    rng = np.random.default_rng(5)
    rows = [[1, 1], [1, 4], [4, 1], [7, 1, 1]] + [rng.integers(0, 10, 2 + i % 2).tolist() for i in range(96)]
    right = 0
    for labels in rows:
        digits = _row(labels, rng, gap=0.25)
        strokes = [stroke for one in digits for stroke in one]
        found = from_strokes([strokes[i] for i in rng.permutation(len(strokes))]).digits
        if len(found) == len(labels):
            right += 1
            for one, expected in zip(found, digits, strict=True):
                low = np.vstack(expected).min(axis=0)
                np.testing.assert_allclose(one.box[:2], low, atol=1e-6)
    assert right >= 0.98 * len(rows)


def test_slanted_ones_are_two() -> None:
    assert len(from_strokes([[[40, 0], [0, 100]], [[75, 0], [35, 100]]]).digits) == 2


def test_box_is_the_ink_on_the_canvas() -> None:
    strokes = [np.array([[50.0, 60.0], [90.0, 160.0]])]
    assert _only(strokes).box == pytest.approx((50 - PEN / 2, 60 - PEN / 2, 40 + PEN, 100 + PEN))


def test_without_crop_all_of_the_canvas_is_shrunk() -> None:
    hand = _on_canvas(_hands(1)[0], height=70, left=20, top=20)
    found = _only(hand, replace(ALL, crop=False, centre=False))
    assert _ink_size(found) == pytest.approx(7 + 2.6, abs=1.5)  # 70 of 280 px are 7 of 28
    assert centre_of_mass(found.pixels[..., 0]).max() < 10  # where it was drawn: top left
    two = from_strokes(
        [s for one in _row([3, 5], np.random.default_rng(0), 0.4) for s in one], steps=PreprocessingSteps(crop=False)
    )
    assert len(two.digits) == 1


def test_without_box_it_fills_all_28_px() -> None:
    hand = _on_canvas(_hands(1)[0])
    assert _ink_size(_only(hand)) == pytest.approx(20, abs=1)
    assert _ink_size(_only(hand, replace(ALL, box=False, centre=False))) == pytest.approx(28, abs=1)


def test_without_pen_lines_keep_the_width_they_were_drawn_with() -> None:
    line = [np.array([[140.0, 50.0], [140.0, 234.0]])]  # with its pen 200 px long: scaled by 1 / 10
    thick = _only(line, replace(ALL, pen=False)).pixels[14].sum()
    assert thick == pytest.approx(PEN / 10, abs=0.1)
    assert _only(line).pixels[14].sum() == pytest.approx(2.6, abs=0.1)


def test_without_centre_the_box_is_in_the_middle() -> None:
    six = [np.array([[60.0, 0.0], [10.0, 90.0], [15.0, 140.0], [60.0, 140.0], [60.0, 100.0], [15.0, 100.0]])]
    off = centre_of_mass(_only(six, replace(ALL, centre=False)).pixels[..., 0])
    np.testing.assert_allclose(centre_of_mass(_only(six).pixels[..., 0]), 14, atol=0.1)
    assert off[1] > 15  # a six carries its ink low


def test_without_smooth_coarse_points_stay_corners() -> None:
    circle = [np.array([[140 + 60 * np.cos(a), 140 + 60 * np.sin(a)] for a in np.linspace(0, 2 * np.pi, 6)])]
    assert np.abs(_only(circle).pixels - _only(circle, replace(ALL, smooth=False)).pixels).max() > 0.3


def test_steps_of_pictures_do_not_touch_strokes() -> None:
    hand = _on_canvas(_hands(1)[0])
    off = _only(hand, PreprocessingSteps(polarity=False, threshold=False))
    np.testing.assert_array_equal(off.pixels, _only(hand).pixels)


def test_the_xray_shows_every_step_in_order() -> None:
    found = _only(_on_canvas(_hands(5)[4]))
    assert [stage.step for stage in found.stages()] == ["input", "smooth", "crop", "box", "pen", "centre"]
    for stage in found.stages():
        assert stage.picture.dtype == np.float32
        assert 0 <= stage.picture.min() < stage.picture.max() <= 1
    np.testing.assert_array_equal(found.stages()[-1].picture, found.pixels[..., 0])


@pytest.mark.parametrize("step, before", [("smooth", "input"), ("crop", "smooth"), ("pen", "box")])
def test_a_step_that_is_off_shows_what_came_before(step: str, before: str) -> None:
    hand = _on_canvas(_hands(4)[3])
    pictures = {stage.step: stage.picture for stage in _only(hand, replace(ALL, **{step: False})).stages()}
    np.testing.assert_array_equal(pictures[step], pictures[before])
    pictures = {stage.step: stage.picture for stage in _only(hand).stages()}
    assert pictures[step].shape != pictures[before].shape or (pictures[step] != pictures[before]).any()
