"""Memory and disk: how much there is, and what it is enough for. Only the standard library."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cnn import machine_memory
from cnn.doctor.finding import Finding, short_path

GB: Final = 1e9
SERVER_GB: Final = 0.5  # the app takes 0.2 and the process that looks for evidence 0.7, as measured ...
EASY_GB: Final = 2.0  # ... a training and a browser want some too
FULL_GB, ROOMY_GB = 0.2, 3.0  # of disk: VGG16, the largest network that can be fetched, takes 1.7 while it comes


def check_memory() -> Iterator[Finding]:
    """Say how much memory there is, and how much of it is free."""
    total, free = machine_memory.memory_bytes()
    if total is None or free is None:
        yield Finding("Memory", "this system does not tell how much there is.", "fine", "The app takes about 1 GB.")
        return
    what = f"{total / GB:.1f} GB, {free / GB:.1f} of them free."
    if free < SERVER_GB * GB:
        yield Finding("Memory", what, "bad", "Close other programs: the app takes about 1 GB with evidence.")
    elif free < EASY_GB * GB:
        yield Finding("Memory", what, "note", "Enough for the app. Close other programs before you train.")
    else:
        yield Finding("Memory", what)


def check_disk(places: dict[str, Path]) -> Iterator[Finding]:
    """Say how much room there is for what is written.

    Args:
        places: what is kept -> where; a folder need not exist yet.
    """
    for kept, place in places.items():
        folder = next(one for one in (place, *place.absolute().parents) if one.is_dir())
        free = shutil.disk_usage(folder).free
        what = f"{free / GB:.1f} GB free for {kept} ({short_path(place)})."
        if not os.access(folder, os.W_OK):
            yield Finding(
                "Disk", f"{short_path(folder)} cannot be written: no room for {kept}.", "note", "Change its rights."
            )
        elif free < FULL_GB * GB:
            yield Finding("Disk", what, "bad", "Free some space: nothing can be kept there.")
        elif free < ROOMY_GB * GB:
            yield Finding("Disk", what, "note", "Enough for small networks; VGG16 takes 1.7 GB while it is fetched.")
        else:
            yield Finding("Disk", what)
