"""What requirements.txt asks for, and the names by which it is imported. Only the standard library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cnn.paths import ROOT

DIFFERENT: Final[Mapping[str, str]] = {  # distribution -> what it is imported as, where the two differ
    "ai-edge-litert": "ai_edge_litert",
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
    "tensorflow-cpu": "tensorflow",
}
LINE: Final = re.compile(r"([\w.-]+)>=([\d.]+),<([\d.]+)")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of requirements.txt: versions from `least` on, below `below`."""

    name: str
    least: str
    below: str

    @property
    def module(self) -> str:
        """What it is imported as."""
        return DIFFERENT.get(self.name, self.name.replace("-", "_"))


def read_requirements(file: Path = ROOT / "requirements.txt") -> tuple[Requirement, ...]:
    """Read which packages are needed; () where the file is not there."""
    if not file.is_file():
        return ()
    return tuple(
        Requirement(*found.groups()) for line in file.read_text("utf-8").splitlines() if (found := LINE.match(line))
    )


MODULES: Final = tuple(dict.fromkeys(one.module for one in read_requirements()))
