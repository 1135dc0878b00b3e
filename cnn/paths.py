"""Where the project's own files lie, in one place: a module may move, its files do not."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ASSETS: Final = ROOT / "assets"
