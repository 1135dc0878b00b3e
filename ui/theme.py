"""What the app looks like beyond `.streamlit/config.toml`: its icon and its menu."""

from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image
from streamlit.commands.page_config import MenuItems

ABOUT = "**ConvScope**: see how convolutional neural networks see. Apache-2.0. Nothing leaves this machine."
MENU: Final[MenuItems] = {"Get help": None, "Report a bug": None, "About": ABOUT}  # with it, the choice of theme shows
ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def icon() -> Image.Image:
    """Open the page icon; a picture, since an emoji would be asked of a font host."""
    with Image.open(ASSETS / "icon.png") as picture:
        return picture.copy()
