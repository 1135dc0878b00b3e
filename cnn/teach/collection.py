"""A person's own labelled pictures on the disk, with what networks see in them: a reload loses nothing. No TensorFlow.

    <home>/teach/<person>.sqlite    classes, pictures by their content, features by picture and network

Each picture is kept reduced, so that every network can look at it again. Deleting the file deletes everything.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

import numpy as np
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.errors import BadInput
from cnn.home import home_folder, make_home, open_list
from cnn.inference.photo_classification import CENTRAL_CROP
from cnn.media import image_decoding
from cnn.teach.classifier import MOST_CLASSES
from cnn.teach.linear_head import Labels
from cnn.teach.photo_classes import MOST_PICTURES, THUMBNAIL_PX

FOLDER: Final = "teach"  # in the folder of a person's own networks
PERSON_FORM: Final = re.compile(r"[0-9a-f]{8,64}")  # no way to another folder
KEPT_PX: Final = round(224 / CENTRAL_CROP)  # of the shorter side: what the networks of ImageNet are shown
LOSSLESS_PX: Final = 96  # of the longer side: a picture so small would suffer from JPEG
QUALITY: Final = 92  # of a kept JPEG
LONGEST_CLASS: Final = 60  # letters
LONGEST_NAME: Final = 200  # letters of a file's name that are kept
MOST_SKIPPED: Final = 200  # reasons that are kept, the newest
SCHEMA: Final = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS classes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS pictures (
    id INTEGER PRIMARY KEY, sha TEXT NOT NULL UNIQUE, class INTEGER NOT NULL REFERENCES classes (id),
    name TEXT NOT NULL, content BLOB NOT NULL, thumbnail BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS by_class ON pictures (class);
CREATE TABLE IF NOT EXISTS features (
    picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE, network TEXT NOT NULL, row BLOB NOT NULL,
    PRIMARY KEY (picture, network)
);
CREATE TABLE IF NOT EXISTS skipped (id INTEGER PRIMARY KEY, name TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changes (id INTEGER PRIMARY KEY AUTOINCREMENT);
"""


@dataclass(frozen=True, slots=True)
class PictureClass:
    """A class: its number, its name, and how many pictures it has."""

    id: int
    name: str
    pictures: int


@dataclass(frozen=True, slots=True)
class IncomingPicture:
    """A picture that was read and reduced, on its way in.

    Attributes:
        class_name: of its class, which is made where it is missing.
        path: of its file, as it came.
        sha: of the file.
        content: the reduced picture as a file ...
        thumbnail: ... and small, uint8 (pixels,); both empty of a file that is there already.
    """

    class_name: str
    path: str
    sha: str
    content: bytes
    thumbnail: bytes


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedPictures:
    """The pictures that a network has seen, class by class in the order in which they came.

    Attributes:
        classes: names of those that have pictures.
        ids: of the pictures.
        names: of their files.
        features: float32 (n, features).
        labels: int64 (n,), in [0, classes).
        thumbnails: float32 (n, pixels), to find the same picture twice.
    """

    classes: tuple[str, ...]
    ids: tuple[int, ...]
    names: tuple[str, ...]
    features: Array
    labels: Labels
    thumbnails: Array


class Collection:
    """The pictures of one person; any number of threads and processes may use it at once."""

    def __init__(self, person: str) -> None:
        """Open it; it is made where it is missing.

        Args:
            person: hexadecimal, such as a hash.
        Raises: BadInput: that names nobody.
            DiskFull: it cannot be written.
        """
        if not PERSON_FORM.fullmatch(person):
            raise BadInput(f"{person!r} names nobody: a collection's name has 8 to 64 digits from 0 to f.")
        make_home(FOLDER)
        self.path = home_folder() / FOLDER / f"{person}.sqlite"
        with self._open() as base:
            base.executescript(SCHEMA)

    @property
    def revision(self) -> int:
        """Count the changes: the same number means the same pictures in the same classes."""
        with self._open() as base:
            return int(base.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0])

    def classes(self) -> list[PictureClass]:
        """List the classes in the order in which they came."""
        with self._open() as base:
            found = base.execute(
                "SELECT classes.id, classes.name, count(pictures.id) FROM classes "
                "LEFT JOIN pictures ON pictures.class = classes.id GROUP BY classes.id ORDER BY classes.id"
            )
            return [PictureClass(*row) for row in map(tuple, found)]

    def add_class(self, name: str) -> int:
        """Give the number of the class of that name; it is made where there is none.

        Raises: BadInput: it is no name, or there are too many classes.
        """
        name = _checked_class(name)
        with self._open() as base:
            found = base.execute("SELECT id FROM classes WHERE name = ?", (name,)).fetchone()
        if found:
            return int(found[0])
        with self._changing() as base:
            return _class_number(base, name)

    def rename(self, one: int, name: str) -> None:
        """Call a class otherwise; where another is called so already, the two become one.

        Raises: BadInput: it is no name.
        """
        name = _checked_class(name)
        with self._changing() as base:
            other = base.execute("SELECT id FROM classes WHERE name = ? AND id <> ?", (name, one)).fetchone()
            if other:
                base.execute("UPDATE pictures SET class = ? WHERE class = ?", (other[0], one))
                base.execute("DELETE FROM classes WHERE id = ?", (one,))
            else:
                base.execute("UPDATE classes SET name = ? WHERE id = ?", (name, one))

    def delete_class(self, one: int) -> None:
        """Delete a class with its pictures."""
        with self._changing() as base:
            base.execute("DELETE FROM pictures WHERE class = ?", (one,))
            base.execute("DELETE FROM classes WHERE id = ?", (one,))

    def move(self, pictures: Sequence[int], into: int) -> None:
        """Put pictures into another class."""
        with self._changing() as base:
            base.executemany("UPDATE pictures SET class = ? WHERE id = ?", [(into, one) for one in pictures])

    def delete(self, pictures: Sequence[int]) -> None:
        """Delete pictures."""
        with self._changing() as base:
            base.executemany("DELETE FROM pictures WHERE id = ?", [(one,) for one in pictures])

    def delete_everything(self) -> None:
        """Delete all classes, pictures and features; the space on the disk is free at once."""
        with self._changing() as base:
            for table in ("features", "pictures", "classes", "skipped"):
                base.execute(f"DELETE FROM {table}")  # names from the line above
        with self._open() as base:
            base.commit()
            base.execute("VACUUM")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def add_picture(self, into: int, name: str, data: bytes) -> None:
        """Take in a picture, unless the same file is there already.

        Args:
            into: its class.
            name: of the file.
            data: its content.
        Raises: BadInput: it cannot be read, it is in another class already, or there are too many.
            DiskFull: it could not be written.
        """
        incoming = read_incoming("", name, data, self.known_files())
        with self._changing() as base:
            _insert(base, into, incoming, MOST_PICTURES - _count(base))

    def known_files(self) -> set[str]:
        """List the files that are there by their SHA-256, so that they need not be read again."""
        with self._open() as base:
            return {str(row[0]) for row in base.execute("SELECT sha FROM pictures")}

    def add_pictures(self, pictures: Sequence[IncomingPicture], skipped: Sequence[tuple[str, str]] = ()) -> None:
        """Take in pictures as one step, and note why others are not taken: a step for each takes ten times as long.

        Args:
            pictures: from `read_incoming`.
            skipped: files that could not be read, and why.
        Raises: DiskFull: it could not be written; then none is there.
        """
        with self._changing() as base:
            refused, room = list(skipped), MOST_PICTURES - _count(base)
            for one in pictures:
                try:
                    room -= _insert(base, _class_number(base, _checked_class(one.class_name)), one, room)
                except BadInput as error:
                    refused.append((one.path, str(error)))
            _note_skipped(base, refused)

    def picture(self, one: int) -> tuple[str, bytes]:
        """Give the file's name of a picture, and the reduced picture as a file.

        Raises: BadInput: it is not there any more.
        """
        with self._open() as base:
            found = base.execute("SELECT name, content FROM pictures WHERE id = ?", (one,)).fetchone()
        if found is None:
            raise BadInput("That picture is not there any more.")
        return str(found[0]), bytes(found[1])

    def first_pictures(self, one: int, count: int, after: int = 0) -> list[int]:
        """List up to `count` pictures of a class, behind the first `after`."""
        with self._open() as base:
            found = base.execute(
                "SELECT id FROM pictures WHERE class = ? ORDER BY id LIMIT ? OFFSET ?", (one, count, after)
            )
            return [int(row[0]) for row in found]

    def skip(self, name: str, why: str) -> None:
        """Note why a file was not taken; the oldest notes make room."""
        with self._open() as base:
            _note_skipped(base, [(name, why)])

    def skipped(self) -> list[tuple[str, str]]:
        """List the files that were not taken and why, the newest first."""
        with self._open() as base:
            return [
                (str(row[0]), str(row[1])) for row in base.execute("SELECT name, why FROM skipped ORDER BY id DESC")
            ]

    def forget_skipped(self) -> None:
        """Forget those notes."""
        with self._open() as base:
            base.execute("DELETE FROM skipped")

    def unseen(self, network: str) -> list[int]:
        """List the pictures that a network has not seen yet."""
        with self._open() as base:
            found = base.execute(
                "SELECT id FROM pictures WHERE id NOT IN (SELECT picture FROM features WHERE network = ?) ORDER BY id",
                (network,),
            )
            return [int(row[0]) for row in found]

    def add_features(self, network: str, pictures: Sequence[int], features: Array) -> None:
        """Note what a network saw in pictures, float32 (n, features); one that was deleted meanwhile is left out."""
        with self._changing() as base:
            base.executemany(
                "INSERT OR REPLACE INTO features SELECT id, ?, ? FROM pictures WHERE id = ?",
                [(network, row.astype(np.float32).tobytes(), one) for one, row in zip(pictures, features, strict=True)],
            )

    def embedded(self, network: str) -> EmbeddedPictures:
        """Read what a network saw."""
        with self._open() as base:
            rows = base.execute(
                "SELECT classes.name, pictures.id, pictures.name, features.row, thumbnail FROM pictures "
                "JOIN features ON picture = pictures.id AND network = ? JOIN classes ON classes.id = class "
                "ORDER BY class, pictures.id",
                (network,),
            ).fetchall()
        classes = tuple(dict.fromkeys(str(row[0]) for row in rows))
        numbers = {name: at for at, name in enumerate(classes)}
        features = np.frombuffer(b"".join(row[3] for row in rows), np.float32)
        thumbnails = np.frombuffer(b"".join(row[4] for row in rows), np.uint8).astype(np.float32) / np.float32(255)
        return EmbeddedPictures(
            classes=classes,
            ids=tuple(int(row[1]) for row in rows),
            names=tuple(str(row[2]) for row in rows),
            features=features.reshape(len(rows), -1) if rows else np.zeros((0, 1), np.float32),
            labels=np.array([numbers[str(row[0])] for row in rows], np.int64),
            thumbnails=thumbnails.reshape(len(rows), -1) if rows else np.zeros((0, 1), np.float32),
        )

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return open_list(self.path, "pictures")

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """Change something as one step, and count it."""
        with self._open() as base:
            base.execute("PRAGMA foreign_keys = ON")
            base.execute("BEGIN IMMEDIATE")
            base.execute("INSERT INTO changes DEFAULT VALUES")
            base.execute("DELETE FROM changes WHERE id < (SELECT max(id) FROM changes)")
            yield base


def delete_untouched(seconds: float, now: float | None = None) -> None:
    """Delete the collections in which nothing was changed for so long: of people who cannot come back to them.

    Args:
        seconds: without a change.
        now: seconds since 1970; the clock's where None.
    """
    limit = (time.time() if now is None else now) - seconds
    for path in (home_folder() / FOLDER).glob("*.sqlite"):
        with suppress(OSError):  # somebody else was faster
            beside = [path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))]
            if max(one.stat().st_mtime for one in beside if one.exists()) < limit:
                for one in beside:
                    one.unlink(missing_ok=True)


def class_of_path(path: str, otherwise: str) -> str:
    """Name the class of a file by the folder in which it lies; `otherwise` where it lies in none."""
    return PurePosixPath(path.replace("\\", "/")).parent.name or otherwise


def read_incoming(class_name: str, path: str, data: bytes, known: Container[str] = ()) -> IncomingPicture:
    """Read a picture and reduce it, unless the file is known.

    Args:
        class_name: of its class.
        path: of its file.
        data: its content.
        known: files that are there, by their SHA-256.
    Raises: BadInput: it cannot be read.
    """
    sha = hashlib.sha256(data).hexdigest()
    if sha in known:
        return IncomingPicture(class_name, path, sha, b"", b"")
    pixels = image_decoding.decode_image(data, _file_name(path), least_px=KEPT_PX).pixels
    thumbnail = image_decoding.resize_for_network(pixels, THUMBNAIL_PX, THUMBNAIL_PX)
    small = np.rint(thumbnail * 255).astype(np.uint8).tobytes()
    return IncomingPicture(class_name, path, sha, _reduced(pixels), small)


def _file_name(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name


def _class_number(base: sqlite3.Connection, name: str) -> int:
    """Give the number of a class, which is made where there is none; raises BadInput where there are too many."""
    found = base.execute("SELECT id FROM classes WHERE name = ?", (name,)).fetchone()
    if found:
        return int(found[0])
    if base.execute("SELECT count(*) FROM classes").fetchone()[0] >= MOST_CLASSES:
        raise BadInput(f"There are {MOST_CLASSES} classes, and no more are taught. Merge or delete some.")
    return int(base.execute("INSERT INTO classes (name) VALUES (?)", (name,)).lastrowid or 0)


def _insert(base: sqlite3.Connection, into: int, one: IncomingPicture, room: int) -> int:
    """Put a picture into a class; 0 where it is there already, else 1. Raises BadInput as `Collection.add_picture`."""
    name = _file_name(one.path)
    there = base.execute(
        "SELECT classes.id, classes.name FROM pictures JOIN classes ON classes.id = class WHERE sha = ?", (one.sha,)
    ).fetchone()
    if there and there[0] != into:
        raise BadInput(f"{name} is in the class {there[1]} already. Move it there, if it is in the wrong one.")
    if there or not one.content:  # that was there when it was read, and was deleted meanwhile
        return 0
    if room <= 0:
        raise BadInput(f"There are {MOST_PICTURES:,} pictures, and no more are taught. Delete some first.")
    row = (one.sha, into, name[-LONGEST_NAME:], one.content, one.thumbnail)
    base.execute("INSERT INTO pictures (sha, class, name, content, thumbnail) VALUES (?, ?, ?, ?, ?)", row)
    return 1


def _count(base: sqlite3.Connection) -> int:
    return int(base.execute("SELECT count(*) FROM pictures").fetchone()[0])


def _note_skipped(base: sqlite3.Connection, skipped: Sequence[tuple[str, str]]) -> None:
    """Note why files were not taken; the oldest notes make room."""
    rows = [(name[-LONGEST_NAME:], why) for name, why in skipped]
    base.executemany("INSERT INTO skipped (name, why) VALUES (?, ?)", rows)
    base.execute("DELETE FROM skipped WHERE id <= (SELECT max(id) FROM skipped) - ?", (MOST_SKIPPED,))


def _checked_class(name: str) -> str:
    name = "".join(one if one.isprintable() else " " for one in name)
    name = " ".join(name.split())[:LONGEST_CLASS]
    if not name:
        raise BadInput("A class needs a name. Type one.")
    return name


def _reduced(pixels: Pixels) -> bytes:
    """Write a picture as a file, its shorter side no longer than `KEPT_PX`."""
    picture = Image.fromarray(pixels)
    scale = KEPT_PX / min(picture.size)
    if scale < 1:
        size = (max(KEPT_PX, round(picture.width * scale)), max(KEPT_PX, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    file = BytesIO()
    if max(picture.size) <= LOSSLESS_PX:
        picture.save(file, "PNG")
    else:
        picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
