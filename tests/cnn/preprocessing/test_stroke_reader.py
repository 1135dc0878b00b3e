"""Strokes of any form, shape, count and place: read right or refused in a sentence, and never more than that."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn.datasets.synthetic_handwriting import write_digit
from cnn.errors import BadInput
from cnn.preprocessing import NoDigit, PreprocessingSteps, Reading, from_strokes
from cnn.preprocessing.rasterize import MOST_POINTS, centre_of_mass, smooth_strokes, thin_points
from cnn.preprocessing.stroke_reader import MARGIN, STRAY

PEN, WIDTH, HEIGHT = 24.0, 480.0, 360.0  # as the canvas has them

Strokes = list[npt.NDArray[np.float64]]

numbers = st.one_of(st.floats(), st.integers(), st.floats(0, 480), st.integers(0, 480))
near = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)).map(list)
taps = st.lists(st.lists(near, min_size=1, max_size=2), max_size=12)
drawings = st.one_of(
    taps,  # dots beside dots
    st.lists(st.lists(near, max_size=12), max_size=8),
    st.lists(st.lists(st.tuples(numbers, numbers).map(list), max_size=6), max_size=6),
    st.lists(st.lists(st.lists(numbers, max_size=4), max_size=6), max_size=4),  # any form
    st.recursive(st.one_of(numbers, st.none(), st.text(max_size=3), st.booleans()), st.lists, max_leaves=12),
)
sizes = st.one_of(st.none(), st.floats(1e-300, 1e29))
steps = st.builds(PreprocessingSteps, smooth=st.booleans(), crop=st.booleans(), box=st.booleans(), pen=st.booleans())


def checked(reading: Reading) -> Reading:
    """Assert that a network can be asked about what was read."""
    assert bool(reading.digits) == (reading.nothing is None)
    for found in reading.digits:
        pictures = [found.pixels[..., 0], *(stage.picture for stage in found.stages())]
        assert all(np.isfinite(picture).all() and 0 <= picture.min() <= picture.max() <= 1 for picture in pictures)
    return reading


@pytest.mark.parametrize("examples", [300, pytest.param(5_000, marks=pytest.mark.slow)])
def test_any_strokes_are_read_or_refused(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(drawings, sizes, sizes, sizes, steps)
    def read_or_refused(
        strokes: list[npt.ArrayLike],
        pen: float | None,
        width: float | None,
        height: float | None,
        off: PreprocessingSteps,
    ) -> None:
        try:
            checked(from_strokes(strokes, pen, width, height, off))
        except BadInput as error:
            assert str(error).endswith(".")

    read_or_refused()


LEAST, MOST = 1.1e-30, 9e29  # within what is taken


@pytest.mark.parametrize(
    "off", [PreprocessingSteps(), PreprocessingSteps(smooth=False, crop=False, box=False, pen=False, centre=False)]
)
@pytest.mark.parametrize("pen", [None, LEAST, 1, MOST])
@pytest.mark.parametrize("side", [LEAST, 1, MOST])
def test_no_size_is_too_small_or_too_large_for_a_drawing(
    pen: float | None, side: float, off: PreprocessingSteps
) -> None:
    for size in (2 * LEAST, 1, MOST):
        line = np.array([[0, 0], [size, size]])
        for reading in (from_strokes([line], pen, side, side, off), from_strokes([line], pen, None, None, off)):
            checked(reading)


@pytest.mark.parametrize("value", [0, -1, 1e-300, 1e30, float("inf"), float("nan")])
def test_a_size_that_leaves_no_room_to_divide_is_refused(value: float) -> None:
    for sizes in ((value, None, None), (None, value, HEIGHT), (None, WIDTH, value)):
        with pytest.raises(BadInput, match="between 1e-30 and 1e\\+30, or leave it out"):
            from_strokes([[[0, 0], [9, 9]]], *sizes)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(taps)
def test_taps_are_no_digit_however_many_and_wherever(strokes: list[npt.ArrayLike]) -> None:
    touched = [np.asarray(stroke)[:1] for stroke in strokes]
    assert from_strokes(touched, PEN, WIDTH, HEIGHT).nothing is (NoDigit.DOT if touched else NoDigit.BLANK)


@pytest.mark.parametrize("beside", [(300, 100), (240, 300), (200, 100), (470, 350)])
def test_a_dot_beside_a_line_is_no_digit_of_its_own(beside: tuple[int, int]) -> None:
    flat = [[60, 100], [200, 100]]
    assert len(checked(from_strokes([flat, [beside]], PEN, WIDTH, HEIGHT)).digits) == 1


def seven(where: float = 0.0) -> Strokes:
    return [
        np.array([[0, 0], [60, 0], [55, 10], [45, 40], [25, 100]]) + where,
        np.array([[20.0, 50], [70, 50]]) + where,
    ]


FORMS = {
    "pressure": lambda stroke: np.column_stack([stroke, np.linspace(0, 1, len(stroke))]),
    "time in ms": lambda stroke: np.column_stack([stroke, 1_790_000_000_000 + 17 * np.arange(len(stroke))]),
    "pressure and time": lambda stroke: np.column_stack([stroke, stroke[:, :1] * 0 + 0.5, np.arange(len(stroke))]),
    "columns": lambda stroke: stroke.T,
    "columns and time": lambda stroke: np.vstack([stroke.T, np.arange(len(stroke))]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_as_the_pairs_in_it(form: str) -> None:
    (pairs,) = from_strokes(seven()).digits
    (found,) = from_strokes([FORMS[form](stroke).tolist() for stroke in seven()]).digits
    np.testing.assert_array_equal(found.pixels, pairs.pixels)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [1, 3, 4, 5, 8])  # columns of two are pairs, the form that every sentence shows
def test_one_stroke_of_any_length_is_read_right_or_refused(form: str, count: int) -> None:
    line = np.column_stack([np.linspace(0, 40, count), np.linspace(0, 100, count) ** 1.1])
    right = from_strokes([line])
    try:
        found = from_strokes([FORMS[form](line).tolist()])
    except BadInput as error:
        assert "[[x, y], [x, y], ...]" in str(error)
    else:
        assert found.nothing == right.nothing
        for one, other in zip(found.digits, right.digits, strict=True):
            np.testing.assert_array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize(
    "strokes",
    [
        [[[0, 1, 2], [1, 1, 2]]],  # two points with pressure, or three in columns
        [[[0, 1], [9, 9]], [[0, 1, 1], [9, 9, 1], [9, 5, 1]]],  # two forms
        [[[0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [2, 2, 1, 1, 1, 1], [3, 3, 1, 1, 1, 1]]],
        [[0, 0, 9, 9]],
        [[{"x": 0, "y": 0}, {"x": 9, "y": 9}]],
        [[[10**400, 0], [0, 9]]],
    ],
)
def test_a_form_that_nobody_can_know_is_refused_with_the_right_one(strokes: list[npt.ArrayLike]) -> None:
    with pytest.raises(BadInput, match=r"Give each stroke as \[\[x, y\]"):
        from_strokes(strokes)


@pytest.mark.parametrize("where", [1.79e12, -1e9, 1e6])
def test_coordinates_far_from_0_change_nothing(where: float) -> None:
    (pairs,), (found,) = from_strokes(seven()).digits, from_strokes(seven(where)).digits
    np.testing.assert_allclose(found.pixels, pairs.pixels, atol=1e-3)


def test_what_is_drawn_is_bounded_however_many_points_come() -> None:
    """A drawing of 20,000 points became 260,000 lines, and took 46 s of the processor with its x-ray."""
    scribble = np.random.default_rng(0).random((20_000, 2)).astype(np.float32)
    for strokes in ([scribble], np.split(scribble, 200), [*np.split(scribble[:100], 100), *np.split(scribble, 100)]):
        lines = smooth_strokes(thin_points(strokes))
        assert sum(map(len, lines)) <= 3 * MOST_POINTS + 2 * len(strokes)
        checked(from_strokes(strokes))


def test_a_digit_of_very_many_points_looks_as_one_of_few() -> None:
    for label in range(10):
        hand = write_digit(label, np.random.default_rng(label))
        fine = [_filled(stroke.astype(np.float64), 3_000) for stroke in hand]
        few, many = (
            from_strokes(strokes, steps=PreprocessingSteps(smooth=False)).digits[0] for strokes in (hand, fine)
        )
        np.testing.assert_allclose(many.pixels, few.pixels, atol=0.05)


def _filled(points: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    """Put points on a line, as a fast tablet does."""
    at = np.linspace(0, len(points) - 1, count)
    return np.column_stack([np.interp(at, np.arange(len(points)), axis) for axis in points.T])


def test_more_strokes_than_anybody_draws_are_refused() -> None:
    with pytest.raises(BadInput, match="strokes"):
        from_strokes([[[i, i], [i, i + 9]] for i in range(1_001)])


def test_without_the_crop_the_pen_is_mnists_all_the_same() -> None:
    def pixels(width: float, pen: bool = True) -> np.ndarray:
        steps = PreprocessingSteps(crop=False, pen=pen)
        return from_strokes([[[100, 100], [300, 250]]], width, 480, 360, steps).digits[0].pixels

    np.testing.assert_array_equal(pixels(8), pixels(40))
    assert pixels(40, pen=False).sum() > 3 * pixels(8, pen=False).sum()


def test_the_xrays_crop_shows_the_ink_from_edge_to_edge() -> None:
    stages = from_strokes([[[100, 100], [100, 300]]], 24, 480, 360).digits[0].stages()
    cropped = next(stage.picture for stage in stages if stage.step == "crop")
    rows = np.flatnonzero(cropped.max(axis=1) > 0.3)
    assert (rows[0], rows[-1]) == (0, len(cropped) - 1)


def test_without_the_crop_the_pen_is_as_wide_as_on_the_canvas() -> None:
    across = [[[60, 180], [420, 180]]]
    bare = from_strokes(across, 40, 480, 360, PreprocessingSteps(crop=False, pen=False, centre=False)).digits[0]
    assert bare.pixels[:, 14, 0].sum() == pytest.approx(28 * 40 / 480, abs=0.1)
    drawn = bare.stages()[0].picture
    assert drawn[:, len(drawn) // 2].sum() == pytest.approx(len(drawn) * 40 / 480, abs=0.5)


def test_a_drawing_of_no_canvas_is_taken_to_have_a_margin_all_around() -> None:
    steps = PreprocessingSteps(crop=False, centre=False, smooth=False)
    ink = from_strokes([[[900, 100], [900, 300]]], steps=steps).digits[0].pixels[..., 0]
    assert ink.max(axis=1).sum() == pytest.approx(
        28 / (1 + 2 * MARGIN) + 2.6, abs=0.8
    )  # of 28 rows, with the pen's ends
    np.testing.assert_allclose(centre_of_mass(ink), 14, atol=0.1)


@pytest.mark.parametrize(("away", "stays"), [(100 * STRAY, True), (100 * STRAY + 1, False)])
def test_a_touch_is_left_out_from_the_distance_that_is_said(away: float, stays: bool) -> None:
    line, touch = [[0.0, 0.0], [0.0, 100.0]], [[away, 50.0]]
    alone, both = (
        from_strokes(drawn, 4, 480, 360, PreprocessingSteps(crop=False)) for drawn in ([line], [line, touch])
    )
    assert bool(np.any(alone.digits[0].pixels != both.digits[0].pixels)) == stays
