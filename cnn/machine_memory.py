"""How much memory this machine has. Only the standard library."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

MEMINFO: Final = Path("/proc/meminfo")
CGROUPS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_bytes() -> tuple[float | None, float | None]:
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
