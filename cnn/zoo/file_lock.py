"""One at a time, among threads and processes: a lock on a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

LOCK_POLL_S: Final = 0.1


@contextmanager
def hold_file_lock(path: Path, go_on: Callable[[], None]) -> Iterator[None]:
    """Hold the lock at `path`; the system frees it should this process die.

    Args:
        path: an empty file, which stays.
        go_on: called while somebody else holds it; raises to stop waiting.
    """
    with path.open("ab") as file:
        while not _taken(file):
            go_on()
            time.sleep(LOCK_POLL_S)
        yield


def _taken(file: IO[bytes]) -> bool:
    """Try to take the lock; closing the file gives it back."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Say whether somebody holds the lock at `path`; the file need not be there."""
    try:
        with path.open("rb+") as file:
            return not _taken(file)
    except FileNotFoundError:
        return False
