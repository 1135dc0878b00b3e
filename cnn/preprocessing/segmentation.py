"""Which parts belong to one digit: strokes of a drawing or spots of ink in a picture.

One digit taken for two is worse than two taken for one, since people mostly write one. So two parts are two
digits only if a clear upright, leaning or level gap lies between them and both are about as tall as digits here are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

GAP = 0.16  # of the tallest part: less room than this is a gap within a digit, as in an open 4
WIDE_GAP = 0.35  # of the tallest row: less room than this is a gap within a digit where parts are wide
TALL = 0.55  # of the tallest part: less is the bar of a 5, the foot of a 1, a broken line
LEANS = (0.0, 0.2, -0.2, 0.4, -0.4)  # x per y, upwards: slanted digits are parted by slanted gaps


@dataclass(frozen=True, slots=True)
class _Column:
    """Parts that stand above each other: their indices and their bounds."""

    parts: tuple[int, ...]
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    def gap(self, right: "_Column") -> float:
        return right.left - self.right

    def joined(self, other: "_Column") -> "_Column":
        return _Column(
            self.parts + other.parts,
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.top, other.top),
            max(self.bottom, other.bottom),
        )


def group_into_digits(parts: Sequence[Points]) -> list[list[int]]:
    """Say which parts make up each digit.

    Args:
        parts: at least one, each (points, 2) of at least one point: x to the right, y downwards, in any unit.
    Returns: indices of parts, each list in rising order; the lists row by row, and from left to right in each.
    """
    upright = [_column((i,), part) for i, part in enumerate(parts)]
    return [
        sorted(row[i] for i in digit)
        for row in _rows(parts)
        for digit in _in_row([parts[i] for i in row], [upright[i] for i in row])
    ]


def _rows(parts: Sequence[Points]) -> list[list[int]]:
    """Part what stands in rows, by clear level gaps between parts that are about as tall: from the top downwards.

    The two rings of an 8 may stand as far apart as two digits do, but they are wider than tall.
    """
    turned = [_column((i,), part[:, ::-1]) for i, part in enumerate(parts)]  # a row, turned, is a column
    turned.sort(key=lambda row: row.left)
    strips = _closed(turned, 0)
    tallest = max(row.width for row in strips)
    wide = any(column.width > column.height for row in strips for column in _in_strip(row, parts))
    rows = _closed(strips, (WIDE_GAP if wide else GAP) * tallest)
    if any(row.width < TALL * max(row.width for row in rows) for row in rows):
        return [[*range(len(parts))]]  # the bar of a five, the dot of a question mark
    return [sorted(row.parts) for row in rows]


def _in_strip(row: _Column, parts: Sequence[Points]) -> list[_Column]:
    """Join the parts of a row that stand above each other."""
    columns = sorted((_column((i,), parts[i]) for i in row.parts), key=lambda column: column.left)
    return _closed(columns, 0)


def _in_row(parts: Sequence[Points], upright: Sequence[_Column]) -> list[list[int]]:
    if len(parts) == 1:
        return [[0]]
    found = max((_columns(parts, lean) for lean in LEANS), key=len)  # the first of the longest: upright if it can
    middle = {c: np.mean([(upright[i].left + upright[i].right) / 2 for i in c.parts]) for c in found}
    return [sorted(c.parts) for c in sorted(found, key=lambda c: middle[c])]


def _columns(parts: Sequence[Points], lean: float) -> list[_Column]:
    single = [_column((i,), part @ np.array([[1, 0], [lean, 1]])) for i, part in enumerate(parts)]
    single.sort(key=lambda column: column.left)
    columns = _closed(single, 0)
    columns = _closed(columns, GAP * max(column.height for column in columns))
    return _all_tall(columns)


def _column(index: tuple[int, ...], points: Points) -> _Column:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return _Column(index, float(left), float(right), float(top), float(bottom))


def _closed(columns: Sequence[_Column], room: float) -> list[_Column]:
    """Join neighbours with less than `room` between them."""
    result = [columns[0]]
    for column in columns[1:]:
        if result[-1].gap(column) <= room:
            result[-1] = result[-1].joined(column)
        else:
            result.append(column)
    return result


def _all_tall(columns: list[_Column]) -> list[_Column]:
    """Give each short column to its nearest neighbour, the shortest first."""
    while len(columns) > 1:
        heights = [column.height for column in columns]
        short = int(np.argmin(heights))
        if heights[short] >= TALL * max(heights):
            break
        after = short == 0 or (
            short + 1 < len(columns) and columns[short].gap(columns[short + 1]) < columns[short - 1].gap(columns[short])
        )
        first = short if after else short - 1
        columns = [*columns[:first], columns[first].joined(columns[first + 1]), *columns[first + 2 :]]
    return columns
