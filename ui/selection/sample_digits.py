"""Ten drawn digits for those who do not draw."""

import json
from functools import cache

import numpy as np

from cnn.array_types import Array
from cnn.paths import ASSETS
from ui.components.drawing_canvas import drawing_canvas

Strokes = tuple[Array, ...]


@cache
def sample_digits() -> tuple[tuple[str, Strokes], ...]:
    """Read the samples: a name such as "Sample 7", and strokes in canvas units."""
    drawings = json.loads((ASSETS / "digits" / "samples.json").read_text(encoding="utf-8"))
    return tuple(
        (f"Sample {drawing['label']}", tuple(np.asarray(stroke, np.float32) for stroke in drawing["strokes"]))
        for drawing in drawings
    )


@cache
def samples_on_canvas() -> str:
    """Write the samples as `render_drawing_canvas` takes them."""
    return drawing_canvas.samples_json(sample_digits())
