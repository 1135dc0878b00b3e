"""Python and the packages: which there are, whether they fit, and whether they can be loaded. Standard library only."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Collection, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from cnn import keras_settings
from cnn.doctor.finding import INSTALL_ADVICE, Finding, short_path
from cnn.doctor.requirements import MODULES, Requirement

SUPPORTED_PYTHONS: Final = ((3, 11), (3, 14))  # from, and below: as in pyproject.toml
Version = tuple[int, ...]
LOADING_TIMEOUT_S: Final = 180  # for loading everything once, on a slow disk
LOADING_SCRIPT: Final = """
import importlib, os, sys
out = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # what packages print is no answer
for name in sys.argv[1:]:
    out.write(name + "\\t")
    out.flush()
    try:
        importlib.import_module(name)
        out.write("\\n")
    except BaseException as error:
        out.write(type(error).__name__ + ": " + " ".join(str(error).split())[:300] + "\\n")
"""


def check_python(version: Version = sys.version_info[:3], bits: int = 8 * struct.calcsize("P")) -> Iterator[Finding]:
    """Say whether this Python is one that ConvScope runs on."""
    what = f"{'.'.join(map(str, version))}, {bits} bit, {short_path(Path(sys.executable))}"
    first, end = (
        ".".join(map(str, one))
        for one in (SUPPORTED_PYTHONS[0], (SUPPORTED_PYTHONS[1][0], SUPPORTED_PYTHONS[1][1] - 1))
    )
    advice = f"TensorFlow needs Python {first} to {end}, 64 bit. Name one: `make PYTHON=python{first} app`."
    good = SUPPORTED_PYTHONS[0] <= version < SUPPORTED_PYTHONS[1] and bits == 64
    yield Finding("Python", f"{what}.") if good else Finding("Python", f"{what}: not supported.", "bad", advice)


def check_versions(wanted: Collection[Requirement]) -> Iterator[Finding]:
    """Hold what is installed against what is needed; of several packages for one module, one is enough."""
    for module in dict.fromkeys(one.module for one in wanted):
        choices = [(one, _installed(one.name)) for one in wanted if one.module == module]
        one, version = next(((one, version) for one, version in choices if version), choices[0])
        yield _version(one, version)


def _version(one: Requirement, version: str | None) -> Finding:
    range_ = f"from {one.least} on, below {one.below}"
    if version is None:
        return Finding("Packages", f"{one.name} is missing.", "bad", INSTALL_ADVICE)
    if _less(version, one.least):
        return Finding("Packages", f"{one.name} {version} is too old (needed: {range_}).", "bad", INSTALL_ADVICE)
    if not _less(version, one.below):
        advice = f"If something does not work: {INSTALL_ADVICE}"
        return Finding("Packages", f"{one.name} {version} is newer than what was tried ({range_}).", "note", advice)
    return Finding("Packages", f"{one.name} {version}.")


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _less(one: str, other: str) -> bool:
    """Compare two versions by their leading numbers, 2.21 being 2.21.0."""
    a, b = (tuple(map(int, re.findall(r"\d+", re.match(r"[\d.]*", text)[0]))) for text in (one, other))  # type: ignore[index]
    length = max(len(a), len(b))
    return a + (0,) * (length - len(a)) < b + (0,) * (length - len(b))


def check_loading(skip: Collection[str] = (), modules: Collection[str] = MODULES) -> Iterator[Finding]:
    """Load each package once in a process of its own, which may crash.

    Args:
        skip: modules that are known to be hidden or missing.
        modules: to load.
    """
    wanted = [name for name in modules if name not in skip]
    tried = _load(wanted)
    for name, trouble in tried.items():
        if trouble:
            yield Finding(
                "Packages", f"{name} cannot be loaded: {trouble}", "bad", f"Install it anew. {INSTALL_ADVICE}"
            )
    if not any(tried.values()):
        yield Finding("Packages", f"{len(tried)} of {len(wanted)} load without trouble.")


def _load(names: Collection[str]) -> dict[str, str]:
    """Say for each module what went wrong; "" for nothing."""
    environment = keras_settings.environment() | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    command = (sys.executable, "-c", LOADING_SCRIPT, *names)
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            timeout=LOADING_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return dict.fromkeys(names, f"no answer ({type(error).__name__}).")
    lines = [line.partition("\t") for line in done.stdout.splitlines() if "\t" in line]
    tried = {name: trouble for name, _, trouble in lines if name in names}
    if done.returncode and tried:
        tried[list(tried)[-1]] = f"Python crashed on it (exit code {done.returncode})."
    return tried
