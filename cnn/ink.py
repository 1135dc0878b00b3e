"""Find the ink in a picture, whatever the paper and the light, and the digits in the ink. Needs SciPy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from cnn import grouping
from cnn.errors import BadInput
from cnn.strokes import Array

Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int32]

DARKEST = 0.1  # no paper is taken to be darker, lest noise in the dark look like ink
WORK_PX = 800  # longer side of the picture that is worked on: finer detail is lost in 28 px anyway
COARSE_PX = 128  # longer side on which paper and light are judged
BORDER = 0.04  # of the longer side: the frame that tells what paper looks like
UNEVEN = 0.1  # brightness: a frame that leaves its smooth light by more holds the edge of a shadow, or ink
MEDIAN_PX = 64  # longer side for a local median, which is slow
RULED = 0.1  # share of a row or column that a printed line may miss
NIB = 0.35  # of the longer side: what is narrower is ink, what is wider is paper or shadow
FAINTEST = 12 / 255  # ink must differ from paper by this much
STRONG, WEAK = 0.45, 0.25  # of the darkest ink: ink starts at STRONG and goes on down to WEAK
AROUND = np.ones((3, 3), bool)  # a pixel's neighbours, the diagonal ones too
GRAINY = 0.2  # share of neighbours that differ: ink on paper stays under 0.12, noise has 0.5
SPECK = 0.15  # of the largest spot's extent: a smaller spot is dirt
MOST_SPOTS = 60  # more of them are no digits; the largest are kept


@dataclass(frozen=True, slots=True)
class Ink:
    """What was found in a picture.

    Attributes:
        upright: float32 (height, width) in [0, 1]: the picture turned so that ink is bright.
        ink: float32 of that shape in [0, 1]: 0 is paper, 1 is full ink.
        spots: bool of that shape for each digit, from left to right: where its ink is; none for no ink.
        dark: whether ink was darker than paper.
    """

    upright: Array
    ink: Array
    spots: tuple[Mask, ...]
    dark: bool


def find_ink(grey: Array, part: bool = True) -> Ink:
    """Tell ink from paper.

    Args:
        grey: float32 (height, width) in [0, 1], 1 is white.
        part: whether ink that lies apart makes several digits.
    """
    light, even = _light(grey)
    dark = _is_dark(grey, light if even else _middle(grey))
    upright = 1 - grey if dark else grey
    residual = _without_rules(_residual(grey, light if even else np.ones((1, 1), np.float32), dark))
    level = float(np.quantile(residual, 0.998))
    if level < FAINTEST:
        return Ink(upright, np.zeros_like(grey), (), dark)
    labels, count = _strokes_of(residual, level)
    if not count or _grain(labels > 0) > GRAINY:
        return Ink(upright, np.zeros_like(grey), (), dark)
    ink = _levelled(residual, labels > 0, level)
    return Ink(upright, ink, tuple(_digits(labels, count, part)), dark)


def to_grey(picture: Bytes) -> Array:
    """Make a picture grey and at most 800 px long.

    Args:
        picture: uint8 (height, width) or (height, width, 1 to 4); transparent is paper.
    Returns: float32 (height, width) in [0, 1].
    Raises: BadInput: not uint8, no such shape, or empty.
    """
    shaped = picture[..., None] if picture.ndim == 2 else picture
    if picture.dtype != np.uint8 or shaped.ndim != 3 or shaped.shape[2] not in (1, 2, 3, 4) or not picture.size:
        raise BadInput(f"A picture has shape {picture.shape} of {picture.dtype}. Give uint8 (height, width, 1 to 4).")
    shaped = _shrunk_first(shaped)
    channels = shaped.shape[2]
    grey = shaped[..., 0] if channels < 3 else np.asarray(Image.fromarray(shaped[..., :3]).convert("L"), np.uint8)
    level = np.asarray(grey, np.float32) / np.float32(255)
    return _on_paper(level, shaped[..., -1]) if channels in (2, 4) else level


def _shrunk_first(picture: Bytes) -> Bytes:
    """Shrink (height, width, channels) by area means to 800 px; colour under transparency does not bleed."""
    height, width, channels = picture.shape
    share = WORK_PX / max(height, width)
    if share >= 1:
        return picture
    size = (max(1, round(width * share)), max(1, round(height * share)))
    image = Image.fromarray(picture[..., 0] if channels == 1 else picture)
    return np.asarray(image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)).reshape(size[1], size[0], channels)


def _on_paper(grey: Array, alpha: Bytes) -> Array:
    """Lay what is opaque on paper: its own where it fills most of the picture, else white or black."""
    opaque = grey[alpha > 127]
    if not opaque.size:
        return np.ones_like(grey)
    middle = float(np.median(opaque))
    own = opaque.size > grey.size / 2
    paper = middle if own else float(middle < 0.5)
    cover = alpha.astype(np.float32) / 255
    return np.asarray(grey * cover + paper * (1 - cover), np.float32)


def shrunk(picture: Array, longest: int) -> Array:
    """Shrink float32 (height, width) by area means until no side is above `longest`; never enlarge."""
    height, width = picture.shape
    share = longest / max(height, width)
    return picture if share >= 1 else resized(picture, max(1, round(height * share)), max(1, round(width * share)))


def resized(picture: Array, height: int, width: int) -> Array:
    """Resample float32 (height, width): by area means where it shrinks, by straight lines where it grows."""
    if picture.shape == (height, width):
        return picture
    resample = Image.Resampling.BOX if height <= picture.shape[0] else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize((width, height), resample), np.float32)


def _light(grey: Array) -> tuple[Array, bool]:
    """Guess how bright bare paper is everywhere: a curved surface through the picture's frame.

    Returns: float32 of at most 128 px a side, 1 is white; and whether the frame is like that, with no edge of a shadow.
    """
    small = shrunk(grey, COARSE_PX)
    height, width = small.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=-1)  # (height, width, 6)
    edge = max(1, round(BORDER * max(height, width)))
    frame = np.ones(small.shape, bool)
    frame[edge:-edge, edge:-edge] = False
    surface = terms @ _surface(terms[frame], small[frame])
    off = np.abs(small - surface)[frame]
    return np.asarray(surface, np.float32), float(np.quantile(off, 0.9)) < UNEVEN


def _middle(grey: Array) -> Array:
    """Guess the paper where shadows have edges: the median around each place, since ink is the minority."""
    small = shrunk(grey, MEDIAN_PX)
    return np.asarray(ndimage.median_filter(small, round(NIB * max(small.shape)), mode="nearest"), np.float32)


def _is_dark(grey: Array, paper: Array) -> bool:
    """Tell whether what differs most from the paper is darker; cubed, so that a shadow weighs less than ink."""
    return bool(((shrunk(grey, max(paper.shape)) - paper) ** 3).sum() < 0)


def _without_rules(residual: Array) -> Array:
    """Take away straight lines from edge to edge, as of ruled paper; no digit fills a whole row."""
    for axis in (0, 1):
        residual = np.maximum(residual - np.quantile(residual, RULED, axis=axis, keepdims=True), 0)
    return np.asarray(residual, np.float32)


def _surface(terms: Values, values: Array) -> Values:
    """Fit by least squares, twice more without the half that fits worst, as ink may cross the frame."""
    keep = np.ones(len(values), bool)
    for _ in range(3):
        some = terms[keep]  # (points, 6)
        weights = np.linalg.pinv(some.T @ some) @ (some.T @ values[keep])
        off = np.abs(values - terms @ weights)
        keep = off <= np.median(off) + 1e-6
    return weights


def _residual(grey: Array, light: Array, dark: bool) -> Array:
    """Take the paper away: its light first, then all that is wider than a thick marker, as shadows are.

    Paper in half the light makes its ink fainter by half, so dark ink is a share of the light, not a difference.
    """
    light = resized(light, *grey.shape)
    bright = 1 - grey / np.maximum(light, DARKEST) if dark else grey - light
    coarse = shrunk(bright.astype(np.float32), COARSE_PX)
    nib = max(3, round(NIB * max(coarse.shape)))
    shade = resized(ndimage.grey_opening(coarse, size=(nib, nib), mode="nearest"), *grey.shape)
    left = np.maximum(bright - shade, 0)
    return np.asarray(left / np.maximum(1 - shade, DARKEST) if dark else left, np.float32)


def _strokes_of(residual: Array, level: float) -> tuple[Labels, int]:
    """Label connected ink: weak ink counts where it touches strong ink, specks do not."""
    found, count = ndimage.label(residual > WEAK * level, AROUND)
    labels = found.astype(np.int32)
    strong = np.zeros(count + 1, bool)
    strong[labels[residual > STRONG * level]] = True
    sides = [max(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in _boxes(labels)]
    extents = np.where(strong, np.array([0, *sides]), 0)  # (1 + spots,): 0 stands for paper
    large = np.sort(extents)[-MOST_SPOTS:][0] if count else 0
    keep = (extents > SPECK * extents.max()) & (extents >= large) & (extents > 0)
    number = np.where(keep, keep.cumsum(), 0)
    return number[labels].astype(np.int32), int(keep.sum())


def _boxes(labels: Labels) -> list[tuple[slice, slice]]:
    return [(box[0], box[1]) for box in ndimage.find_objects(labels)]


def _grain(mask: Mask) -> float:
    """Share of neighbouring pixels that differ."""
    if min(mask.shape) < 2:
        return 1.0
    return float(max((mask[1:] != mask[:-1]).mean(), (mask[:, 1:] != mask[:, :-1]).mean()))


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
        groups = grouping.group([_points(labels[box] == i + 1, box) for i, box in enumerate(boxes)])
    return [ndimage.binary_dilation(np.isin(labels, np.array(g) + 1), AROUND) for g in groups]


def _points(spot: Mask, box: tuple[slice, slice]) -> grouping.Points:
    """List a spot's leftmost and rightmost pixel of every row: (points, 2), x and y."""
    rows = np.flatnonzero(spot.any(axis=1))
    left = spot[rows].argmax(axis=1)
    right = spot.shape[1] - spot[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([left, right]) + box[1].start, np.concatenate([rows, rows + 1]) + box[0].start
    return np.stack([x, y], axis=1).astype(np.float64)
