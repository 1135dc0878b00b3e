"""The frame around every page."""

from typing import Final

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from cnn import zoo
from ui import tcp_nodelay
from ui.components.copy_link.copy_link import render_copy_link
from ui.resources import network_cache, visits
from ui.selection.address import INPUT, OWN, SEAT
from ui.text.verbatim import verbatim

NOT_CARRIED: Final = (  # parts of the address, and what is said where they name something of a person's own
    (INPUT, "Your own picture stays on this machine: whoever opens the link is shown a sample."),
    ("drawing", "A drawing of so many strokes does not fit into a link: whoever opens it is shown a sample."),
    *((name, "Your own network stays on this machine.") for name in ("network", "networks", "beside")),
    ("run", "The training run stays on the machine that it was made on."),
)
LOCAL: Final = "It opens where ConvScope runs at this address: on this computer."


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
    with st.container(horizontal=True, vertical_alignment="center", key="page-head"):
        st.title(text)
        render_copy_link((OWN, f"{zoo.OWN}/"), NOT_CARRIED, LOCAL, SEAT)
    for name, wrong in network_cache.damaged_networks().items():
        st.warning(verbatim(f"{name} is left out. {wrong}"))
