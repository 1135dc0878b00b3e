"""What the app looks like beyond `.streamlit/config.toml`: its icon and its menu."""

from typing import Final

from streamlit.commands.page_config import MenuItems

from cnn.paths import ASSETS

ABOUT = "**ConvScope**: see how convolutional neural networks see. Apache-2.0. Nothing leaves this machine."
MENU: Final[MenuItems] = {"Get help": None, "Report a bug": None, "About": ABOUT}  # with it, the choice of theme shows
ICON = ASSETS / "icon.png"  # an emoji would be asked of a font host; a path needs no NumPy before the first page
