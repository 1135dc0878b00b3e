"""What all sessions share: loaded networks and cards, one's own among them. Nobody changes what comes from here."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from cnn import shelf, zoo
from cnn.array_types import Array
from cnn.datasets.own_pictures import is_own_pictures
from cnn.errors import BrokenNetwork, DiskFull
from cnn.home import home_folder
from cnn.layers import activations
from cnn.layers.activations import InspectableNetwork
from cnn.layers.partial_forward import PartialForward
from cnn.shelf import Shelf, ShelfEntry
from cnn.zoo import OWN_CLASSES, Card, Network, pretrained
from ui.resources.blas import multiply_on_one_thread
from ui.resources.lru import LoadedNetworks
from ui.resources.person import owns
from ui.resources.visitor_cache import visitor_cache


def cached_network(name: str) -> Network:
    """Load a network such as "mnist/resnet" once for all sessions; large ones make room for each other.

    Raises: UnknownName, BrokenNetwork.
    """
    if name in _loaded().names():
        return _called_now(_loaded().network(name))
    with st.spinner(f"Loading {cached_card(name).title}"):
        return _called_now(_loaded().network(name))


def _called_now(network: Network) -> Network:
    """Call one's own network as it is called now: it may have been renamed, or deleted, since it was loaded."""
    return replace(network, card=cached_card(network.name)) if shelf.is_own(network.name) else network


@st.cache_resource(show_spinner=False)
def _loaded() -> LoadedNetworks:
    return LoadedNetworks(lambda name: cached_card(name).bytes, _load)


def _load(name: str) -> Network:
    return shelf.load_own_network(name) if shelf.is_own(name) else pretrained.load_available(name)


def available_network_names(data: str) -> tuple[str, ...]:
    """List the networks of a data set on this machine that name what they see: shipped, fetched, and one's own."""
    return (*public_network_names(data), *(entry.name for entry in own_networks(data)))


def public_network_names(data: str) -> tuple[str, ...]:
    """List those of them that a person did not make."""
    return tuple(name for name in _public(data) if zoo.has_classifier(name))


def inspectable_network_names(data: str) -> tuple[str, ...]:
    """List all networks of a data set on this machine, also those without a classifier."""
    return (*_public(data), *(entry.name for entry in own_networks(data)))


def _public(data: str) -> tuple[str, ...]:
    fetched = pretrained.fetched_networks() if data == pretrained.PRETRAINED_DATA else ()
    return (*_shipped(data), *fetched)


def own_networks(data: str | None = None) -> list[ShelfEntry]:
    """List those that a person made, the newest first; [] where nothing can be kept on this machine.

    One that learned from a person's own pictures shows some of them, and is listed for that person alone.
    """
    try:
        entries = own_shelf().entries(data)
    except DiskFull:
        return []
    return [one for one in entries if not is_own_pictures(one.data) or owns(one.owner)]


def further_data_sets() -> tuple[str, ...]:
    """Name the data sets of which no network comes with the app, but one's own learned from them here."""
    every = dict.fromkeys(entry.data for entry in own_networks())
    return tuple(name for name in every if not _public(name) and name != OWN_CLASSES)


def data_of(name: str) -> str:
    """Say which data set a network, such as "imagenet/vgg16" or "own/3f2a9c01", is of; it need not be fetched yet."""
    return cached_card(name).data if shelf.is_own(name) else name.split("/", maxsplit=1)[0]


def own_shelf() -> Shelf:
    """Open the list of them; raises DiskFull where nothing can be kept on this machine."""
    return _shelf(home_folder())


@lru_cache(2)  # asked at every stroke, where Streamlit's own cache takes longer to name a folder than to open the list
def _shelf(home: Path) -> Shelf:
    return Shelf()


def _shipped(data: str) -> tuple[str, ...]:
    damaged = damaged_networks()
    return tuple(name for name in _listed() if name.startswith(f"{data}/") and name not in damaged)


@st.cache_resource(show_spinner=False)
def _listed() -> tuple[str, ...]:
    return zoo.network_names(folder=zoo.NETWORKS_FOLDER)


@st.cache_resource(show_spinner=False)
def damaged_networks() -> Mapping[str, str]:
    """Check the shipped networks once: those that are left out everywhere, and what is wrong.

    It takes 0.2 s of processor time for 190 MB.
    """
    return MappingProxyType({name: wrong for name in _listed() if (wrong := _damage(name))})


def _damage(name: str) -> str:
    try:
        zoo.read_model(name, zoo.NETWORKS_FOLDER)
        activations.open_network(name, zoo.NETWORKS_FOLDER)
    except BrokenNetwork as error:
        return str(error)
    return ""


def cached_card(name: str) -> Card:
    """Read the card of a network.

    Raises: UnknownName, BrokenNetwork.
    """
    if shelf.is_own(name):
        return _own_card(name, own_shelf().get(name).title)
    return _card(name)


@st.cache_data(max_entries=64, show_spinner=False)
def _card(name: str) -> Card:
    return zoo.read_card(name, shelf.network_folder(name))


@st.cache_data(max_entries=64, show_spinner=False)
def _own_card(name: str, title: str) -> Card:
    return shelf.read_own_card(name, title)


def cached_networks(data: str) -> tuple[Network, ...]:
    """Load every network of a data set that a person did not make, in the order of the architectures' tables."""
    return tuple(cached_network(name) for name in public_network_names(data))


@st.cache_resource(max_entries=6, show_spinner="Opening the network")
def opened_network(name: str) -> InspectableNetwork:
    """Open a network once for all sessions, to look inside.

    Raises: UnknownName, BrokenNetwork.
    """
    return activations.open_network(name, shelf.network_folder(name))


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
    multiply_on_one_thread()
    return PartialForward(opened_network(name))
