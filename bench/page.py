"""A photo of a page, 12 megapixels, to its digits, against the time and the memory that this may take."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from bench.figure import Missing, Sample
from bench.timing import medians
from cnn import preprocessing
from cnn.array_types import Pixels
from cnn.datasets.synthetic_handwriting import write_digit
from cnn.inference.digit_files import PAGE_SIDE_PX
from cnn.media import image_decoding
from cnn.paths import ROOT
from cnn.preprocessing.rasterize import fit_strokes, rasterize_strokes, smooth_strokes

SIZE = (4000, 3000)  # px, as phones take
GRAIN = 6  # levels that a sensor adds or takes away: a file without grain is decoded in a tenth of the time
MOST_MS, MOST_MB = 150.0, 300.0  # of a reading; of the process that reads, all it loads included
ROUNDS = 20
PEAK = """
import resource, sys
from pathlib import Path
from cnn import preprocessing
from cnn.inference.digit_files import open_digit_picture
preprocessing.from_picture(open_digit_picture(Path(sys.argv[1])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@cache
def photo() -> bytes:
    """Photograph a digit on tilted ruled paper on a desk: a JPEG file."""
    y, x = np.mgrid[:600, :800]
    page = (x > 60) & (x < 740) & (y > 50) & (y < 560)
    rule = page & ((y + 0.05 * x) % 40 < 2)
    ink = rasterize_strokes(fit_strokes(smooth_strokes(write_digit(4, np.random.default_rng(4))), 200, 600), 18, 600)
    grey = np.where(rule, 150.0, np.where(page, 235.0, 90.0))
    grey[:, 100:700] *= 1 - 0.85 * ink
    large = np.asarray(Image.fromarray(grey.astype(np.uint8)).resize(SIZE, Image.Resampling.BICUBIC), np.int16)
    grain = np.random.default_rng(0).integers(-GRAIN, GRAIN + 1, (*large.shape, 1), np.int16)
    file = BytesIO()
    Image.fromarray(np.clip(large[..., None] + grain, 0, 255).astype(np.uint8).repeat(3, axis=2)).save(file, "JPEG")
    return file.getvalue()


def read(data: bytes) -> preprocessing.Reading:
    """Read a file as `predict` does, from its bytes to the pixels of each digit."""
    return preprocessing.from_picture(_decoded(data))


def measure(_: Path) -> Iterator[Sample]:
    """Time the reading, with and without the decoding."""
    data = photo()
    if len(read(data).digits) != 1:
        raise Missing("The page is not read, so there is nothing to time.")
    pixels = _decoded(data)
    whole, pure = medians([lambda: read(data), lambda: preprocessing.from_picture(pixels)], ROUNDS)
    detail = f"a JPEG of 12 megapixels against what it may take; {pure:.0f} ms without decoding; median of {ROUNDS}"
    yield Sample(whole, MOST_MS, detail)


def peak(_: Path) -> Iterator[Sample]:
    """Take the peak of a process that reads it once."""
    if sys.platform != "linux":
        raise Missing("Linux alone gives the peak of a process in kB.")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.jpg"
        file.write_bytes(photo())
        ran = subprocess.run([sys.executable, "-c", PEAK, file], cwd=ROOT, capture_output=True, text=True, check=True)
    yield Sample(int(ran.stdout.split()[-1]) / 1024, MOST_MB, "a JPEG of 12 megapixels against what it may take")


def _decoded(data: bytes) -> Pixels:
    return image_decoding.decode_image(data, "page.jpg", alpha=True, least_px=PAGE_SIDE_PX).pixels
