"""The steps that a drawing takes into a network, in words: titles, one line each, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cnn.preprocessing import Reading, Stage, Steps, from_strokes
from ui.components.drawing_canvas.drawing_canvas import HEIGHT, WIDTH, Drawing
from ui.components.preprocessing_steps.preprocessing_steps import Panel
from ui.images.data_uri import png


@dataclass(frozen=True, slots=True)
class Step:
    """A step of `cnn.preprocessing`: its `field` in `Steps`, a title, one line, and the reason for it."""

    field: str
    title: str
    line: str
    why: str


STEPS: Final = (
    Step(
        "smooth",
        "Smooth",
        "a curve through coarse points",
        "A slow screen reports few points. A curve through them (Catmull & Rom 1974) gives back the movement of "
        "the hand; straight lines would look like corners.",
    ),
    Step(
        "crop",
        "Crop",
        "cut to the ink",
        "Nobody draws exactly in the middle. Only the ink counts, so the empty paper is cut away. Public demos "
        "often skip this and shrink the whole canvas: a small seven in a corner is then a few grey dots.",
    ),
    Step(
        "box",
        "20 px box",
        "longer side to 20 pixels",
        "Every digit of MNIST was scaled to fit 20x20 pixels, its shape kept (LeCun et al. 1998). A network that "
        "has only ever seen digits of that size reads those best.",
    ),
    Step(
        "pen",
        "Pen",
        "lines as thick as MNIST's",
        "Scaling a large drawing down makes its lines hair-thin. The strokes are drawn again inside the box with "
        "a pen as wide as MNIST's, 2.6 pixels.",
    ),
    Step(
        "centre",
        "Centre",
        "centre of mass to the middle",
        "MNIST puts the centre of mass of the ink, not of its box, in the middle of 28x28 pixels. A one with a "
        "long foot moves by several pixels.",
    ),
)
FIELDS: Final = tuple(step.field for step in STEPS)


def without(off: Collection[str]) -> Steps:
    """Switch the steps named in `off` off, and leave the others on."""
    return Steps(**{field: field not in off for field in FIELDS})


def read(drawing: Drawing, off: Collection[str], xray: bool = False) -> Reading:
    """Read what is on the canvas without the steps named in `off`; the x-ray's pictures cost time."""
    return from_strokes(drawing.strokes, drawing.pen, WIDTH, HEIGHT, without(off), xray)


def panels(reading: Reading, which: int, off: Collection[str]) -> list[Panel]:
    """Show what each step made of digit `which`; places without a picture while there is none."""
    digit = reading.digits[which] if reading.digits else None
    made = {stage.step: stage for stage in digit.stages} if digit else {}
    shown = [Panel("input", "Your drawing", "as you made it", _picture(made.get("input")), fixed=True)]
    shown += [
        Panel(step.field, step.title, step.line, _picture(made.get(step.field)), on=step.field not in off)
        for step in STEPS
    ]
    pixels = png(digit.pixels[..., 0]) if digit else ""
    return [*shown, Panel("seen", "What the network sees", "28x28 pixels", pixels, fixed=True)]


def explain() -> None:
    """Say why each step is there, side by side; the anchors are the fields' names."""
    for column, step in zip(st.columns(len(STEPS)), STEPS, strict=True):
        column.subheader(step.title, anchor=step.field)
        column.markdown(step.why)


def _picture(stage: Stage | None) -> str:
    return png(stage.picture) if stage else ""
