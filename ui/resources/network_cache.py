"""What all sessions share: loaded networks and cards. Nobody changes what comes from here."""

from pathlib import Path

import streamlit as st

from cnn import zoo
from cnn.array_types import Array
from cnn.layers import activations
from cnn.layers.activations import InspectableNetwork
from cnn.layers.partial_forward import PartialForward
from cnn.zoo import Card, Network, pretrained
from ui.resources.lru import LoadedNetworks
from ui.resources.visitor_cache import visitor_cache


def network_folder(name: str) -> Path:
    """Say where a network lives: beside the app, or among those that were fetched."""
    return pretrained.pretrained_folder() if name in pretrained.PRETRAINED else zoo.NETWORKS_FOLDER


def cached_network(name: str) -> Network:
    """Load a network such as "mnist/resnet" once for all sessions; large ones make room for each other.

    Raises: UnknownName, BrokenNetwork.
    """
    if name in _loaded().names():
        return _loaded().network(name)
    with st.spinner(f"Loading {cached_card(name).title}"):
        return _loaded().network(name)


@st.cache_resource(show_spinner=False)
def _loaded() -> LoadedNetworks:
    return LoadedNetworks(lambda name: cached_card(name).bytes, pretrained.load_available)


def available_network_names(data: str) -> tuple[str, ...]:
    """List the networks of a data set that are on this machine, the shipped ones first."""
    fetched = pretrained.fetched_networks() if data == pretrained.PRETRAINED_DATA else ()
    return (*_shipped(data), *fetched)


@st.cache_data(max_entries=8, show_spinner=False)
def _shipped(data: str) -> tuple[str, ...]:
    return zoo.network_names(data)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_card(name: str) -> Card:
    """Read the card of a network.

    Raises: UnknownName, BrokenNetwork.
    """
    return zoo.read_card(name, network_folder(name))


def cached_networks(data: str) -> tuple[Network, ...]:
    """Load every network of a data set, in the order of the architectures' tables."""
    return tuple(cached_network(name) for name in available_network_names(data))


@st.cache_resource(max_entries=6, show_spinner="Opening the network")
def opened_network(name: str) -> InspectableNetwork:
    """Open a network once for all sessions, to look inside.

    Raises: UnknownName, BrokenNetwork.
    """
    return activations.open_network(name, network_folder(name))


@visitor_cache(max_entries=6, spinner="Computing the feature maps")
def activation_maps(name: str, key: str, _image: Array) -> dict[str, Array]:
    """Compute what every layer of a network makes of the input `key`; nobody changes it.

    About 80 MB each of EfficientNet-Lite0, under 1 MB of the small networks.
    """
    return opened_network(name).maps(_image)


@st.cache_resource(max_entries=3, show_spinner=False)
def forward_pass(name: str) -> PartialForward:
    """Open a network once for all sessions, to run it from any layer on.

    Its weights are held once more: 1 to 3 MB of the small networks, 18 MB of EfficientNet-Lite0.

    Raises: UnknownName, BrokenNetwork.
    """
    _one_thread()
    return PartialForward(opened_network(name))


@st.cache_resource(show_spinner=False)
def _one_thread() -> None:
    """Keep NumPy's products on one thread: two that wait for each other are slower wherever others compute, too."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, "blas")
