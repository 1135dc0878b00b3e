"""What the doctor says: one thing that was looked at. Only the standard library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

FindingState = Literal["fine", "note", "bad"]
STATE_WORDS: Final[dict[FindingState, str]] = {"fine": "fine", "note": "note", "bad": "MEND"}
INSTALL_ADVICE: Final = "`make app` installs what is needed; so does `python -m pip install -r requirements.txt`."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        area: what it is about, such as "Memory".
        what: what was found, in a sentence.
        state: "fine"; "note": works, with less than it could; "bad": something does not work until it is mended.
        advice: what to do; what it means where nothing is to be done; "" where both go without saying.
    """

    area: str
    what: str
    state: FindingState = "fine"
    advice: str = ""

    def __str__(self) -> str:
        """Write it as one or two lines of plain text."""
        line = f"{STATE_WORDS[self.state]:5} {self.area}: {self.what}"
        return f"{line}\n      {self.advice}" if self.advice else line


def short_path(path: Path) -> str:
    """Write a path with ~ for the home folder, which is nobody else's business."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):  # not below it; there is none
        return str(path)
