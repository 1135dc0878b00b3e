"""The pictures in a zip that somebody brings, one after the other and within bounds. No TensorFlow."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Final

from cnn.errors import DAMAGED_ARCHIVE, BadInput
from cnn.media.image_decoding import MOST_BYTES
from cnn.teach.photo_classes import MOST_PICTURES

MOST_ENTRIES: Final = MOST_PICTURES + 5_000  # folders and what systems put beside pictures among them
MOST_UNPACKED: Final = 8 * 2**30  # bytes of all entries together; each goes once through memory, none onto the disk
MOST_RATIO: Final = 100  # unpacked over packed, of an entry over RATIO_BYTES: pictures hardly shrink, bombs do
RATIO_BYTES: Final = 2**20
BESIDE: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # what systems put beside pictures


@dataclass(frozen=True, slots=True)
class ZipPicture:
    """A file of a zip: its path in it, its bytes, and why it is not taken; "" where it is."""

    path: str
    data: bytes = field(repr=False)
    refused: str = ""


def read_zip_pictures(file: IO[bytes], name: str) -> Iterator[ZipPicture]:
    """Read the files of a zip, each with its bytes or with the reason why it is not taken; nothing is unpacked to disk.

    Args:
        file: the zip, at any place in it.
        name: what to call it in errors.
    Raises: BadInput: it is no zip, or holds more than is read.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED_ARCHIVE as error:
        raise BadInput(f"{name} is no zip that can be read. Pack the folder anew.") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise BadInput(f"{name} holds {len(entries):,} files; at most {MOST_ENTRIES:,} are read. Split it.")
        if sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise BadInput(
                f"{name} would unpack to over {MOST_UNPACKED // 2**30} GB. Split it, or save photos smaller."
            )
        for one in entries:
            if not one.is_dir() and not _is_beside(one.filename):
                yield _read(archive, one)


def _is_beside(path: str) -> bool:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return any(part in BESIDE for part in parts) or (bool(parts) and parts[-1].startswith("."))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> ZipPicture:
    if why := _refusal(entry):
        return ZipPicture(entry.filename, b"", why)
    try:
        with archive.open(entry) as packed:
            data = packed.read(MOST_BYTES + 1)  # what the list of contents says may be a lie
    except (*DAMAGED_ARCHIVE, NotImplementedError) as error:
        return ZipPicture(entry.filename, b"", f"It is damaged or locked in the zip ({type(error).__name__}).")
    if len(data) > MOST_BYTES:
        return ZipPicture(entry.filename, b"", f"It unpacks to over {MOST_BYTES // 2**20} MB.")
    return ZipPicture(entry.filename, data)


def _refusal(entry: zipfile.ZipInfo) -> str:
    """Say why an entry is not opened; "" where it is."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "Its path leads out of the zip."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "It is a link, not a file."
    if entry.file_size > MOST_BYTES:
        return f"It would unpack to over {MOST_BYTES // 2**20} MB."
    if entry.file_size > RATIO_BYTES and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        return f"It would unpack to more than {MOST_RATIO} times its size."
    return ""
