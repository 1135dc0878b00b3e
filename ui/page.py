"""The frame around every page."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui import tcp_nodelay
from ui.resources import visits


def title(text: str) -> None:
    """Begin a page: always inside `app.py`, and with `text` as its heading.

    Until a server has run app.py once, Streamlit serves a link to a page from the folder `pages/` by
    itself, without app.py's layout and navigation. Then this starts the run anew, the right way round.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
    tcp_nodelay.without_delay()
    visits.current_visit()
    st.title(text)
