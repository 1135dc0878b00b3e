"""Digits out of files: pictures, and .jsonl files with one drawing a line. No TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cnn import preprocessing
from cnn.array_types import Pixels
from cnn.errors import BadInput, reason
from cnn.media import image_decoding
from cnn.preprocessing import Reading

PAGE_SIDE_PX = 1200  # of the shorter side: on a page of this height, a digit of 3 % of it has 36 px
DRAWINGS_SUFFIX = ".jsonl"  # or in capitals
DRAWING_FORM = '{"strokes": [[[x, y], ...], ...]}'


@dataclass(frozen=True, slots=True)
class DigitInput:
    """One input by its name, `FILE` or `FILE:LINE`, and what was found in it, or why nothing could be read."""

    input: str
    reading: Reading | None
    error: str | None = None


def read_digit_files(paths: Sequence[Path]) -> Iterator[DigitInput]:
    """Read each file; a bad one, or a bad line, is an item with an error, and the others go on."""
    for path in paths:
        if path.suffix.lower() == DRAWINGS_SUFFIX:
            yield from _drawings(path)
        else:
            yield _item(str(path), partial(_picture, path))


def _item(name: str, read: Callable[[], Reading]) -> DigitInput:
    """Read one input; whatever that raises becomes its error, so that no input takes the others down."""
    try:
        return DigitInput(name, read())
    except Exception as error:
        return DigitInput(name, None, reason(name, error))


def _picture(path: Path) -> Reading:
    return preprocessing.from_picture(open_digit_picture(path))


def open_digit_picture(path: Path) -> Pixels:
    """Decode a picture of digits, with its opacity: ink may be white on nothing.

    Returns: uint8 (height, width, 3 or 4), of at most image_decoding.LONGER_PX on the longer side.
    Raises: BadInput: it is missing, too large, or no picture that we read.
    """
    return image_decoding.decode_image_file(path, alpha=True, least_px=PAGE_SIDE_PX).pixels


def _drawings(path: Path) -> Iterator[DigitInput]:
    try:
        with path.open(encoding=_encoding(path), errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _item(f"{path}:{number}", partial(_drawing, line))
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        yield DigitInput(str(path), None, reason(path.name, error))


def _encoding(path: Path) -> str:
    """Tell UTF-8, UTF-16 and UTF-32 apart, with a byte order mark or without, as RFC 8259 and RFC 4627 have them."""
    with path.open("rb") as file:
        return json.detect_encoding(file.read(4))


def _drawing(line: str) -> Reading:
    try:
        strokes = json.loads(line)["strokes"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(
            f"This line is no drawing ({type(error).__name__}: {error}). The form is {DRAWING_FORM}."
        ) from error
    return preprocessing.from_strokes(strokes)
