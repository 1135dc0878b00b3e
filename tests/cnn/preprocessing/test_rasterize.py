"""Strokes: the curve through coarse points, the box, the pen, the centre."""

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.datasets.synthetic_handwriting import write_digit
from cnn.preprocessing import rasterize
from cnn.preprocessing.rasterize import (
    BOX_PX,
    PEN_PX,
    centre_of_mass,
    centre_strokes,
    fit_strokes,
    rasterize_strokes,
    smooth_strokes,
    strokes_extent,
    strokes_to_mnist,
)

CORNER = np.array([[0, 0], [10, 0], [10, 10]], np.float32)


def _hands(count: int) -> list[list[Array]]:
    rng = np.random.default_rng(1)
    return [write_digit(i % 10, rng) for i in range(count)]


def test_smooth_keeps_every_old_point_in_order() -> None:
    (curve,) = smooth_strokes([CORNER])
    places = [int(np.flatnonzero((curve == point).all(axis=1))[0]) for point in CORNER]
    assert places == sorted(places)
    assert len(curve) > len(CORNER)


def test_smooth_is_the_curve_of_catmull_and_rom() -> None:
    (curve,) = smooth_strokes([CORNER])
    steps = (len(curve) - 1) // 2
    half = curve[steps + steps // 2]  # just before the middle of the second segment
    t = (steps // 2) / steps
    p0, p1, p2, p3 = CORNER[0], CORNER[1], CORNER[2], CORNER[2]
    slope1, slope2 = (p2 - p0) / 2, (p3 - p1) / 2
    hermite = (2 * t**3 - 3 * t**2 + 1) * p1 + (t**3 - 2 * t**2 + t) * slope1
    hermite = hermite + (3 * t**2 - 2 * t**3) * p2 + (t**3 - t**2) * slope2
    np.testing.assert_allclose(half, hermite, atol=1e-4)


def test_smooth_leaves_dots_and_lines_alone() -> None:
    dot, line = CORNER[:1], CORNER[:2]
    assert [stroke.tolist() for stroke in smooth_strokes([dot, line])] == [dot.tolist(), line.tolist()]


def test_fit_puts_the_longer_side_in_the_box() -> None:
    for hand in _hands(10):
        placed = fit_strokes(hand, 17)
        points = np.vstack(placed)
        assert strokes_extent(placed).max() == pytest.approx(17, abs=1e-4)
        np.testing.assert_allclose((points.min(axis=0) + points.max(axis=0)) / 2, 14, atol=1e-4)


def test_draw_gives_a_line_its_width_and_round_ends() -> None:
    picture = rasterize_strokes([np.array([[8, 14], [20, 14]], np.float32)], pen=4)
    assert picture[:, 14].sum() == pytest.approx(4, abs=0.01)
    assert picture[14].sum() == pytest.approx(12 + 4, abs=0.5)
    assert picture[12, 6] < picture[13, 6]


def test_draw_is_the_same_however_many_segments_are_measured_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    placed = fit_strokes(smooth_strokes(_hands(1)[0]), 17)
    expected = rasterize_strokes(placed, PEN_PX)
    monkeypatch.setattr(rasterize, "CHUNK_PX", 3 * 28 * 28)
    np.testing.assert_array_equal(rasterize_strokes(placed, PEN_PX), expected)


def test_a_dot_is_drawn_as_a_disc() -> None:
    assert rasterize_strokes([np.array([[14, 14]], np.float32)], pen=6).sum() == pytest.approx(np.pi * 9, rel=0.05)


def test_mass_centre_of_nothing_is_the_middle() -> None:
    assert centre_of_mass(np.zeros((28, 20), np.float32)).tolist() == [10, 14]


def test_centred_brings_the_ink_to_the_middle() -> None:
    for hand in _hands(10):
        middle = centre_of_mass(rasterize_strokes(centre_strokes(fit_strokes(hand, 15), PEN_PX), PEN_PX))
        np.testing.assert_allclose(middle, 14, atol=0.1)


def test_to_mnist_fits_ink_in_20_px() -> None:
    for hand in _hands(10):
        ink = strokes_to_mnist(smooth_strokes(hand)) > 0.5
        assert max(ink.any(axis=0).sum(), ink.any(axis=1).sum()) == pytest.approx(BOX_PX, abs=1)


def test_a_thinned_stroke_keeps_its_ends() -> None:
    """A drawing of a slow hand: without its first point a stroke begins later than the pen came down."""
    slow = np.linspace((3, 4), (200, 90), 5_000).astype(np.float32)
    (thin,) = rasterize.thin_points([slow])
    assert len(thin) < 1_100
    assert (thin[0].tolist(), thin[-1].tolist()) == (slow[0].tolist(), slow[-1].tolist())


def test_the_centre_of_faint_ink_is_where_it_is() -> None:
    faint = np.zeros((8, 8), np.float32)
    faint[2, 5] = 0.25
    assert centre_of_mass(faint).tolist() == [5.5, 2.5]
    assert centre_of_mass(np.zeros((8, 6), np.float32)).tolist() == [3, 4]
