"""Files that Python takes for a package of ours, because they have its name. Only the standard library.

    ModuleNotFoundError: No module named 'keras.models'; 'keras' is not a package

A file keras.py in the folder one works in is found before the real keras. So is any other of NAMES.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import all_suffixes
from pathlib import Path
from typing import Final

from cnn.doctor.finding import Finding, short_path
from cnn.doctor.requirements import MODULES
from cnn.paths import ROOT

THEIRS: Final = ("absl", "altair", "click", "google", "jinja2", "ml_dtypes", "packaging", "pandas", "requests")
WATCHED_MODULES: Final = (*MODULES, *THEIRS, "starlette", "tornado", "uvicorn")  # the others are what ours are built on
HARMLESS: Final = {"test", "this", "antigravity", "__main__"}  # of the standard library: nothing imports them
SITES: Final = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True)
class ShadowedImport:
    """A file or folder that is imported in place of a module.

    Attributes:
        module: that is meant, such as "keras".
        path: that is found instead.
        leftovers: of the same name in __pycache__.
    """

    module: str
    path: Path
    leftovers: tuple[Path, ...]


def check_shadowed_imports(shadows: Sequence[ShadowedImport]) -> Iterator[Finding]:
    """Name each file, and say what to do with it."""
    for shadow in shadows:
        kind = "folder" if shadow.path.is_dir() else "file"
        what = f"the {kind} {short_path(shadow.path)} hides the real {shadow.module}"
        yield Finding("Names", f"{what}: Python imports it instead.", "bad", _advice(shadow))
    if not shadows:
        yield Finding("Names", "no file hides a package by having its name.")


def _advice(shadow: ShadowedImport) -> str:
    other = shadow.path.with_name(f"my_{shadow.path.name}").name
    text = f"Rename it, say to {other}, and start again."
    if shadow.leftovers:
        text += f" Then delete what is left of it: {', '.join(map(short_path, shadow.leftovers))}."
    symptom = f"No module named '{shadow.module}.…'; '{shadow.module}' is not a package"
    return f'{text} It is what "{symptom}" means.'


def find_shadowed_imports(path: Sequence[str] | None = None) -> tuple[ShadowedImport, ...]:
    """Look in the working folder, in ConvScope's own and in whatever Python searches before the installed packages.

    Args:
        path: where Python searches; `sys.path` by default.
    Returns: one for each file, the ones that Python finds first coming first.
    """
    found: dict[Path, ShadowedImport] = {}
    for folder in _folders(sys.path if path is None else path):
        for name in WATCHED_MODULES:
            for place in _places(folder, name):
                found.setdefault(place, _shadow(name, place))
        for place in sorted(folder.glob("*.py")):
            if place.stem in sys.stdlib_module_names and place.stem not in HARMLESS:
                found.setdefault(place, _shadow(place.stem, place))
    return tuple(found.values())


def _folders(path: Sequence[str]) -> tuple[Path, ...]:
    """List the folders in which a file could hide a package; the standard library's and the packages' own cannot."""
    before = []
    for entry in path:
        if SITES & set(Path(entry).parts):
            break
        before.append(Path(entry or ".").absolute())
    standard = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    standard |= {folder / "lib-dynload" for folder in standard}
    wanted = dict.fromkeys([*before, Path.cwd(), ROOT])
    return tuple(folder for folder in wanted if folder.is_dir() and folder.resolve() not in standard)


def _places(folder: Path, name: str) -> Iterator[Path]:
    """Give what `import name` would find in a folder: a package, else a module in any form."""
    if any((folder / name / f"__init__{suffix}").is_file() for suffix in all_suffixes()):
        yield folder / name
    yield from (place for suffix in all_suffixes() if (place := folder / f"{name}{suffix}").is_file())


def _shadow(name: str, place: Path) -> ShadowedImport:
    return ShadowedImport(name, place, tuple(sorted((place.parent / "__pycache__").glob(f"{name}.*.pyc"))))
