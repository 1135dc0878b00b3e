"""Digits out of files: pictures, and .jsonl files with one drawing a line. No TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cnn import preprocessing
from cnn.errors import BadInput
from cnn.media import image_decoding
from cnn.preprocessing import Reading

PAGE_PX = 1200  # of the shorter side: on a page of this height, a digit of 3 % of it has 36 px
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
    """Decode a picture of digits, with its opacity: ink may be white on nothing.

    Returns: uint8 (height, width, 3 or 4), of at most image_decoding.LONGER_PX on the longer side.
    Raises: BadInput: it is missing, too large, or no picture that we read.
    """
    return image_decoding.read_file(path, alpha=True, least_px=PAGE_PX).pixels


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
