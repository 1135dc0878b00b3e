"""Heat maps as boxes and words."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.metrics.localization import BOX_GRID_PX, PLACES, describe_location, heatmap_box, upsample_heatmap

ZERO = np.zeros((7, 7), np.float32)


def spot(row: int, column: int, side: int = 9) -> Array:
    heat = np.zeros((side, side), np.float32)
    heat[row, column] = 1
    return heat


def blob(rows: slice, columns: slice) -> Array:
    """Make a heat map so fine that it is not smoothed."""
    heat = np.zeros((BOX_GRID_PX, BOX_GRID_PX), np.float32)
    heat[rows, columns] = 1
    return heat


def test_the_box_of_a_rectangle_is_the_rectangle() -> None:
    assert heatmap_box(blob(slice(14, 28), slice(56, 84))) == (0.5, 0.125, 0.25, 0.125)


def test_the_box_holds_what_is_over_a_fifth_of_the_greatest_value() -> None:
    heat = blob(slice(28, 56), slice(28, 56))
    heat[28:56, 56:84] = 0.21
    heat[56:84, 28:56] = 0.19
    assert heatmap_box(heat) == (0.25, 0.25, 0.5, 0.25)
    assert heatmap_box(heat / 2) == (0.25, 0.25, 0.5, 0.25), "it is the share that counts"


@pytest.mark.parametrize("strength", [0.5, 1])
def test_of_two_blobs_the_larger_one_has_the_box(strength: float) -> None:
    heat = blob(slice(0, 28), slice(0, 28)) * np.float32(strength)
    heat[100:105, 100:105] = 1
    assert heatmap_box(heat) == (0, 0, 0.25, 0.25)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (4, 4), (8, 4), (4, 8), (8, 8)])
def test_a_coarse_spot_lies_in_its_small_box(row: int, column: int) -> None:
    left, top, width, height = heatmap_box(spot(row, column)) or (0, 0, 0, 0)
    assert 0 <= left <= (column + 0.5) / 9 <= left + width <= 1
    assert 0 <= top <= (row + 0.5) / 9 <= top + height <= 1
    assert max(width, height) < 2 / 9


def test_a_map_that_is_not_square_is_stretched_over_the_picture() -> None:
    heat = np.zeros((4, 8), np.float32)
    heat[:, 4:] = 1
    left, top, width, height = heatmap_box(heat) or (0, 0, 0, 0)
    assert (top, height) == (0, 1)
    assert left == pytest.approx(0.5, abs=0.1)
    assert left + width == 1


def test_without_evidence_there_is_no_box() -> None:
    assert heatmap_box(ZERO) is None
    assert describe_location(ZERO) == "nowhere"


def test_even_evidence_is_all_over() -> None:
    assert heatmap_box(ZERO + 1) == (0, 0, 1, 1)
    assert describe_location(ZERO + 1) == "all over the picture"


@pytest.mark.parametrize("side", [3, 7, 8, 14])
@pytest.mark.parametrize(("row", "column"), [(row, column) for row in range(3) for column in range(3)])
def test_each_of_nine_places_has_its_words(row: int, column: int, side: int) -> None:
    at = (0, side // 2, side - 1)
    assert describe_location(spot(at[row], at[column], side)) == PLACES[row][column]


def test_rows_are_up_and_down_and_columns_left_and_right() -> None:
    assert describe_location(spot(0, 4)) == "at the top"
    assert describe_location(spot(4, 0)) == "on the left"
    assert describe_location(spot(8, 0)) == "in the lower left"


def test_weak_evidence_does_not_move_the_place() -> None:
    heat = spot(0, 0)
    heat[5:, 5:] = 0.4
    assert describe_location(heat) == "in the upper left"


@pytest.mark.parametrize("side", [2, 3, 9, 14])
def test_what_lies_on_two_edges_is_not_in_the_middle(side: int) -> None:
    heat = np.zeros((side, side), np.float32)
    heat[:, [0, -1]] = 1
    assert describe_location(heat) == ("all over the picture" if side < 4 else "in several places")
    heat[:, -1] = 0
    assert describe_location(heat) == "on the left"
    assert describe_location(heat.T) == "at the top"


def test_a_single_place_is_all_there_is() -> None:
    assert describe_location(np.ones((1, 1), np.float32)) == "all over the picture"
    assert describe_location(np.zeros((1, 1), np.float32)) == "nowhere"


@pytest.mark.parametrize("heat", [spot(0, 0), np.random.default_rng(1).random((7, 5), np.float32), ZERO, ZERO + 1])
def test_enlarged_it_stays_in_range(heat: Array) -> None:
    fine = upsample_heatmap(heat, 64)
    assert fine.shape == (64, 64)
    assert fine.dtype == np.float32
    assert (fine.min() >= 0, fine.max() <= 1) == (True, True)
    assert bool(fine.any()) == bool(heat.any())
