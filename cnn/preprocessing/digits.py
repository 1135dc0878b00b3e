"""Strokes or any picture -> what a network trained on MNIST expects to see. No TensorFlow."""

from collections.abc import Sequence

import numpy.typing as npt

from cnn.array_types import Pixels
from cnn.preprocessing import stroke_reader
from cnn.preprocessing.results import Digit, NoDigit, PreprocessingStage, PreprocessingSteps, Reading

__all__ = ["Digit", "NoDigit", "PreprocessingStage", "PreprocessingSteps", "Reading", "from_picture", "from_strokes"]


def from_strokes(
    strokes: Sequence[npt.ArrayLike],
    pen: float | None = None,
    width: float | None = None,
    height: float | None = None,
    steps: PreprocessingSteps = PreprocessingSteps(),
) -> Reading:
    """Read a drawing: one digit or several side by side.

    With every step on, the pixels are those of `strokes_to_mnist(smooth_strokes(strokes))`, whatever the scale, the
    place and the pen.

    Args:
        strokes: each a list of (x, y), x to the right and y downwards, in any unit; empty ones are skipped.
        pen: width of the drawn line in the same unit; None where it is not known.
        width: of the canvas, whose corner is (0, 0); None where it is not known.
        height: of the canvas likewise.
        steps: which steps run.
    Returns: the digits from left to right; or BLANK without a stroke, DOT for a single dot.
    Raises: BadInput: points that are no pairs of finite numbers, or a size that is not above 0.
    """
    return stroke_reader.read_strokes(strokes, (pen, width, height), steps)


def from_picture(picture: Pixels, steps: PreprocessingSteps = PreprocessingSteps()) -> Reading:
    """Read a picture of ink: a photo, a scan or an MNIST digit, dark on light or light on dark.

    Args:
        picture: (height, width) or (height, width, 1 to 4): grey, grey and alpha, RGB, or RGB and alpha.
            What is transparent is paper.
        steps: which steps run.
    Returns: the digits from left to right; NO_INK where there is nothing but paper or noise.
    Raises: BadInput: not uint8, no such shape, or empty.
    """
    from cnn.preprocessing import picture_reader  # imports SciPy, which the app's start need not wait for

    return picture_reader.read_picture(picture, steps)
