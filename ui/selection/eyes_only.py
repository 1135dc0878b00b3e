"""Networks without a classifier, on pages that need an answer: why not, and what to choose instead."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn import zoo
from cnn.zoo import Card
from cnn.zoo.pretrained import SHIPPED_IMAGENET_NETWORK
from ui.resources import network_cache
from ui.selection import network_picker
from ui.selection.network_picker import NETWORK, NETWORKS

WHY: Final = "it has its convolutions alone and no classifier"


def answers_or_says_why(card: Card, lacking: str) -> bool:
    """Say whether a network names what it sees; where it does not, say why the page needs one that does, and offer one.

    Args:
        card: of the network that was chosen with `network_picker.choose_any_network`.
        lacking: what there is not, such as "no answer to lose".
    """
    if card.answers:
        return True
    st.info(f"{card.title}: {WHY}, so it names nothing, and there is {lacking}.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Take {network_cache.cached_card(SHIPPED_IMAGENET_NETWORK).title}",
            on_click=network_picker.use_any_network,
            args=(SHIPPED_IMAGENET_NETWORK,),
            key="take one that answers",
        )
        st.page_link("pages/layers.py", label="What it sees, layer by layer \u2192", query_params={NETWORK: card.name})
    return False


def explain_link() -> None:
    """Say why a network that the address names is not offered here, where it has no classifier."""
    asked = [st.query_params.get(NETWORK, ""), *st.query_params.get(NETWORKS, "").split(",")]
    known = set(zoo.network_names())
    for name in asked:
        if name in known and not zoo.has_classifier(name):
            title = network_cache.cached_card(name).title
            st.info(
                f"{title}, as the link asks: {WHY}, so it names nothing. Choose a network that does; the Layers page "
                "shows what that one sees."
            )
