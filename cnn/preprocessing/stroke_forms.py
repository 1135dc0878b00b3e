"""What people and their programs send as strokes -> points. No TensorFlow.

Read are rows, [[x, y], ...], [[x, y, pressure], ...] or [[x, y, pressure, time], ...], and columns, [[xs], [ys]] or
[[xs], [ys], [times]], as Quick, Draw! has them. All strokes of a drawing have the same form, so that one stroke of
five points tells how a stroke of two is meant.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cnn.errors import BadInput

Points = npt.NDArray[np.float64]

ROWS, COLUMNS = (2, 3, 4), (2, 3)  # numbers a point may have; columns there may be
MOST_STROKES = 1_000  # of a drawing: a digit has one to four, and grouping costs the square of them
LARGEST = 1e30  # beyond, sums of coordinates leave what a float holds
FORM = "Give each stroke as [[x, y], [x, y], ...]; pressure and time may follow y."


def parse_strokes(strokes: Sequence[npt.ArrayLike]) -> list[Points]:
    """Read a drawing in any of the forms above.

    Returns: for each stroke that is not empty, float64 (points, 2): x to the right and y downwards.
    Raises: BadInput: of no such form, of a form that could be read in two ways, not finite, or too many strokes.
    """
    try:
        parts = [part for part in map(np.asarray, strokes) if part.size]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BadInput(f"A stroke could not be read. {FORM}") from error
    if len(parts) > MOST_STROKES:
        raise BadInput(
            f"This drawing has {len(parts):,} strokes, more than {MOST_STROKES:,}. Send one digit a drawing."
        )
    for part in parts:
        if part.ndim != 2 or part.dtype.kind not in "iuf":
            raise BadInput(f"A stroke has shape {part.shape} of {part.dtype}. {FORM}")
    if _are_columns(parts):
        parts = [part.T for part in parts]
    found = [part[:, :2].astype(np.float64) for part in parts]
    if not all((np.abs(part) < LARGEST).all() for part in found):  # also false for NaN
        raise BadInput(f"A stroke holds a number that is not finite or beyond {LARGEST:g}. Leave it out.")
    return found


def _are_columns(parts: Sequence[npt.NDArray[np.generic]]) -> bool:
    """Tell columns from rows by the shapes alone; pairs are always rows, as the form above says."""
    shapes = {part.shape for part in parts}
    widths, heights = {width for _, width in shapes}, {height for height, _ in shapes}
    rows = len(widths) == 1 and widths <= set(ROWS)
    columns = len(heights) == 1 and heights <= set(COLUMNS)
    if not parts or widths == {2}:
        return False
    if rows and columns:
        (height, width), *_ = shapes
        raise BadInput(f"A stroke of {height} times {width} numbers could be {height} points or {width}. {FORM}")
    if not rows and not columns:
        raise BadInput(f"Strokes have the shapes {', '.join(map(str, sorted(shapes)[:3]))}. {FORM}")
    return columns
