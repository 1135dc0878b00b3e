"""What one looks into: a network and its exact input, chosen once for every page that looks inside."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cnn.array_types import Array
from cnn.zoo import Network
from ui.resources import network_cache
from ui.selection import input_picker, network_picker
from ui.selection.input_picker import ChosenInput


@dataclass(frozen=True, slots=True, eq=False)
class NetworkAndInput:
    """A network and what it is shown.

    Attributes:
        network: loaded; nobody changes it.
        input: the digit or photo.
        image: as this network sees it, float32 (height, width, channels) in [0, 1].
    """

    network: Network
    input: ChosenInput
    image: Array

    @property
    def key(self) -> str:
        """Name the input in caches; with the network's name it says which answer is meant."""
        return self.input.key

    @property
    def title(self) -> str:
        """Name the input for people, such as "Sample 7"."""
        return self.input.title


def choose_network_and_input(key: str, abreast: bool = False) -> NetworkAndInput:
    """Let a person choose a network and an input; both stay from page to page, and stand in the address.

    Args:
        key: of the widgets, unique on the page.
        abreast: the network and the input stand side by side, where there is the width.
    """
    if abreast:
        left, right = st.container(key="network-and-input").columns([1, 3], gap="medium")
    else:
        left = right = st.container(key="network-above-input")
    with left:
        network = network_cache.cached_network(network_picker.choose_any_network())
    with right:
        chosen = input_picker.choose_input(network.card.data, key, left if abreast else None)
    return NetworkAndInput(network, chosen, chosen.image(network))
