"""The shipped networks of an architecture, to take home."""

from __future__ import annotations

import streamlit as st

from ui.guide import architecture_story
from ui.resources import network_cache, network_export
from ui.selection import network_picker

LARGE = "imagenet"


def offer_architecture(anchor: str) -> None:
    """Offer the small networks of the chosen architecture, and the large ones of all."""
    st.header("Take one home", anchor=anchor, divider="gray")
    name = network_picker.architecture_from_address(architecture_story.FIRST)
    small = [f"{data}/{name}" for data in (architecture_story.DATA, architecture_story.PHOTO_DATA)]
    large = network_cache.inspectable_network_names(LARGE)
    titles = {
        one: f"{card.title}, {said}"
        for names, said in ((small[:1], "digits"), (small[1:], "photos of 32 px"), (large, "photos"))
        for one in names
        if not (card := network_cache.cached_card(one)).own
    }
    chosen = st.selectbox("Network", list(titles), format_func=titles.__getitem__, key="take home", width=480)
    network_export.offer_export(chosen, titles[chosen])
