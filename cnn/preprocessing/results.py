"""What becomes of a drawing or a picture: digits ready for a network, or the reason why there are none."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cnn.array_types import Array


@dataclass(frozen=True, slots=True)
class PreprocessingSteps:
    """Which steps run; each can be switched off, to see the answer break without it.

    Attributes:
        sheet: of pictures: the sheet of paper is found, and what lies around it dropped. Off: the desk stays.
        polarity: of pictures: ink becomes white on black, whatever colours it and its paper have. Off: as a
            black-and-white film sees it, white stays ink.
        rules: of pictures: the printed lines of the paper, and a box around the digit, are taken away. Off: they stay.
        threshold: of pictures: paper and shadows become 0. Off: they stay, grey.
        smooth: of strokes: a curve runs through coarse points. Off: straight lines.
        crop: each digit is found and cut out. Off: all of the input is shrunk to 28x28, as one digit,
            as public demos do; then `box` has nothing to fit.
        box: the longer side becomes 20 px. Off: all 28.
        pen: lines get the width of MNIST's pen. Off: the width they came with, scaled along.
        centre: the ink's centre of mass comes to the middle. Off: the middle of the box.
    """

    sheet: bool = True
    polarity: bool = True
    rules: bool = True
    threshold: bool = True
    smooth: bool = True
    crop: bool = True
    box: bool = True
    pen: bool = True
    centre: bool = True


class NoDigit(StrEnum):
    """Why there is no digit."""

    BLANK = "blank"
    DOT = "dot"
    NO_INK = "no ink"

    @property
    def sentence(self) -> str:
        """Tell a person what is missing."""
        return _SENTENCES[self]


_SENTENCES = {
    NoDigit.BLANK: "Nothing is drawn yet.",
    NoDigit.DOT: "Larger, please: a dot is no digit.",
    NoDigit.NO_INK: "No ink was found in this picture. Try one with a darker pen or more light.",
}


@dataclass(frozen=True, slots=True)
class PreprocessingStage:
    """What one step made, or would have left alone when it is off.

    Attributes:
        step: a field of `PreprocessingSteps`, or "input".
        picture: float32 (height, width) in [0, 1], 1 is ink; a photo's input and an unturned polarity are as bright
            as they came.
    """

    step: str
    picture: Array


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit as a network sees it.

    Attributes:
        pixels: float32 (28, 28, 1) in [0, 1], 1 is ink.
        box: left, top, width and height of its ink, in px of the input.
        stages: draws what each step made, in order, each time it is called: 2 to 10 ms.
    """

    pixels: Array
    box: tuple[float, float, float, float]
    stages: Callable[[], tuple[PreprocessingStage, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one input.

    Attributes:
        digits: from left to right.
        nothing: why there is no digit; None when there is one.
    """

    digits: tuple[Digit, ...]
    nothing: NoDigit | None = None
