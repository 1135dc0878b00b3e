"""What all sessions share: loaded networks and cards. Nobody changes what comes from here."""

import streamlit as st

from cnn import zoo
from cnn.zoo import Network

MOST_NETWORKS = 12  # the ten small ones, and room for two large


@st.cache_resource(max_entries=MOST_NETWORKS, show_spinner="Loading a network")
def network(name: str) -> Network:
    """Load a network such as "mnist/resnet" once for all sessions.

    Raises: UnknownName, BrokenNetwork.
    """
    return zoo.load(name)


@st.cache_data(max_entries=8, show_spinner=False)
def names(data: str) -> tuple[str, ...]:
    """List the shipped networks of a data set."""
    return zoo.names(data)


def networks(data: str) -> tuple[Network, ...]:
    """Load every shipped network of a data set, in the order of the architectures' table."""
    return tuple(network(name) for name in names(data))
