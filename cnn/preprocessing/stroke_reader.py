"""A drawing -> 28x28 pictures, each drawn anew with MNIST's pen. No TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.preprocessing import segmentation, stroke_forms
from cnn.preprocessing.rasterize import (
    BOX_PX,
    PEN_PX,
    SIZE_PX,
    centre_strokes,
    fit_strokes,
    rasterize_strokes,
    smooth_strokes,
    thin_points,
)
from cnn.preprocessing.results import Digit, NoDigit, PreprocessingStage, PreprocessingSteps, Reading
from cnn.preprocessing.stroke_forms import LARGEST, Points

DOT = 0.02  # of the canvas' longer side: a smaller drawing is a dot, as is one smaller than its pen
STRAY = 0.3  # of the drawing: a dot that lies farther off was not meant
PEN_SHARE = 0.06  # of the canvas, where nobody says how wide the pen was
MARGIN = 0.25  # of the drawing on each side, where nobody says how large the canvas was
VIEW_PX = 56  # side of the x-ray's pictures of the canvas
SMALLEST = 1e-30  # a stroke no larger is a dot; a pen or canvas no larger, and quotients leave what a float holds
FARTHEST = 100.0  # canvases away: a line that goes on beyond looks the same, and stays within what float32 squares


@dataclass(frozen=True, slots=True)
class _Canvas:
    """The square around what was drawn on, and the width of the pen; in the drawing's unit."""

    corner: Points  # (2,)
    side: float
    pen: float


Sizes = tuple[float | None, float | None, float | None]  # pen, width and height


def read_strokes(strokes: Sequence[npt.ArrayLike], sizes: Sizes, steps: PreprocessingSteps) -> Reading:
    """Read a drawing as `cnn.preprocessing.from_strokes` says."""
    parts = stroke_forms.parse_strokes(strokes)
    pen, width, height = (_size(*size) for size in zip(("pen", "width", "height"), sizes, strict=True))
    if not parts:
        return Reading((), NoDigit.BLANK)
    canvas = _canvas(parts, pen, width, height)
    dot = max(pen or 0.0, DOT * canvas.side if width and height else 0.0, SMALLEST)
    parts = _without_stray_dots(parts, dot)
    groups = segmentation.group_into_digits(parts) if steps.crop else [list(range(len(parts)))]
    drawings = [[parts[i] for i in group] for group in groups]
    drawings = [drawing for drawing in drawings if any(_extent([part]) > dot for part in drawing)]
    if not drawings:
        return Reading((), NoDigit.DOT)
    return Reading(tuple(_digit(drawing, canvas, pen or 0.0, steps) for drawing in drawings))


def _size(name: str, value: float | None) -> float | None:
    if value is not None and not SMALLEST < value < LARGEST:
        raise BadInput(f"The {name} is {value!r}. Give one between {SMALLEST:g} and {LARGEST:g}, or leave it out.")
    return value


def _bounds(parts: Sequence[Points]) -> tuple[Points, Points]:
    points = np.vstack(parts)
    return points.min(axis=0), points.max(axis=0)


def _extent(parts: Sequence[Points]) -> float:
    low, high = _bounds(parts)
    return float((high - low).max())


def _canvas(parts: Sequence[Points], pen: float | None, width: float | None, height: float | None) -> _Canvas:
    if width is not None and height is not None:
        size, middle = np.array([width, height]), np.array([width, height]) / 2
    else:
        low, high = _bounds(parts)
        size, middle = (high - low) * (1 + 2 * MARGIN), (low + high) / 2
    side = float(size.max())
    return _Canvas(middle - side / 2, side, PEN_SHARE * side if pen is None else pen)


def _without_stray_dots(parts: list[Points], dot: float) -> list[Points]:
    """Leave out single touches far from the rest; all stay where there is nothing but dots."""
    low, high = (np.stack(bounds) for bounds in zip(*(_bounds([part]) for part in parts), strict=True))  # (parts, 2)
    large = (high - low).max(axis=1) > dot
    if not large.any() or large.all():
        return parts
    far = STRAY * (high[large].max(axis=0) - low[large].min(axis=0)).max()
    apart = np.maximum(low[:, None] - high[None, large], low[None, large] - high[:, None])  # (parts, large, 2)
    near = (np.hypot(*np.moveaxis(np.maximum(0, apart), -1, 0)) <= far).any(axis=1)
    return [part for part, stays in zip(parts, near, strict=True) if stays]


def _digit(drawing: list[Points], canvas: _Canvas, pen: float, steps: PreprocessingSteps) -> Digit:
    low, high = _bounds(drawing)
    scale = 1 / float((high - low).max())
    unit = [((stroke - low) * scale).astype(np.float32) for stroke in drawing]  # in [0, 1], as float32 needs it
    raw = thin_points(unit)
    lines = smooth_strokes(raw) if steps.smooth else raw
    frame = _Canvas((canvas.corner - low) * scale, canvas.side * scale, canvas.pen * scale)
    placed, width = _placed(lines, frame, steps, steps.pen)
    if steps.centre:
        placed = centre_strokes(placed, width)
    pixels = rasterize_strokes(placed, width)

    def stages() -> tuple[PreprocessingStage, ...]:
        return *_views(raw, lines, frame, steps), PreprocessingStage("centre", pixels)

    left, top = (float(value) for value in low - pen / 2)
    box = (left, top, *(float(value) for value in high - low + pen))
    return Digit(pixels[..., None], (box[0], box[1], box[2], box[3]), stages)


def _placed(
    lines: list[Array], frame: _Canvas, steps: PreprocessingSteps, mnist_pen: bool
) -> tuple[list[Array], float]:
    """Bring the lines into the 28x28 square.

    Returns: the lines, and the width of their pen, in px of the square.
    """
    if not steps.crop:
        scale = SIZE_PX / frame.side
        return _mapped(lines, frame, SIZE_PX), PEN_PX if mnist_pen else frame.pen * scale
    target = BOX_PX if steps.box else SIZE_PX
    if mnist_pen:
        return fit_strokes(lines, target - PEN_PX), PEN_PX
    scale = target / (1 + frame.pen)  # the lines' own longer side is 1
    return fit_strokes(lines, scale), frame.pen * scale


def _mapped(lines: list[Array], frame: _Canvas, size: int) -> list[Array]:
    """Show all of the canvas in a square of `size` px."""
    placed = [(line - frame.corner) * (size / frame.side) for line in lines]
    return [line.clip(-FARTHEST * size, FARTHEST * size).astype(np.float32) for line in placed]


def _views(
    raw: list[Array], lines: list[Array], frame: _Canvas, steps: PreprocessingSteps
) -> tuple[PreprocessingStage, ...]:
    """Draw what each step before the last made."""
    canvas_pen = frame.pen * VIEW_PX / frame.side
    drawn = rasterize_strokes(_mapped(raw, frame, VIEW_PX), canvas_pen, VIEW_PX)
    curved = sum(map(len, lines)) > sum(map(len, raw))  # a mouse leaves so many points that none is added
    smoothed = rasterize_strokes(_mapped(lines, frame, VIEW_PX), canvas_pen, VIEW_PX) if curved else drawn
    scale = VIEW_PX / (1 + frame.pen)
    fitted = fit_strokes(lines, scale, VIEW_PX)
    cropped = rasterize_strokes(fitted, frame.pen * scale, VIEW_PX) if steps.crop else smoothed
    boxed = rasterize_strokes(*_placed(lines, frame, steps, mnist_pen=False))
    penned = rasterize_strokes(*_placed(lines, frame, steps, mnist_pen=True)) if steps.pen else boxed
    pictures = {"input": drawn, "smooth": smoothed, "crop": cropped, "box": boxed, "pen": penned}
    return tuple(PreprocessingStage(step, picture) for step, picture in pictures.items())
