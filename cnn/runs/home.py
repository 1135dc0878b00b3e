"""The folder in which a person's runs and networks live: CONVSCOPE_HOME, else the platform's own for data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from platformdirs import user_data_dir

from cnn.errors import DiskFull

HOME_VARIABLE: Final = "CONVSCOPE_HOME"
SPARE_BYTES: Final = 200 * 2**20  # that stay free on the disk, whatever is trained


def home_folder() -> Path:
    """Say where it is; it need not be there yet."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path(user_data_dir("convscope", appauthor=False))


def make_home() -> Path:
    """Make the folder where it is missing, and return it.

    Raises: DiskFull: it cannot be made or written.
    """
    folder = home_folder()
    try:
        (folder / "runs").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(f"Nothing can be kept in {folder} ({error}). Set {HOME_VARIABLE} to another folder.") from error
    if not os.access(folder / "runs", os.W_OK):
        raise DiskFull(f"Nothing can be written to {folder}. Set {HOME_VARIABLE} to another folder.")
    return folder


def check_room(needed: int) -> None:
    """Say before a training begins that its files would not fit.

    Args:
        needed: bytes.
    Raises: DiskFull.
    """
    free = shutil.disk_usage(make_home()).free
    if free < needed + SPARE_BYTES:
        raise DiskFull(
            f"The run needs {needed / 2**20:,.0f} MB in {home_folder()}, where {free / 2**20:,.0f} MB are free "
            f"({SPARE_BYTES / 2**20:.0f} MB stay free). Delete old runs, or set {HOME_VARIABLE} to another folder."
        )
