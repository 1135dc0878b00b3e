"""Find the ink in a picture, whatever the paper and the light, and the digits in the ink. Needs SciPy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from cnn.array_types import Array
from cnn.preprocessing import segmentation
from cnn.preprocessing.background import DARKEST, otsu_threshold, subtract_background, subtract_known_background
from cnn.preprocessing.ruled_lines import remove_ruled_lines

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
Extents = npt.NDArray[np.int64]

FAINTEST = 15 / 255  # ink must differ from paper by this much
STRONG, WEAK = 0.45, 0.25  # of the darkest ink: ink starts at STRONG and goes on down to WEAK
CERTAIN, LIKELY = 6.0, 3.0  # standard deviations of noise that ink surpasses, somewhere and everywhere
FEW, PIERCED = 4, 1 / 30  # holes and spots that digits may have, at all and a px of ink: noise has one in 6
RIM = 0.008  # of the longer side: how far around ink it is asked whether there is paper
PALER, ON_PAPER = 0.2, 0.75  # so much of the way to paper must so much of what is around ink have gone
FROM_DIFFERENCES = 0.61  # standard deviation of normal noise, in upper quartiles of how neighbours differ
MOST_CHECKED = 200  # spots, the largest first
FROM_OUTSIDE = 0.15  # of the longer side: what touches the frame and is smaller comes from outside
MOSTLY = 0.7  # of the longer side: what is as large and touches the frame is no thumb, however fat
ALONG = 0.9  # of a side of the picture: what lies on as much of it is a strip of the desk
FRAMED = 0.25  # of the picture's frame: what lies on more of it is paper
FAT = 0.36  # of its extent: what is as thick is a thumb, not a line
SMALLEST = 0.012  # of the picture's longer side: less is dirt, even on an empty page
TRACE, REST = 0.01, 0.6  # darkness that was erased; a spot most of which is beside it may be the rest of a line
SOLID = 0.15  # of a spot: so much of ink stands out from noise, of noise that has run together only single px
RISE = FAINTEST / 2  # brightness between ink and what is around it: light that fades has less
DOUBTFUL = 0.08  # of the picture's longer side: less is dirt where it is faint
SPECK = 0.15  # of the largest spot's extent: a smaller spot is dirt
TALL = 0.5  # of the largest spot's extent: as large as another digit might be
MOST_SPOTS = 60  # more of them are no digits; the largest are kept
AROUND = np.ones((3, 3), bool)  # a pixel's neighbours, the diagonal ones too


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What tells ink from all else: float32 (height, width) each.

    Attributes:
        residual: darkness over the paper, printed lines taken away.
        upright: the picture turned so that ink is bright.
        erased: darkness that was taken away as printed lines.
        noise: standard deviation of the paper's.
        least: darkness that ink has somewhere.
    """

    residual: Array
    upright: Array
    erased: Array
    noise: float
    least: float


@dataclass(frozen=True, slots=True)
class Ink:
    """What was found in a picture.

    Attributes:
        upright: float32 (height, width) in [0, 1]: the picture turned so that ink is bright.
        plain: the same without printed lines.
        ink: float32 of that shape in [0, 1]: 0 is paper, 1 is full ink.
        spots: bool of that shape for each digit, from left to right: where its ink is; none for no ink.
        dark: whether ink was darker than paper.
    """

    upright: Array
    plain: Array
    ink: Array
    spots: tuple[Mask, ...]
    dark: bool


def find_ink(grey: Array, part: bool = True, rules: bool = True) -> Ink:
    """Tell ink from paper.

    Args:
        grey: float32 (height, width) in [0, 1], 1 is white.
        part: whether ink that lies apart makes several digits.
        rules: whether printed lines are taken away first.
    """
    residual, dark = subtract_background(grey)
    found = _find(grey, residual, dark, part, rules)
    if not found.spots or all(_is_fat(spot) for spot in found.spots):  # the holes of digits, or light on the paper
        bare = grey if found.spots else np.abs(found.plain - dark)  # lest paper between rules be strokes
        other = _find(bare, subtract_known_background(bare, not dark), not dark, part, rules)
        larger = not found.spots or max(map(_extent, other.spots), default=0) > max(map(_extent, found.spots))
        framed = max(map(_share_of_frame, other.spots), default=0) > FRAMED
        if other.spots and larger and not framed and not any(_is_fat(spot) for spot in other.spots):
            return other  # a ring is larger than its hole
    return found


def _find(grey: Array, residual: Array, dark: bool, part: bool, rules: bool) -> Ink:
    unruled = remove_ruled_lines(residual) if rules else residual
    upright = 1 - grey if dark else grey
    erased = residual - unruled
    plain = upright - erased * _light(grey, residual) if dark else upright - erased
    labels, count, level = _strokes_of(unruled, upright, erased)
    if not count or _is_grain(labels > 0):
        return Ink(upright, plain, np.zeros_like(grey), (), dark)
    ink = _levelled(unruled, labels > 0, level)
    return Ink(upright, plain, ink, tuple(_digits(labels, count, part)), dark)


def _light(grey: Array, residual: Array) -> Array:
    """Say how bright paper is, where `residual` is the share of it that ink takes."""
    return np.asarray(grey / np.maximum(1 - residual, DARKEST), np.float32)


def _extent(spot: Mask) -> int:
    """Measure the longer side of its bounding box, in px."""
    return int(max(np.ptp(np.flatnonzero(spot.any(axis=1))), np.ptp(np.flatnonzero(spot.any(axis=0))))) + 1


def _share_of_frame(spot: Mask) -> float:
    """Measure how much of the picture's frame it lies on."""
    return float(np.concatenate([spot[0], spot[-1], spot[:, 0], spot[:, -1]]).mean())


def _is_fat(spot: Mask) -> bool:
    """Tell whether it is a blob, not made of strokes."""
    rows, columns = np.flatnonzero(spot.any(axis=1)), np.flatnonzero(spot.any(axis=0))
    window = np.pad(spot[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
    return bool(2 * float(ndimage.distance_transform_edt(window).max()) > FAT * (max(window.shape) - 2))


def _strokes_of(residual: Array, upright: Array, erased: Array) -> tuple[Labels, int, float]:
    """Label connected ink, and say how dark it is: 0 spots where there is none.

    How dark ink is comes from what stands out, however little of the picture that is: first from the darker half of
    it, as light may have left something fainter, which strokes must not run into; then from all.
    """
    noise = _noise(upright)
    least = max(FAINTEST, min(CERTAIN * noise, STRONG * float(residual.max())))
    out = residual[residual > least]
    if not out.size:
        return np.zeros(residual.shape, np.int32), 0, 0.0
    evidence = _Evidence(residual, upright, erased, noise, least)
    threshold, _ = otsu_threshold(out)
    darker = float(np.median(out[out >= min(threshold, float(out.max()))]))
    for level, share in ((darker, WEAK), (darker, STRONG), (float(np.quantile(out, 0.9)), WEAK)):
        labels, count = _connected(evidence, level, share)
        if count:
            break
    return labels, count, level


def _connected(evidence: _Evidence, level: float, share: float) -> tuple[Labels, int]:
    """Label connected ink: from `share` of `level` on it counts where it touches strong ink; specks do not."""
    residual, strong = evidence.residual, STRONG * level
    found, count = ndimage.label(residual > max(share * level, min(LIKELY * evidence.noise, strong)), AROUND)
    labels = found.astype(np.int32)
    dark = np.zeros(count + 1, bool)
    dark[labels[residual > strong]] = True
    sides = [max(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in _boxes(labels)]
    extents = np.where(dark & ~_rests(labels, evidence), np.array([0, *sides]), 0)  # (1 + spots,): 0 is for paper
    extents = _without_edges(labels, _without_shades(labels, extents, evidence))
    large = np.sort(extents)[-MOST_SPOTS:][0]
    least = max(SPECK * extents.max(), max(SMALLEST, DOUBTFUL * FAINTEST / level) * max(residual.shape))
    keep = (extents > least) & (extents >= large) & (extents > 0)
    number = np.where(keep, keep.cumsum(), 0)
    return number[labels].astype(np.int32), int(keep.sum())


def _rests(labels: Labels, evidence: _Evidence) -> Mask:
    """Say which spots are rests of printed lines, (1 + spots,): beside what was erased, and fainter than it."""
    there = evidence.erased > TRACE
    beside = labels[ndimage.binary_dilation(there, AROUND, iterations=2)]
    shares = np.bincount(beside, minlength=labels.max() + 1) / np.bincount(labels.ravel())
    if not there.any():
        return shares > REST
    line = float(np.quantile(evidence.erased[there], 0.75))
    boxes = _boxes(labels)
    result = shares > REST
    for spot in np.flatnonzero(result[1:]) + 1:
        box = boxes[spot - 1]
        result[spot] = float(np.median(evidence.residual[box][labels[box] == spot])) < line
    return result


def _noise(upright: Array) -> float:
    """Measure the standard deviation of noise, as a share of paper, by how neighbours differ; most are paper."""
    differences = np.abs(np.diff(upright[:: max(1, len(upright) // 128)], axis=1))  # some rows are enough
    if not differences.size:
        return 0.0
    return float(np.quantile(differences, 0.75)) * FROM_DIFFERENCES / max(1 - float(np.median(upright)), 0.3)


def _without_shades(labels: Labels, extents: Extents, evidence: _Evidence) -> Extents:
    """Drop what is no stroke: light that fades, noise that has run together, and the edge of a shadow."""
    result = extents.copy()
    boxes = _boxes(labels)
    for spot in np.argsort(-extents)[:MOST_CHECKED]:
        if result[spot] <= SPECK * result.max():
            break
        if not _is_stroke(labels, int(spot), boxes[spot - 1], evidence):
            result[spot] = 0
    return result


def _is_stroke(labels: Labels, spot: int, box: tuple[slice, slice], evidence: _Evidence) -> bool:
    """Tell whether it stands out in more than single px, above what is around it, and with paper on both sides."""
    rim = max(2, round(RIM * max(labels.shape)))
    window = tuple(slice(max(0, side.start - rim), side.stop + rim) for side in box)
    mask, level = labels[window] == spot, evidence.upright[window]
    if (evidence.residual[window][mask] > evidence.least).mean() < SOLID:
        return False
    around = ndimage.binary_dilation(mask, AROUND, iterations=rim) & (labels[window] != spot)
    around &= ~ndimage.binary_dilation(mask, AROUND, iterations=rim - 1)
    if not around.any():
        return True  # it fills the picture
    if np.median(level[mask]) - np.median(level[around]) < RISE:
        return False
    near = ndimage.maximum_filter(np.where(mask, level, 0), 2 * rim + 1)[around]
    paper = float(np.quantile(level[around], 0.1))  # beyond the edge of a shadow it is as dark as within
    return float((level[around] < near - PALER * (near - paper)).mean()) >= ON_PAPER


def _without_edges(labels: Labels, extents: Extents) -> Extents:
    """Drop what comes in from outside the picture: a thumb, a table, a shadow.

    That is what is fat or small, and all that touches the frame where something as large does not; where something
    does not that is no speck, a strip along a whole side as well.
    """
    inside, result = extents.copy(), extents.copy()
    boxes = _boxes(labels)
    ends = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
    shares = np.max([np.bincount(end, minlength=len(extents)) / len(end) for end in ends], axis=0)  # of one side
    touching = np.flatnonzero((shares > 0) & (extents > 0))
    inside[touching] = 0
    for spot in touching:
        small = extents[spot] < FROM_OUTSIDE * max(labels.shape)
        strip = shares[spot] > ALONG and inside.max() > FROM_OUTSIDE * extents[spot]
        fat = extents[spot] < MOSTLY * max(labels.shape) and _is_fat(labels[boxes[spot - 1]] == spot)
        if small or strip or fat:
            result[spot] = 0
    return inside if inside.max() > TALL * result.max() else result


def _boxes(labels: Labels) -> list[tuple[slice, slice]]:
    return [(box[0], box[1]) for box in ndimage.find_objects(labels)]


def _is_grain(mask: Mask) -> bool:
    """Tell noise from strokes by how often it is pierced: digits have a few holes, whatever their size in px."""
    holes = ndimage.label(~np.pad(mask, 1))[1] - 1
    spots = ndimage.label(mask, AROUND)[1]
    return bool(holes + spots > FEW + np.count_nonzero(mask) * PIERCED)


def _levelled(residual: Array, mask: Mask, level: float) -> Array:
    """Stretch grey so that paper's noise is 0 and most ink is 1."""
    low = min(2 * float(np.median(residual[~mask])), WEAK * level) if not mask.all() else 0.0
    high = max(float(np.quantile(residual[mask], 0.75)), STRONG * level)
    return np.asarray(np.clip((residual - low) / (high - low), 0, 1), np.float32)


def _digits(labels: Labels, count: int, part: bool) -> list[Mask]:
    """Gather spots of ink into digits, each with a rim that holds its soft edge."""
    groups = [[*range(count)]]
    if part and count > 1:
        boxes = _boxes(labels)
        groups = segmentation.group_into_digits([_points(labels[box] == i + 1, box) for i, box in enumerate(boxes)])
    return [ndimage.binary_dilation(np.isin(labels, np.array(g) + 1), AROUND) for g in groups]


def _points(spot: Mask, box: tuple[slice, slice]) -> segmentation.Points:
    """List a spot's leftmost and rightmost pixel of every row: (points, 2), x and y."""
    rows = np.flatnonzero(spot.any(axis=1))
    left = spot[rows].argmax(axis=1)
    right = spot.shape[1] - spot[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([left, right]) + box[1].start, np.concatenate([rows, rows + 1]) + box[0].start
    return np.stack([x, y], axis=1).astype(np.float64)
