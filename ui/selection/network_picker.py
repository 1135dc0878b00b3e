"""Choices that the address keeps, so that a link reproduces them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.shelf import is_own
from cnn.zoo import OWN_CLASSES
from ui.resources import network_cache
from ui.selection.address import keep_in_address
from ui.text.verbatim import verbatim

ARCHITECTURE = "architecture"  # in the address
NETWORK, NETWORKS = "network", "networks"  # in the address
ANY = "any network"  # key of the picker that lists all
FIRST = "resnet"
TRAINED_PHOTO_DATA = {"imagenet": "1,000 classes (ImageNet)", "cifar10": "10 classes (CIFAR-10)"}
PHOTO_DATA = TRAINED_PHOTO_DATA | {OWN_CLASSES: "classes of your own"}
DATA = {"mnist": "digits (MNIST)"} | PHOTO_DATA
SHORT = {"imagenet": "1,000 classes", "cifar10": "10 classes"}  # several stand side by side
YOURS = "yours"  # what stands beside the name of one's own network
SEVERAL = 3  # networks that are chosen at first


def architecture_from_address(first: str = FIRST) -> str:
    """Read the chosen architecture: from the address, else from this session, else `first`."""
    asked = st.query_params.get(ARCHITECTURE, st.session_state.get(f"chosen {ARCHITECTURE}", first))
    return asked if asked in ARCHITECTURES else first


def keep_architecture(name: str) -> None:
    """Write the choice to the address and the session, for reloads and for other pages."""
    st.session_state[f"chosen {ARCHITECTURE}"] = name
    keep_in_address(ARCHITECTURE, name)


def keep_chosen_network(name: str) -> None:
    """Write the choice of a network such as "mnist/resnet" down, for reloads and for other pages.

    An architecture goes into the address; one's own network, which has none there, along to the next page.
    """
    if is_own(name):
        st.session_state[f"chosen {NETWORK}"] = name
        return
    st.session_state.pop(f"chosen {NETWORK}", None)
    keep_architecture(name.split("/")[1])


def choose_digit(labels: Sequence[str]) -> int:
    """Let a person choose one of several digits that were found, from left to right; 0 where there is one."""
    if len(labels) < 2:
        return 0
    places = range(len(labels))
    chosen = st.segmented_control(
        "Several digits: which one to look into", places, format_func=lambda i: f"{i + 1}: {labels[i]}", default=0
    )
    return chosen if chosen is not None and chosen < len(labels) else 0


def choose_photo_network(more: Mapping[str, str]) -> str:
    """Let a person choose a network for photos; the address keeps it, such as `?network=cifar10/vgg`.

    Args:
        more: networks that are not on this machine yet: names, and what to call them.
    """
    return _choose_one(photo_networks() | dict(more), "network")


def use_photo_network(name: str) -> None:
    """Choose a network for photos in place of the person, before the page runs again."""
    st.session_state["network"] = name
    keep_in_address(NETWORK, name)


def choose_photo_networks(best: Sequence[str]) -> tuple[str, ...]:
    """Let a person choose some networks; the address keeps them, such as `?networks=cifar10/vgg,cifar10/lenet`.

    Args:
        best: the first three of these that are here are chosen at first.
    """
    titles = {name: _pill(name) for name in photo_networks()}
    asked = [name for name in st.query_params.get(NETWORKS, "").split(",") if name in titles]
    best = ([name for name in best if name in titles] or list(titles))[:SEVERAL]
    first = [name for name in titles if name in (asked or best)]
    picked = st.pills(
        "Networks",
        list(titles),
        selection_mode="multi",
        wrap=True,
        default=first,
        format_func=titles.__getitem__,
        key="networks",
        help="Those that know 10 classes were trained on CIFAR-10, those that know 1,000 on ImageNet.",
    )
    chosen = tuple(name for name in titles if name in picked)
    keep_in_address(NETWORKS, ",".join(chosen))
    return chosen


def choose_any_network() -> str:
    """Let a person choose any network that is here; the address and the session keep it, for other pages."""
    every = (*DATA, *network_cache.further_data_sets())
    titles = {name: _title(name) for data in every for name in network_cache.inspectable_network_names(data)}
    return _choose_one(titles, ANY, f"mnist/{architecture_from_address()}")


def _choose_one(titles: Mapping[str, str], key: str, first: str = "") -> str:
    """Let a person choose one of `titles`: what the address names, else what was chosen last, else `first`."""
    kept = f"chosen {NETWORK}"
    wanted: tuple[str, ...] = (st.query_params.get(NETWORK, ""), st.session_state.get(kept, ""), first)
    names = list(titles)
    asked = next((name for name in wanted if name in titles), names[0])
    name = st.selectbox("Network", names, names.index(asked), titles.__getitem__, key=key)
    st.session_state[kept] = name
    keep_in_address(NETWORK, name)
    return name


def use_any_network(name: str) -> None:
    """Choose any network in place of the person, before the page runs again."""
    st.session_state[ANY] = name
    keep_in_address(NETWORK, name)


def photo_networks() -> dict[str, str]:
    """List the networks for photos that are on this machine: names, and what to call them."""
    every = (*PHOTO_DATA, *network_cache.further_data_sets())
    return {name: _title(name) for data in every for name in network_cache.available_network_names(data)}


def _pill(name: str) -> str:
    """Write what stands on a pill, in Markdown; a phone leaves out what is small."""
    card = network_cache.cached_card(name)
    return f"{verbatim(card.title)} :small[({YOURS if card.own else SHORT[card.data]})]"


def _title(name: str) -> str:
    card = network_cache.cached_card(name)
    if not card.answers:
        return card.title
    return f"{card.title}, {YOURS if card.own else DATA[card.data]}"
