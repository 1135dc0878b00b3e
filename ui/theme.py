"""What the app looks like beyond `.streamlit/config.toml`: its icon, its menu, and the style sheet of every page."""

from collections.abc import Sequence
from time import sleep
from typing import Final

import streamlit as st
from streamlit.commands.page_config import MenuItems
from streamlit.navigation.page import StreamlitPage

from cnn.paths import ASSETS, ROOT

ABOUT = "**ConvScope**: see how convolutional neural networks see. Apache-2.0. Nothing leaves this machine."
MENU: Final[MenuItems] = {"Get help": None, "Report a bug": None, "About": ABOUT}  # with it, the choice of theme shows
ICON = ASSETS / "icon.png"  # an emoji would be asked of a font host; a path needs no NumPy before the first page
STYLES: Final = ROOT / "ui" / "page.css"


MARK: Final = (  # Streamlit marks a link of the menu that stands by itself, and no group
    '<style>[data-testid="stTopNav"] > div:nth-child({}) button{{box-shadow:inset 0 -3px currentColor}}</style>'
)
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


def mark_group(groups: Sequence[Sequence[StreamlitPage]], page: StreamlitPage) -> None:
    """Mark the group of the menu in which `page` is.

    Args:
        groups: of the menu, in its order; the first one stands there page by page.
        page: that is shown.
    """
    alone, *others = groups
    at = next((at for at, group in enumerate(others) if page in group), None)
    if at is not None:
        st.html(MARK.format(len(alone) + at + 1))
