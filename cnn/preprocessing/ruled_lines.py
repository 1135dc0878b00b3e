"""Take printed lines away from ink: the rules of paper, squares, a box around a digit. Needs SciPy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.array_types import Array

THICKEST = 0.02  # of the longer side: a printed line is thinner
FAINTEST, CLEAR = 0.02, 0.06  # darkness of a line that counts a little, and fully, lest dark ink outvote faint lines
STRIP_PX = 8  # of the picture's width: so much is averaged along a line
TILTS = np.deg2rad(np.arange(-12.0, 13))  # of lines that are looked for
FINER = np.deg2rad(np.arange(-0.75, 0.76, 0.25))  # around the best of them
THERE = 0.4  # of a strip that the line covers where it is there
GAP = 0.1  # of the width: a line goes on after a gap as wide, where ink crosses it
WHOLE = 0.8  # of a line's way through the picture: so much of it is there, or under thick ink
BARE = 0.5  # of it: so much is not under ink
RULE = 0.6  # of the width: a line from edge to edge that is as long is a rule; shorter ones only beside such
SHORTEST = 4  # strips
THICKER = 1.5  # a shorter line is no thicker than that beside a longer one
SIDE = 0.3  # of the width: a line as long may be the side of a box
RIM, NEARLY = 0.12, 0.6  # of a box: its sides stand no farther from its outline, and are at least as long
WRITTEN = 0.2  # of a box's height or width: a digit in it is at least as long
ROUNDS = 2  # of looking: what lies askew has lines of several tilts
INKED = 0.35  # of the darkest: ink that is left
BEYOND = 0.04  # of its length: by so much a lone rule passes all ink at both ends


@dataclass(frozen=True, slots=True)
class _Line:
    """A line across: y is `start + slope * x`, from x = `left` to `right`, `thick` px."""

    start: float
    slope: float
    left: float
    right: float
    thick: float
    whole: bool  # it runs from edge to edge of the picture

    @property
    def length(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Its y half way."""
        return self.start + self.slope * (self.left + self.right) / 2


def remove_ruled_lines(darkness: Array) -> Array:
    """Take printed lines away, and close the gaps that this leaves in what crosses them.

    A line counts as printed where several go from edge to edge, or one that passes all ink at both its ends; and where
    three sides of a box are there. A lone stroke is never one.

    Args:
        darkness: float32 (height, width), 0 for paper and up to 1 for ink.
    """
    if min(darkness.shape) < 12 * STRIP_PX:
        return darkness
    across, upright = _lines(darkness), _lines(darkness.T)
    rules, columns = _rules(across, darkness.shape[1]), _rules(upright, darkness.shape[0])
    box = _box(across, upright) if len(rules) + len(columns) <= 4 else None
    if box is not None:
        unboxed = _erased(darkness, *box)
        if _holds_ink(box, unboxed):
            return unboxed
    result = _erased(darkness, rules, columns)
    lone = len(rules) + len(columns) == 1
    if lone and not all([_passes(line, result) for line in rules] + [_passes(line, result.T) for line in columns]):
        return darkness
    return result


def _rules(lines: Sequence[_Line], width: int) -> list[_Line]:
    """Choose what runs from edge to edge, and beside several such, what is shorter but as thin, at their slope."""
    long = [line for line in lines if line.whole and line.length > RULE * width]
    if len(long) < 2:
        return long
    slopes = {line.slope for line in long}
    thickest = THICKER * float(np.median([line.thick for line in long])) + 1
    return [line for line in lines if line in long or (line.slope in slopes and line.thick <= thickest)]


def _lines(darkness: Array) -> list[_Line]:
    """Find long thin lines that run across within 12 degrees."""
    result: list[_Line] = []
    rest = darkness
    for _ in range(ROUNDS):
        thin = _thin(rest)
        found = list(_of_slope(rest, thin, _best_slope(thin)))
        if not found:
            break
        result += found
        rest = _erased(rest, found, ())
    return result


def _thin(darkness: Array) -> Array:
    """Keep what is dark between light above and below: float32 of the same shape in [0, 1]."""
    reach = max(3, round(THICKEST * max(darkness.shape)))
    padded = np.pad(darkness, ((reach, reach), (0, 0)))
    around = np.maximum(padded[: -2 * reach], padded[2 * reach :])
    return np.asarray(np.clip((darkness - around - FAINTEST) / (CLEAR - FAINTEST), 0, 1), np.float32)


def _best_slope(thin: Array) -> float:
    """Find the slope along which the most is dark: roughly, then finely."""
    height, width = thin.shape
    count = width // (2 * STRIP_PX) * 2
    strips = thin[:, : count * STRIP_PX].reshape(height, count, STRIP_PX).mean(axis=2)  # (height, count)
    blurred = ndimage.uniform_filter1d(strips, 5, axis=0)
    coarse = blurred[::2].reshape(-1, count // 2, 2).mean(axis=2)  # a quarter of the work
    best = max(np.tan(TILTS), key=lambda slope: _contrast(coarse, slope))
    return float(max(np.tan(np.arctan(best) + FINER), key=lambda slope: _contrast(strips, slope)))


def _contrast(strips: Array, slope: float) -> float:
    profile = _sheared(strips, slope * STRIP_PX).mean(axis=1)
    return float((np.maximum(profile - np.median(profile), 0) ** 2).sum())


def _sheared(picture: Array, slope: float) -> Array:
    """Shift each column up by `slope` px more than the one before, so that such lines come to lie level."""
    height, width = picture.shape
    shift = np.rint(slope * np.arange(width)).astype(np.int64)
    low, high = max(0, -int(shift.min())), max(0, int(shift.max()))
    padded = np.pad(picture, ((low, high), (0, 0)))
    first = (shift + low) * width + np.arange(width)
    return np.asarray(padded.ravel()[first + np.arange(height)[:, None] * width], np.float32)


def _of_slope(darkness: Array, thin: Array, slope: float) -> Iterator[_Line]:
    """Yield the lines of that slope, from the top downwards."""
    width = thin.shape[1]
    margin = int(np.ceil(abs(slope) * width)) + 1  # lines that come in through the upper or the lower edge
    count = width // STRIP_PX
    padded = np.pad(np.stack([thin, darkness, np.ones_like(thin)]), ((0, 0), (margin, margin), (0, 0)))
    level, dark, picture = (
        _sheared(one, slope)[:, : count * STRIP_PX].reshape(-1, count, STRIP_PX).mean(axis=2) for one in padded
    )
    there = ndimage.maximum_filter1d(level, 3, axis=0) > THERE
    span = (picture > THERE).sum(axis=1)  # (rows,): strips of the picture in each sheared row
    bare = there.sum(axis=1)
    hidden = (there | (dark > CLEAR)).sum(axis=1)  # where thick ink lies on the line, it is there as well
    whole = (bare >= BARE * span) & (hidden >= WHOLE * span) & (span >= SHORTEST)
    wide = round(GAP * count)
    closed = ndimage.binary_closing(np.pad(there, ((0, 0), (wide, wide))), np.ones((1, wide + 1), bool))[:, wide:-wide]
    runs = {int(row): _longest(closed[row]) for row in np.flatnonzero(whole | (bare >= BARE * SIDE * count))}
    rows = np.array([row for row, run in runs.items() if whole[row] or run[1] - run[0] >= SIDE * count], np.int64)
    for group in np.split(rows, 1 + np.flatnonzero(np.diff(rows) > 1)):
        if not len(group) or len(group) - 2 > THICKEST * max(thin.shape):
            continue
        start = float(group.mean()) - margin + 0.5
        thick = max(1.0, len(group) - 2.0)
        if whole[group].any():
            along = np.flatnonzero(there[group].any(axis=0))
            yield _Line(start, slope, along[0] * STRIP_PX, (along[-1] + 1) * STRIP_PX, thick, whole=True)
        else:
            first, last = max((runs[int(row)] for row in group), key=lambda run: run[1] - run[0])
            yield _Line(start, slope, first * STRIP_PX, last * STRIP_PX, thick, whole=False)


def _longest(flags: npt.NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])


def _erased(darkness: Array, across: Sequence[_Line], upright: Sequence[_Line]) -> Array:
    """Fill each line from just above and just below it, so that what crosses it goes on."""
    result = darkness.copy()
    for line in across:
        _erase(result, line)
    for line in upright:
        _erase(result.T, line)
    return result


def _erase(darkness: Array, line: _Line) -> None:
    height, width = darkness.shape
    near = GAP * width
    left = 0 if line.whole or line.left < near else int(line.left) - 2 * STRIP_PX
    right = width if line.whole or line.right > width - near else int(line.right) + 2 * STRIP_PX
    x = np.arange(max(0, left), min(width, right))
    middle = line.start + line.slope * x
    reach = line.thick / 2 + 2
    top, bottom = np.floor(middle - reach).astype(int), np.ceil(middle + reach).astype(int)
    above = np.where(top >= 0, darkness[np.clip(top, 0, height - 1), x], 0)
    below = np.where(bottom < height, darkness[np.clip(bottom, 0, height - 1), x], 0)
    deep = int((bottom - top).max())
    for step in range(1, deep):
        y = top + step
        inside = (y >= 0) & (y < height)
        filled = above + (below - above) * (step / deep)
        darkness[y[inside], x[inside]] = np.minimum(darkness[y[inside], x[inside]], filled[inside])


def _passes(line: _Line, rest: Array) -> bool:
    """Tell whether there is other ink, and the line goes on beyond it at both ends."""
    ink = rest > INKED * rest.max()
    columns = np.flatnonzero(ink.any(axis=0))
    room = BEYOND * line.length
    return bool(rest.max() > CLEAR and columns[0] > line.left + room and columns[-1] < line.right - room)


def _box(across: Sequence[_Line], upright: Sequence[_Line]) -> tuple[list[_Line], list[_Line]] | None:
    """Find four sides of which three are there; the fourth may be open or broken."""
    if not across or not upright or len(across) + len(upright) < 3:
        return None
    left, right = _span(upright, across)
    top, bottom = _span(across, upright)
    width, height = right - left, bottom - top
    rims = [_near(across, y, RIM * height, NEARLY * width) for y in (top, bottom)]
    rims += [_near(upright, x, RIM * width, NEARLY * height) for x in (left, right)]
    there = [rim for rim in rims if rim is not None]
    if len(there) < 3:
        return None
    thick = max(rim.thick for rim in there) + 2 * STRIP_PX  # of the fourth: where it should be is not known well
    for number, middle in enumerate((top, bottom, left, right)):
        opposite = rims[number ^ 1]
        if rims[number] is None and opposite is not None:
            rims[number] = replace(opposite, start=opposite.start + middle - opposite.middle, thick=thick)
    sides = [rim for rim in rims if rim is not None]
    return sides[:2], sides[2:]


def _holds_ink(box: tuple[list[_Line], list[_Line]], rest: Array) -> bool:
    """Tell whether something as large as a digit is written in the box; else it may be a square nought."""
    top, bottom, left, right = (side.middle for side in (*box[0], *box[1]))
    ink = rest > max(CLEAR, INKED * float(rest.max()))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows) or min(bottom - top, right - left) < SIDE * min(rest.shape):
        return False
    return bool(max(np.ptp(rows) / (bottom - top), np.ptp(columns) / (right - left)) > WRITTEN)


def _span(lines: Sequence[_Line], others: Sequence[_Line]) -> tuple[float, float]:
    """Say from where to where a box reaches: between its outer lines; a lone one has its partner where others end."""
    low, high = min(line.middle for line in lines), max(line.middle for line in lines)
    if len(lines) > 1:
        return low, high
    ends = np.median([[line.left, line.right] for line in others], axis=0)
    return min(low, float(ends[0])), max(high, float(ends[1]))


def _near(lines: Sequence[_Line], where: float, room: float, length: float) -> _Line | None:
    fits = [line for line in lines if abs(line.middle - where) <= room and line.length >= length]
    return max(fits, key=lambda line: line.length, default=None)
