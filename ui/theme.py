"""What the app looks like beyond `.streamlit/config.toml`: its icon, its menu, and the style sheet of every page."""

from time import sleep
from typing import Final

import streamlit as st
from streamlit.commands.page_config import MenuItems

from cnn.paths import ASSETS, ROOT

ABOUT = "**ConvScope**: see how convolutional neural networks see. Apache-2.0. Nothing leaves this machine."
MENU: Final[MenuItems] = {"Get help": None, "Report a bug": None, "About": ABOUT}  # with it, the choice of theme shows
ICON = ASSETS / "icon.png"  # an emoji would be asked of a font host; a path needs no NumPy before the first page
STYLES: Final = ROOT / "ui" / "page.css"


SETTLE_S: Final = 0.15  # for a browser to lay the first frame out anew before anything stands in it


def apply_styles() -> None:
    """Lay out every page; called before the page is configured.

    Streamlit applies a style sheet after it has painted what came with it: a session's first page waits a moment, so
    that nothing jumps.
    """
    st.html(STYLES)
    if not st.session_state.get("theme:styled"):
        st.session_state["theme:styled"] = True
        sleep(SETTLE_S)
