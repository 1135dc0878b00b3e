"""Digits out of files: pictures, and .jsonl files with one drawing a line. No TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from cnn import preprocessing
from cnn.errors import BadInput
from cnn.preprocessing import Reading

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
DRAWINGS = ".jsonl"


@dataclass(frozen=True, slots=True)
class Item:
    """One input by its name, `FILE` or `FILE:LINE`, and what was found in it, or why nothing could be read."""

    input: str
    reading: Reading | None
    error: str | None = None


def read(paths: Sequence[Path]) -> Iterator[Item]:
    """Read each file; a bad one, or a bad line, is an item with an error, and the others go on."""
    for path in paths:
        if path.suffix == DRAWINGS:
            yield from _drawings(path)
        else:
            yield _picture(path)


def _picture(path: Path) -> Item:
    try:
        return Item(str(path), preprocessing.from_picture(open_picture(path)))
    except BadInput as error:
        return Item(str(path), None, str(error))


def open_picture(path: Path) -> npt.NDArray[np.uint8]:
    """Decode a picture, turned upright.

    Returns: uint8 (height, width, 4), red, green, blue and opacity.
    Raises: BadInput: it is missing, over 20 MB or 40 megapixels, or no picture that we read.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path.name} is over {MOST_BYTES // 2**20} MB. Save it smaller.")
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput(f"{path.name} has over {MOST_PIXELS // 10**6} megapixels. Save it smaller.")
            picture.load()
            return np.asarray(_eight_bits(ImageOps.exif_transpose(picture)).convert("RGBA"))
    except UnidentifiedImageError as error:
        raise BadInput(f"{path.name} is no picture that can be read. Use one of: {', '.join(FORMATS)}.") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(f"{path.name} could not be read ({error}).") from error


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Scale 16-bit and floating-point grey, which Pillow would clip to white."""
    if picture.mode not in ("I", "F", "I;16", "I;16B", "I;16L"):
        return picture
    values = np.asarray(picture, np.float64)
    span = max(float(np.ptp(values)), 1e-9)
    return Image.fromarray(((values - values.min()) / span * 255).astype(np.uint8))


def _drawings(path: Path) -> Iterator[Item]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _drawing(f"{path}:{number}", line)
    except OSError as error:
        yield Item(str(path), None, f"{path.name} could not be read ({error}).")


def _drawing(name: str, line: str) -> Item:
    try:
        strokes = json.loads(line)["strokes"]
        arrays = [np.asarray(stroke, np.float32).reshape(-1, 2) for stroke in strokes]
        return Item(name, preprocessing.from_strokes(arrays))
    except BadInput as error:
        return Item(name, None, str(error))
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        form = '{"strokes": [[[x, y], ...], ...]}'
        return Item(name, None, f"This line is no drawing ({type(error).__name__}: {error}). The form is {form}.")
