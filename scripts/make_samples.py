"""Write assets/digits/samples.json: ten digits in invented handwriting, in canvas units."""

import json
from pathlib import Path

import numpy as np

from cnn import handwriting
from cnn.strokes import fit, smooth

WIDTH, HEIGHT = 480, 360  # the canvas of ui/canvas.py
TALL = 220  # longer side of a digit, in canvas units
SEED = 26


def main() -> None:
    """Write each digit once, in the middle of the canvas."""
    rng = np.random.default_rng(SEED)
    drawings = []
    for label in range(10):
        strokes = fit(smooth(handwriting.digit(label, rng)), TALL, 0)
        middle = np.array([WIDTH / 2, HEIGHT / 2])
        points = [
            [[round(float(x), 1), round(float(y), 1)] for x, y in smooth([stroke])[0] + middle] for stroke in strokes
        ]
        drawings.append({"label": str(label), "strokes": points})
    target = Path(__file__).parent.parent / "assets" / "digits" / "samples.json"
    target.write_text(json.dumps(drawings, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
