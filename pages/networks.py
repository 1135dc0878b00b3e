"""The networks that a person made or brought: their cards, the pages on which they open, their names."""

import streamlit as st

from cnn.errors import ConvScopeError
from ui import page
from ui.resources import network_cache
from ui.shelf import bring_network, shelf_list

page.title("Your networks")
st.markdown(
    "What you trained and kept, taught, or brought in a file. Each opens on every page, beside the networks that come "
    "with the app."
)
try:
    shelf = network_cache.own_shelf()
except ConvScopeError as error:
    st.error(str(error))
    st.stop()
bring_network.show_bring_network()
shelf_list.show_shelf(shelf)
