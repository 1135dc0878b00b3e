"""What all sessions share: loaded networks and cards. Nobody changes what comes from here."""

from pathlib import Path

import streamlit as st

from cnn import large, zoo
from cnn.zoo import Card, Network
from ui.loaded import Loaded


def folder(name: str) -> Path:
    """Say where a network lives: beside the app, or among those that were fetched."""
    return large.folder() if name in large.TABLE else zoo.FOLDER


def network(name: str) -> Network:
    """Load a network such as "mnist/resnet" once for all sessions; large ones make room for each other.

    Raises: UnknownName, BrokenNetwork.
    """
    if name in _loaded().names():
        return _loaded().network(name)
    with st.spinner(f"Loading {card(name).title}"):
        return _loaded().network(name)


@st.cache_resource(show_spinner=False)
def _loaded() -> Loaded:
    return Loaded(lambda name: card(name).bytes, large.network)


def names(data: str) -> tuple[str, ...]:
    """List the networks of a data set that are on this machine, the shipped ones first."""
    fetched = large.here() if data == large.DATA else ()
    return (*_shipped(data), *fetched)


@st.cache_data(max_entries=8, show_spinner=False)
def _shipped(data: str) -> tuple[str, ...]:
    return zoo.names(data)


@st.cache_data(max_entries=64, show_spinner=False)
def card(name: str) -> Card:
    """Read the card of a network.

    Raises: UnknownName, BrokenNetwork.
    """
    return zoo.read_card(name, folder(name))


def networks(data: str) -> tuple[Network, ...]:
    """Load every network of a data set, in the order of the architectures' tables."""
    return tuple(network(name) for name in names(data))
