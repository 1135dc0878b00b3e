"""The processor, and what its instructions mean for speed here. Only the standard library."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cnn.doctor.finding import Finding

CPUINFO: Final = Path("/proc/cpuinfo")
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


def read_processor(info: Path = CPUINFO) -> Processor:
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


def check_processor(one: Processor) -> Iterator[Finding]:
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
