"""The steps that a drawing or a picture takes into a network, in words: titles, one line each, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cnn.array_types import Pixels
from cnn.preprocessing import PreprocessingStage, PreprocessingSteps, Reading, from_picture, from_strokes
from ui.components.drawing_canvas.drawing_canvas import HEIGHT, WIDTH, Drawing
from ui.components.preprocessing_steps.preprocessing_steps import StepPanel
from ui.images.data_uri import gray_png_uri
from ui.selection.guarded_reading import read_or_say_why


@dataclass(frozen=True, slots=True)
class StepText:
    """A step of `cnn.preprocessing`: its `field` in `PreprocessingSteps`, a title, one line, and the reason for it."""

    field: str
    title: str
    line: str
    why: str


STROKE_STEPS: Final = (
    StepText(
        "smooth",
        "Smooth",
        "a curve through coarse points",
        "A slow screen reports few points. A curve through them (Catmull & Rom 1974) gives back the movement of "
        "the hand; straight lines would look like corners.",
    ),
    StepText(
        "crop",
        "Crop",
        "cut to the ink",
        "Nobody draws exactly in the middle. Only the ink counts, so the empty paper is cut away. Public demos "
        "often skip this and shrink the whole canvas: a small seven in a corner is then a few grey dots.",
    ),
    StepText(
        "box",
        "20 px box",
        "longer side to 20 pixels",
        "Every digit of MNIST was scaled to fit 20x20 pixels, its shape kept (LeCun et al. 1998). A network that "
        "has only ever seen digits of that size reads those best.",
    ),
    StepText(
        "pen",
        "Pen",
        "lines as thick as MNIST's",
        "Scaling a large drawing down makes its lines hair-thin. The strokes are drawn again inside the box with "
        "a pen as wide as MNIST's, 2.6 pixels.",
    ),
    StepText(
        "centre",
        "Centre",
        "centre of mass to the middle",
        "MNIST puts the centre of mass of the ink, not of its box, in the middle of 28x28 pixels. A one with a "
        "long foot moves by several pixels.",
    ),
)
PICTURE_STEPS: Final = (
    StepText(
        "sheet",
        "Sheet",
        "the paper without the desk",
        "A photo of a page shows the desk as well, and a white sheet on a dark desk looks like a very thick stroke. "
        "So a flat rectangle with something else around it, or beyond a straight edge of it, is taken for the sheet, "
        "and the rest is dropped.",
    ),
    StepText(
        "polarity",
        "Polarity",
        "ink becomes bright",
        "MNIST's ink is white on black, people's is dark on light. Two tones are told apart (Otsu 1979), and the one "
        "made of strokes is the ink. Where ink and paper are equally bright, their colours tell (principal component).",
    ),
    StepText(
        "rules",
        "Rules",
        "printed lines taken away",
        "To a network the rules of paper, or a box around the digit, are ink. Long thin lines are found at any tilt up "
        "to 12 degrees, erased, and the strokes that they cross are closed again.",
    ),
    StepText(
        "threshold",
        "Threshold",
        "paper and shadows to 0",
        "MNIST's paper is exactly 0. Paper in a photo is grey, and darker in a shadow: its light is guessed and taken "
        "away, and what is left is stretched so that noise is 0 and most ink is 1.",
    ),
    *(step for step in STROKE_STEPS if step.field != "smooth"),
)
FIELDS: Final = tuple(step.field for step in STROKE_STEPS)


@dataclass(frozen=True, slots=True)
class ReadingSource:
    """Something to read, and how the x-ray shows it.

    Attributes:
        key: of its switches.
        title, line: of the x-ray's first picture.
        steps: that it takes, in order.
        reader: reads it by `PreprocessingSteps`.
    """

    key: str
    title: str
    line: str
    steps: tuple[StepText, ...]
    reader: Callable[[PreprocessingSteps], Reading]

    @property
    def fields(self) -> tuple[str, ...]:
        """Name its steps, in order."""
        return tuple(step.field for step in self.steps)

    def read(self, off: Collection[str]) -> Reading:
        """Read it without the steps named in `off`; what fails there is told, and is no digit."""
        return read_or_say_why(self.title, lambda: self.reader(steps_without(off)))


def source_of_drawing(drawing: Drawing) -> ReadingSource:
    """Take what is on the canvas."""

    def reader(steps: PreprocessingSteps) -> Reading:
        return from_strokes(drawing.strokes, drawing.pen, WIDTH, HEIGHT, steps)

    return ReadingSource("xray", "Your drawing", "as you made it", STROKE_STEPS, reader)


def source_of_picture(pixels: Pixels) -> ReadingSource:
    """Take a picture, uint8 (height, width, 3 or 4)."""

    def reader(steps: PreprocessingSteps) -> Reading:
        return from_picture(pixels, steps)

    return ReadingSource("picture xray", "Your picture", "its brightness", PICTURE_STEPS, reader)


def steps_without(off: Collection[str]) -> PreprocessingSteps:
    """Switch the steps named in `off` off, and leave the others on."""
    return PreprocessingSteps(**dict.fromkeys(off, False))


def step_panels(source: ReadingSource, reading: Reading, which: int, off: Collection[str]) -> list[StepPanel]:
    """Show what each step made of digit `which`; places without a picture while there is none."""
    digit = reading.digits[which] if reading.digits else None
    made = {stage.step: stage for stage in digit.stages()} if digit else {}
    shown = [StepPanel("input", source.title, source.line, _picture(made.get("input")), fixed=True)]
    shown += [
        StepPanel(step.field, step.title, step.line, _picture(made.get(step.field)), on=step.field not in off)
        for step in source.steps
    ]
    pixels = gray_png_uri(digit.pixels[..., 0]) if digit else ""
    return [*shown, StepPanel("seen", "What the network sees", "28x28 pixels", pixels, fixed=True)]


def explain_preprocessing() -> None:
    """Say why each step is there, side by side; the anchors are the fields' names."""
    only_pictures = tuple(step for step in PICTURE_STEPS if step.field not in FIELDS)
    for steps in (STROKE_STEPS, only_pictures):
        for column, step in zip(st.columns(len(steps)), steps, strict=True):
            column.subheader(step.title, anchor=step.field)
            column.markdown(step.why)


def _picture(stage: PreprocessingStage | None) -> str:
    return gray_png_uri(stage.picture) if stage else ""
