"""Write assets/digits/samples.json: ten digits in invented handwriting, in canvas units."""

import json

import numpy as np
import numpy.typing as npt

from cnn.datasets import synthetic_handwriting
from cnn.paths import ASSETS
from cnn.preprocessing.rasterize import fit_strokes, smooth_strokes

WIDTH, HEIGHT = 480, 360  # the canvas of ui/components/drawing_canvas/drawing_canvas.py
APART = 9  # least distance of two points, in canvas units: the samples travel with every answer
TALL = 220  # longer side of a digit, in canvas units
SEED = 26


def main() -> None:
    """Write each digit once, in the middle of the canvas."""
    rng = np.random.default_rng(SEED)
    drawings = []
    for label in range(10):
        strokes = fit_strokes(smooth_strokes(synthetic_handwriting.write_digit(label, rng)), TALL, 0)
        middle = np.array([WIDTH / 2, HEIGHT / 2])
        points = [thinned(stroke + middle).round(1).tolist() for stroke in strokes]
        drawings.append({"label": str(label), "strokes": points})
    target = ASSETS / "digits" / "samples.json"
    target.write_text(json.dumps(drawings, separators=(",", ":")) + "\n", encoding="utf-8")


def thinned(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Keep points (n, 2) that lie at least APART from the last one kept, and both ends."""
    kept = [points[0]]
    for point in points[1:-1]:
        if np.hypot(*(point - kept[-1])) >= APART:
            kept.append(point)
    return np.array([*kept, points[-1]])


if __name__ == "__main__":
    main()
