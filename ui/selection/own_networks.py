"""One's own networks beside those that come with the app, on pages that ask all of a kind; the address keeps them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.zoo import Network
from ui.resources import network_cache
from ui.selection.address import keep_in_address
from ui.selection.network_picker import NETWORK

BESIDE: Final = "beside"  # in the address, such as `?beside=own/3f2a9c01`
MOST: Final = 3  # at once: each is another answer on every stroke


def choose_own_networks(data: str) -> tuple[Network, ...]:
    """Let a person choose some of their own networks of a data set; nothing is asked where there are none.

    Those that the address names as `beside` or as `network` are chosen at first; where no network of the data set
    comes with the app, else the newest.
    """
    titles = {entry.name: entry.title for entry in network_cache.own_networks(data)}
    if not titles:
        return ()
    alone = not network_cache.public_network_names(data)
    asked = [*st.query_params.get(BESIDE, "").split(","), st.query_params.get(NETWORK, "")]
    first = [name for name in titles if name in asked] or (list(titles) if alone else [])
    chosen = st.multiselect(
        "Your own networks" if alone else "Your own networks beside them",
        list(titles),
        first[:MOST],
        format_func=titles.__getitem__,
        key=f"beside {data}",
        max_selections=MOST,
    )
    if chosen or BESIDE in st.query_params:
        keep_in_address(BESIDE, ",".join(chosen))
    return tuple(network_cache.cached_network(name) for name in chosen)
