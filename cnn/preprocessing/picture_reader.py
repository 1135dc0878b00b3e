"""Ink in a picture -> 28x28 pictures as MNIST's makers made theirs. Needs SciPy."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from cnn.array_types import Array, Pixels
from cnn.preprocessing.binarization import Ink, Mask, find_ink
from cnn.preprocessing.contrast import to_brightness
from cnn.preprocessing.grayscale import LUMA, resize_picture, shrink_picture, to_colours
from cnn.preprocessing.rasterize import BOX_PX, SIZE_PX, centre_of_mass
from cnn.preprocessing.results import Digit, NoDigit, PreprocessingStage, PreprocessingSteps, Reading
from cnn.preprocessing.sheet import extend_sheet, find_sheet

VIEW_PX = 112  # longer side of the x-ray's pictures of the input
FINE_PX = 160  # longer side of a digit while its lines' width is measured and mended
THIN_PX, THICK_PX = 1.3, 6.0  # in the 20 px box: 999 of 1,000 MNIST digits lie between
THICKENED_PX, THINNED_PX = 2.4, 4.5
AS_MNIST = (18, 22)  # px: so large a digit is not resampled, which would blur more than it mends
MIDDLE_PX = 14.47  # MNIST's test pictures have it in [14, 15), drawings at 14: neither moves
SEEN = 0.1  # ink below this does not count for the box


@dataclass(frozen=True, slots=True)
class _Cut:
    """One digit cut out: its ink, and where it stood, in px of the worked picture."""

    ink: Array
    left: int
    top: int


def read_picture(picture: Pixels, steps: PreprocessingSteps) -> Reading:
    """Read a picture as `cnn.preprocessing.from_picture` says."""
    whole = to_colours(picture)
    scale = max(picture.shape[:2]) / max(whole.shape)
    paper, left, top = _paper(whole) if steps.sheet else (whole, 0, 0)
    grey = to_brightness(paper) if steps.polarity else paper @ LUMA
    found = find_ink(grey, part=steps.crop, rules=steps.rules)
    if not found.spots:
        return Reading((), NoDigit.NO_INK)
    turned, plain, ink = _as_asked(grey, found, steps)

    def shown() -> tuple[PreprocessingStage, ...]:
        views = {"input": whole @ LUMA, "sheet": paper @ LUMA, "polarity": turned, "rules": plain, "threshold": ink}
        return tuple(PreprocessingStage(step, shrink_picture(view, VIEW_PX)) for step, view in views.items())

    spots = found.spots if steps.polarity or not found.dark else (np.ones(grey.shape, bool),)
    cuts = [_cut(ink, spot, found.ink) if steps.polarity or not found.dark else _Cut(ink, 0, 0) for spot in spots]
    digits = [_digit(cut, ink, scale, steps, shown) for cut in cuts]
    return Reading(tuple(replace(digit, box=_moved(digit.box, left * scale, top * scale)) for digit in digits))


def _paper(colours: Array) -> tuple[Array, int, int]:
    """Cut out the sheet, if one is found: its colours, and its left and upper edge in px. Around it, paper goes on."""
    sheet = find_sheet(colours)
    if sheet is None:
        return colours, 0, 0
    rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return extend_sheet(colours[window], sheet[window]), int(columns[0]), int(rows[0])


def _moved(box: tuple[float, float, float, float], right: float, down: float) -> tuple[float, float, float, float]:
    return box[0] + right, box[1] + down, box[2], box[3]


def _as_asked(grey: Array, found: Ink, steps: PreprocessingSteps) -> tuple[Array, Array, Array]:
    """Give the picture after `polarity`, after `rules` and after `threshold`: unturned ink is black in white."""
    upside_down = found.dark and not steps.polarity
    turned = grey if upside_down else found.upright
    plain = 1 - found.plain if upside_down else found.plain
    if not steps.threshold:
        return turned, plain, plain
    return turned, plain, 1 - found.ink if upside_down else found.ink


def _cut(picture: Array, spot: Mask, ink: Array) -> _Cut:
    """Cut to where the spot's ink can be seen; of other digits nothing stays."""
    seen = spot & (ink > SEEN)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    others = ndimage.binary_dilation(~spot & (ink > SEEN))[window] & ~spot[window]
    return _Cut(np.where(others, 0, picture[window]).astype(np.float32), int(columns[0]), int(rows[0]))


def _digit(
    cut: _Cut,
    picture: Array,
    scale: float,
    steps: PreprocessingSteps,
    shown: Callable[[], tuple[PreprocessingStage, ...]],
) -> Digit:
    ink = cut.ink if steps.crop else picture
    target = BOX_PX if steps.box and steps.crop else SIZE_PX
    boxed = _boxed(ink, target)
    penned = _boxed(_mended(ink, target), target) if steps.pen else boxed
    final = _centred(penned) if steps.centre else penned
    height, width = cut.ink.shape
    box = (cut.left * scale, cut.top * scale, width * scale, height * scale)

    def stages() -> tuple[PreprocessingStage, ...]:
        made = {"crop": shrink_picture(ink, VIEW_PX), "box": boxed, "pen": penned, "centre": final}
        return *shown(), *(PreprocessingStage(step, view) for step, view in made.items())

    return Digit(final[..., None], box, stages)


def _boxed(ink: Array, target: int) -> Array:
    """Scale so that the longer side is `target`, in the middle of 28x28."""
    height, width = ink.shape
    near = target == BOX_PX and AS_MNIST[0] <= max(height, width) <= AS_MNIST[1]
    share = 1.0 if near else target / max(height, width)
    small = ink if near else resize_picture(ink, max(1, round(height * share)), max(1, round(width * share)))
    result = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    height, width = small.shape
    top, left = (SIZE_PX - height) // 2, (SIZE_PX - width) // 2
    result[top : top + height, left : left + width] = small
    return result


def _mended(ink: Array, target: int) -> Array:
    """Thicken lines that would vanish in 28 px, thin those that would fill it; leave others as they are."""
    share = FINE_PX / max(ink.shape)
    fine = resize_picture(ink, max(1, round(ink.shape[0] * share)), max(1, round(ink.shape[1] * share)))
    width = line_width(fine)
    now = width * target / FINE_PX
    if THIN_PX <= now <= THICK_PX:
        return ink
    goal = THICKENED_PX if now < THIN_PX else THINNED_PX
    grow = (goal * FINE_PX / target - width) / (2 - 2 * goal / target)  # on each side, as the box grows along
    return _grown(fine, grow)


def line_width(ink: Array) -> float:
    """Measure how wide lines are, in px: a stripe of width w is on average w / 4 + 1 / 2 from paper."""
    mask = np.pad(ink > min(0.5, 0.5 * float(ink.max())), 1)
    depth = ndimage.distance_transform_edt(mask)
    return max(1.0, 4 * float(depth[mask].mean()) - 2)


def _grown(ink: Array, grow: float) -> Array:
    """Move the edge of the ink outwards by `grow` px, inwards where it is below 0."""
    rim = max(0, int(np.ceil(grow)))
    mask = np.pad(ink > min(0.5, 0.5 * float(ink.max())), rim + 1)
    outside, inside = ndimage.distance_transform_edt(~mask), ndimage.distance_transform_edt(mask)
    edge = np.where(mask, inside - 0.5, 0.5 - outside)  # depth under the edge, in px
    result = np.clip(edge + grow + 0.5, 0, 1).astype(np.float32)
    rows, columns = np.flatnonzero(result.max(axis=1) > SEEN), np.flatnonzero(result.max(axis=0) > SEEN)
    if not len(rows):
        return ink
    return result[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _centred(picture: Array) -> Array:
    """Shift by whole px, as MNIST did, so that the ink's centre of mass comes to the middle."""
    left, top = SIZE_PX - np.round(MIDDLE_PX - centre_of_mass(picture)).astype(int)
    padded = np.pad(picture, SIZE_PX)
    return padded[top : top + SIZE_PX, left : left + SIZE_PX].copy()
