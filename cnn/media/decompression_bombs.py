"""Bombs that Pillow would spend many seconds or gigabytes on, found in a photo's bytes before it sees them.

Pillow bounds what texts in a PNG unpack to and what the tags of a TIFF hold together. What is checked
here is the rest: how many parts a file has, and sizes that are acted on before they can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

MOST_PARTS: Final = 20_000  # chunks or segments; a photo of 20 MB in the smallest usual pieces has some thousands
MOST_BEFORE: Final = 2**20  # bytes of remarks before the picture itself
MOST_WORK: Final = 2_000_000_000  # pixels times scans of a JPEG; 40 megapixels in 10 scans are a fifth of it
MOST_TAGS: Final = 1_000  # of a directory of a TIFF or of EXIF data
MOST_NUMBERS: Final = 70_000  # of a tag; the tallest TIFF with a strip for each row has 65,536
MOST_RUNS: Final = 4_000_000  # pixels or bytes of a run-length BMP, which Pillow decodes in Python
MOST_WEBP: Final = 24_000_000  # pixels; the decoder holds five copies of 4 bytes a pixel

SCAN: Final = 0xDA
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # segments that tell the size of a JPEG
MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # in a scan FF00 is a byte, and FFD0 to FFD7 restart it
DIRECTORY: Final = re.compile(rb"II[*+]\x00|MM\x00[*+]")  # the start of a TIFF, or of EXIF data in another format
DEEPER: Final = (34665, 34853, 40965)  # tags that hold the place of one more directory
MOST_DEEPER: Final = 8  # directories; a photo has up to four
BYTES: Final = (1, 2, 6, 7)  # kinds of tags that stay as they are: bytes and text
TILE: Final = (322, 323)  # tags: width and height of a tile
MOST_TILE: Final = 4_096  # px
BARE: Final = frozenset((0xC8, 0xD8, 0xD9, *range(0xF0, 0xFE)))  # segments of a JPEG that have no length
Order = Literal["little", "big"]


class DecompressionBomb(Exception):
    """No camera and no program writes such a file."""


class TooManyPixels(Exception):
    """More than `most` pixels."""

    def __init__(self, most: int) -> None:
        """Say how many would have been read."""
        super().__init__(f"over {most} pixels")
        self.most = most


def check_decompression_cost(data: bytes, most_pixels: int) -> None:
    """Look through a file's parts without unpacking any.

    Raises: Absurd: it has far too many of them.
        TooLarge: a WebP over `most_pixels` or MOST_WEBP, whose decoder makes its canvases before it tells their size.
    """
    if data.startswith(b"\xff\xd8"):
        _check_jpeg(data)
        return
    if data.startswith(b"\x89PNG"):
        _check_png(data)
    elif data.startswith(b"GIF8"):
        _check_gif(data)
    elif data.startswith(b"BM"):
        _check_bmp(data)
    elif data[8:15] == b"WEBPVP8":
        check_pixel_count(*_webp_size(data), min(most_pixels, MOST_WEBP))
    _check_directories(data)


def check_pixel_count(width: int, height: int, most_pixels: int) -> None:
    """Raise TooLarge over `most_pixels`."""
    if width * height > most_pixels:
        raise TooManyPixels(most_pixels)


def _number(data: bytes, place: int, length: int, order: Order = "little") -> int:
    return int.from_bytes(data[place : place + length], order)


def _absurd_if(condition: bool, what: str) -> None:
    if condition:
        raise DecompressionBomb(what)


def _check_jpeg(data: bytes) -> None:
    scans, pixels, between, end = 0, 0, 0, 2
    for parts, (marker, start, stop) in enumerate(_segments(data)):
        if not scans:
            between += start - end
        scans += marker == SCAN
        if marker in FRAMES and not scans:
            pixels = _number(data, start + 5, 2, "big") * _number(data, start + 7, 2, "big")
        _absurd_if(parts > MOST_PARTS or between > MOST_BEFORE, "segments")
        _absurd_if(scans * pixels > MOST_WORK, "scans")
        end = stop
    _absurd_if(not scans and len(data) - end > MOST_BEFORE, "nothing but padding")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """List a JPEG's segments: (second byte of the marker, first place, place after it)."""
    place = 2
    while found := MARKER.search(data, place):
        place = found.end()
        if found[0][1] not in BARE:
            place += max(2, _number(data, place, 2, "big"))
        yield found[0][1], found.start(), place


def _check_png(data: bytes) -> None:
    place, parts, profiles = 8, 0, 0
    while place < len(data):
        parts += 1
        profiles += data[place + 4 : place + 8] == b"iCCP"
        _absurd_if(parts > MOST_PARTS or profiles > 1, "chunks")
        place += 12 + _number(data, place, 4, "big")


def _check_gif(data: bytes) -> None:
    place = 13 + (3 << (data[10] & 7) + 1 if data[10:11] > b"\x7f" else 0)
    while place < len(data) and data[place] not in b",;":
        if data[place] == ord("!"):  # a remark: its kind, then blocks of at most 255 bytes up to an empty one
            place += 2
            while place < min(len(data), MOST_BEFORE) and data[place]:
                place += 1 + data[place]
        place += 1
        _absurd_if(place > MOST_BEFORE, "remarks")


def _check_bmp(data: bytes) -> None:
    if _number(data, 14, 4) >= 40 and _number(data, 30, 4) in (1, 2):  # a header that names its compression
        pixels = _number(data, 18, 4) * _number(data, 22, 4)
        _absurd_if(max(pixels, len(data)) > MOST_RUNS, "runs")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read width and height from a WebP's first chunk (RFC 9649, sections 2.5 to 2.7)."""
    if data[15:16] == b"X":
        return _number(data, 24, 3) + 1, _number(data, 27, 3) + 1
    if data[15:16] == b"L":
        sides = _number(data, 21, 4)
        return (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    return _number(data, 26, 2) & 0x3FFF, _number(data, 28, 2) & 0x3FFF


def _check_directories(data: bytes) -> None:
    """Check the first directory of a TIFF and of all EXIF data, and those that their tags lead to."""
    for found, start in enumerate(DIRECTORY.finditer(data)):
        _absurd_if(found > MOST_TAGS, "directories")
        base = start.start()
        order: Order = "little" if data[base] == ord("I") else "big"
        big = b"+" in start[0]
        places = [_number(data, base + 8, 8, order) if big else _number(data, base + 4, 4, order)]
        for _ in range(MOST_DEEPER):
            if places:
                places += _check_directory(data, base, places.pop(), order, big)


def _check_directory(data: bytes, base: int, place: int, order: Order, big: bool) -> list[int]:
    """Check the numbers of one directory's tags; return the places of the directories that they lead to."""
    head, size, width = (8, 20, 8) if big else (2, 12, 4)
    start = base + place
    tags = _number(data, start, head, order)
    held = max(0, (len(data) - start - head) // size)
    _absurd_if(min(tags, held) > MOST_TAGS, "tags")
    deeper = []
    for at in range(start + head, start + head + min(tags, held) * size, size):
        tag, kind = _number(data, at, 2, order), _number(data, at + 2, 2, order)
        count, value = _number(data, at + 4, width, order), _number(data, at + 4 + width, width, order)
        # a tag of more numbers than the file has bytes is skipped by Pillow itself
        _absurd_if(kind not in BYTES and MOST_NUMBERS < count <= len(data), "numbers")
        _absurd_if(tag in TILE and base == 0 and value > MOST_TILE, "tiles")
        if tag in DEEPER:
            deeper.append(value)
    return deeper
