"""The folder in which a person's runs and networks live: CONVSCOPE_HOME, else the platform's own for data."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from platformdirs import user_data_dir

from cnn.errors import DiskFull

HOME_VARIABLE: Final = "CONVSCOPE_HOME"
SPARE_BYTES: Final = 200 * 2**20  # that stay free on the disk, whatever is trained
BUSY_S: Final = 30  # that a writer of a list waits for another


def home_folder() -> Path:
    """Say where it is; it need not be there yet."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path(user_data_dir("convscope", appauthor=False))


def make_home(part: str = "runs") -> Path:
    """Make the folder with one of its parts where it is missing, and return the folder.

    Raises: DiskFull: it cannot be made or written.
    """
    folder = home_folder()
    try:
        (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(f"Nothing can be kept in {folder} ({error}). Set {HOME_VARIABLE} to another folder.") from error
    if not os.access(folder / part, os.W_OK):
        raise DiskFull(f"Nothing can be written to {folder}. Set {HOME_VARIABLE} to another folder.")
    return folder


def check_room(needed: int, what: str = "run") -> None:
    """Say before something is begun that its files would not fit.

    Args:
        needed: bytes.
        what: needs them.
    Raises: DiskFull.
    """
    free = shutil.disk_usage(make_home()).free
    if free < needed + SPARE_BYTES:
        raise DiskFull(
            f"The {what} needs {needed / 2**20:,.0f} MB in {home_folder()}, where {free / 2**20:,.0f} MB are free "
            f"({SPARE_BYTES / 2**20:.0f} MB stay free). Delete old runs, or set {HOME_VARIABLE} to another folder."
        )


@contextmanager
def open_list(path: Path, what: str) -> Iterator[sqlite3.Connection]:
    """Open a list in SQLite; what is done inside happens whole or not at all. Rows are read by column.

    Args:
        path: of the list.
        what: is listed, such as "runs".
    Raises: DiskFull: it cannot be opened or written.
    """
    try:
        base = sqlite3.connect(path, timeout=BUSY_S)
    except sqlite3.Error as error:
        raise DiskFull(f"The list of {what} in {path} cannot be opened ({error}).") from error
    base.row_factory = sqlite3.Row
    try:
        with base:
            yield base
    except sqlite3.OperationalError as error:
        raise DiskFull(f"The list of {what} in {path} cannot be written ({error}). Free some space.") from error
    finally:
        base.close()
