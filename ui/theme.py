"""What the app looks like beyond `.streamlit/config.toml`: its icon."""

from functools import cache
from pathlib import Path

from PIL import Image

ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def icon() -> Image.Image:
    """Open the page icon; a picture, since an emoji would be asked of a font host."""
    with Image.open(ASSETS / "icon.png") as picture:
        return picture.copy()
