"""A confusion matrix; one cell is chosen, by mouse, finger or arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ui.components import register
from ui.components.choice import follow_choice

_component = register.register_component(__file__, shared=("keys", "turns"))


def render_confusion_matrix(
    counts: npt.NDArray[np.int64], classes: Sequence[str], asked: tuple[int, int], caption: str, key: str
) -> tuple[int, int]:
    """Show the counts and return the chosen cell: its row, what pictures show, and its column, what was answered.

    Args:
        counts: int64 (classes, classes).
        classes: names, by label.
        asked: the cell that is chosen at first, and whenever this changes.
        caption: what it tells, for screen readers.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    places = [f"{row},{column}" for row, column in np.ndindex(counts.shape)]
    kept = follow_choice(key, "chosen", f"{asked[0]},{asked[1]}", places)
    data = {
        "counts": tuple(map(tuple, counts.tolist())),  # no lists: see ui/components/drawing_canvas/drawing_canvas.py
        "classes": tuple(classes),
        "caption": caption,
        "chosen": kept.value,
        "turn": kept.turn,
    }
    _component(key=key, data=data, on_chosen_change=lambda: None)
    row, column = map(int, kept.value.split(","))
    return row, column
