"""Memory and disk: how much there is, and what it is enough for. Only the standard library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cnn.doctor.finding import Finding, short_path

MEMINFO: Final = Path("/proc/meminfo")
CGROUPS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
GB: Final = 1e9
SERVER_GB: Final = 0.5  # the app takes 0.2 and the process that looks for evidence 0.7, as measured ...
EASY_GB: Final = 2.0  # ... a training and a browser want some too
FULL_GB, ROOMY_GB = 0.2, 3.0  # of disk: VGG16, the largest network that can be fetched, takes 1.7 while it comes


def check_memory() -> Iterator[Finding]:
    """Say how much memory there is, and how much of it is free."""
    total, free = _memory()
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


def _memory() -> tuple[float | None, float | None]:
    """Give total and free bytes, a container's limit counting as the total."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        total: float = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None, None
    limit = min([total, *map(_limit, CGROUPS)])
    if sys.platform == "darwin":
        pages = [
            line.split() for line in _run("vm_stat").splitlines() if line.startswith(("Pages free", "Pages inact"))
        ]
        return total, sum(float(words[-1]) for words in pages) * os.sysconf("SC_PAGE_SIZE") or None
    return limit, min(limit, _available())


def _available(info: Path = MEMINFO) -> float:
    try:
        lines = info.read_text("utf-8").splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        return float("inf")


def _limit(file: Path) -> float:
    try:
        return float(file.read_text("utf-8"))
    except (OSError, ValueError):  # not there; "max"
        return float("inf")


def _run(command: str) -> str:
    try:
        return subprocess.run([command], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _windows_memory() -> tuple[float | None, float | None]:
    import ctypes

    class Status(ctypes.Structure):  # MEMORYSTATUSEX
        _fields_ = (("length", ctypes.c_ulong), ("load", ctypes.c_ulong), ("counts", ctypes.c_ulonglong * 7))

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        return None, None
    return status.counts[0], status.counts[1]


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
