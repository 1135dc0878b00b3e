"""What is said about evidence: while it is looked for, and where it lies."""

from __future__ import annotations

from typing import Final

from cnn.array_types import Array
from cnn.metrics import localization as heats

WHOLE: Final = 0.8  # share of the picture from which on a box says nothing: it is not drawn
SMOOTH_PX: Final = 224  # to which a coarse map is enlarged
STARTING: Final = "Starting the engine that looks for evidence; the first time takes about ten seconds."
LOOKING: Final = "Looking for the evidence."


def evidence_sentence(values: Array, name: str) -> str:
    """Say where a heat map sees the class of that `name`, and what its box is worth."""
    box = heats.heatmap_box(values)
    if not box:
        return f"Nothing in this picture speaks for {name}."
    suggested = "would fill the picture" if box[2] * box[3] > WHOLE else "is what it suggests for localisation"
    return f"The evidence for {name} lies {heats.describe_location(values)}; the box {suggested}."


def box_to_draw(values: Array) -> heats.Box | None:
    """Give the box that a heat map suggests, as `heatmap_box`; None where it would cover nearly the whole picture."""
    box = heats.heatmap_box(values)
    return None if box is None or box[2] * box[3] > WHOLE else box
