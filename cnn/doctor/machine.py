"""The machine: processor, memory, disk. Only the standard library."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cnn.doctor.finding import Finding, short

CPUINFO, MEMINFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")
CGROUPS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
GB: Final = 1e9
SERVER_GB: Final = 0.5  # the app takes 0.2 and the process that looks for evidence 0.7, as measured ...
EASY_GB: Final = 2.0  # ... a training and a browser want some too
FULL_GB, ROOMY_GB = 0.2, 3.0  # of disk: VGG16, the largest network that can be fetched, takes 1.7 while it comes
# what we name it -> how Linux (x86, Arm) and macOS (Intel, Apple) name it
FEATURES: Final = {
    "AVX": {"avx", "avx1.0"},
    "AVX2": {"avx2"},
    "AVX-512": {"avx512f"},
    "VNNI": {"avx512_vnni", "avx_vnni", "avx512vnni"},
    "bf16": {"avx512_bf16", "amx_bf16", "bf16", "feat_bf16"},
    "NEON": {"asimd", "neon", "advsimd", "feat_advsimd"},
    "dot products": {"asimddp", "feat_dotprod"},
}
X86: Final = ("AVX", "AVX2", "AVX-512", "VNNI", "bf16")
ARM: Final = ("NEON", "dot products", "bf16")


@dataclass(frozen=True, slots=True)
class Processor:
    """What is known of it: its name, its cores, and its instructions in small letters; None: unknown."""

    name: str
    cores: int
    flags: frozenset[str] | None

    def has(self, feature: str) -> bool:
        """Say whether it has one of FEATURES."""
        return bool(FEATURES[feature] & (self.flags or set()))

    @property
    def is_arm(self) -> bool:
        """Say whether it speaks Arm's language."""
        return self.has("NEON")


def processor(info: Path = CPUINFO) -> Processor:
    """Ask Linux or macOS; elsewhere the instructions stay unknown."""
    name, cores = platform.processor() or platform.machine() or "unknown", _cores()
    if sys.platform == "darwin":
        return Processor(_sysctl("machdep.cpu.brand_string") or name, cores, _mac_flags())
    try:
        lines = [line.partition(":") for line in info.read_text("utf-8", errors="replace").splitlines()]
    except OSError:
        return Processor(name, cores, None)
    entries = {key.strip().lower(): value.strip() for key, _, value in reversed(lines)}
    words = entries.get("flags") or entries.get("features")
    return Processor(entries.get("model name", name), cores, frozenset(words.lower().split()) if words else None)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _mac_flags() -> frozenset[str] | None:
    """Read Intel's lists of features, and Apple's entries that are 1."""
    intel = " ".join(_sysctl(f"machdep.cpu.{name}") for name in ("features", "leaf7_features")).lower().split()
    rows = [line.partition(":") for line in _sysctl("hw.optional", "").splitlines()]
    apple = {key.rpartition(".")[2].lower() for key, _, value in rows if value.strip() == "1"}
    return frozenset([*intel, *apple]) or None


def _sysctl(name: str, flag: str = "-n") -> str:
    command = ["/usr/sbin/sysctl", *([flag] if flag else []), name]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def processors(one: Processor) -> Iterator[Finding]:
    """Say what the processor means for speed here."""
    yield Finding("Processor", f"{one.name}, {one.cores} core{'s' if one.cores > 1 else ''} for this process.")
    if one.flags is None:
        yield Finding(
            "Speed",
            "this system does not tell which instructions its processor has.",
            "fine",
            "Whatever was sold since 2013 is fine.",
        )
        return
    listed = ", ".join(f"{name} {'yes' if one.has(name) else 'no'}" for name in (ARM if one.is_arm else X86))
    if not one.is_arm and not one.has("AVX"):
        advice = "TensorFlow's packages need AVX: no training and no evidence here. Answers need TensorFlow not."
        yield Finding("Speed", f"{listed}.", "bad", advice)
        return
    yield Finding("Speed", f"{listed}.", "fine", " ".join(_meaning(one)))


def _meaning(one: Processor) -> Iterator[str]:
    """Explain in words what oneDNN, the library that multiplies for TensorFlow, makes of it."""
    if not one.is_arm and (one.has("AVX-512") or one.has("VNNI")):
        yield "TensorFlow uses oneDNN, its fast library, by itself."
    elif not one.is_arm:
        yield "TensorFlow would leave oneDNN, its fast library, off; ConvScope turns it on (1.5 to 4 times faster)."
    if one.has("bf16"):
        yield "`python -m cnn train NAME --bfloat16` may train faster."
    else:
        yield "Train without --bfloat16: this processor has no instructions for it."


def memory() -> Iterator[Finding]:
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


def disk(places: dict[str, Path]) -> Iterator[Finding]:
    """Say how much room there is for what is written.

    Args:
        places: what is kept -> where; a folder need not exist yet.
    """
    for kept, place in places.items():
        folder = next(one for one in (place, *place.absolute().parents) if one.is_dir())
        free = shutil.disk_usage(folder).free
        what = f"{free / GB:.1f} GB free for {kept} ({short(place)})."
        if not os.access(folder, os.W_OK):
            yield Finding(
                "Disk", f"{short(folder)} cannot be written: no room for {kept}.", "note", "Change its rights."
            )
        elif free < FULL_GB * GB:
            yield Finding("Disk", what, "bad", "Free some space: nothing can be kept there.")
        elif free < ROOMY_GB * GB:
            yield Finding("Disk", what, "note", "Enough for small networks; VGG16 takes 1.7 GB while it is fetched.")
        else:
            yield Finding("Disk", what)
