"""Filled shapes become the lines of a pen."""

from __future__ import annotations

import numpy as np

from cnn.datasets.skeleton import Mask, simplify_line, skeletonize, trace_skeleton


def canvas(*bars: tuple[slice, slice]) -> Mask:
    shape = np.zeros((40, 40), bool)
    for rows, columns in bars:
        shape[rows, columns] = True
    return shape


LEVEL, UPRIGHT = (slice(17, 22), slice(4, 36)), (slice(4, 36), slice(17, 22))


def test_a_bar_becomes_its_middle_line_whatever_else_is_in_the_batch() -> None:
    bar, plus = skeletonize(np.stack([canvas(LEVEL), canvas(LEVEL, UPRIGHT)]))
    assert set(np.flatnonzero(bar.any(axis=1))) <= {18, 19, 20}
    assert bar.sum(axis=0).max() == 1
    assert np.array_equal(skeletonize(canvas(LEVEL)[None])[0], bar)
    assert plus.sum() > bar.sum()


def test_a_pen_goes_straight_on_where_lines_cross() -> None:
    lines = trace_skeleton(skeletonize(canvas(LEVEL, UPRIGHT)[None])[0], spur=4, tolerance=1.5)
    assert len(lines) == 2
    extents = sorted(tuple(np.ptp(line, axis=0) > 20) for line in lines)
    assert extents == [(False, True), (True, False)]  # one upright, one level: x and y, not row and column


def test_a_ring_is_one_closed_line() -> None:
    row, column = np.ogrid[:40, :40]
    radius = np.hypot(row - 20, column - 20)
    (line,) = trace_skeleton(skeletonize(((radius > 10) & (radius < 15))[None])[0], spur=4, tolerance=1.0)
    assert np.array_equal(line[0], line[-1])
    assert np.abs(np.hypot(*(line - 20).T) - 12.5).max() < 2


def test_short_side_branches_are_left_out_and_dots_are_kept() -> None:
    skeleton = canvas((slice(20, 21), slice(4, 36)), (slice(17, 20), slice(20, 21)), (slice(30, 31), slice(20, 21)))
    lines = trace_skeleton(skeleton, spur=6, tolerance=1.0)
    assert sorted(len(line) for line in lines)[0] == 1  # the dot
    assert not any(17 <= y < 19 for line in lines for _, y in line)


def test_only_needed_points_stay() -> None:
    corner = np.array([[0, 0], [1, 0.1], [2, 0], [2, 1], [2, 2]], np.float32)
    assert simplify_line(corner, 0.5).tolist() == [[0, 0], [2, 0], [2, 2]]
    closed = np.array([[0, 0], [3, 0], [3, 3], [0, 0]], np.float32)
    assert len(simplify_line(closed, 0.5)) == 4
