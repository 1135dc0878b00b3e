"""Which networks are compared: two to eight that look at the same kind of picture; address and session keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cnn.zoo import Network
from ui.resources import network_cache
from ui.selection.address import keep_in_address
from ui.selection.network_picker import NETWORKS, PHOTO_DATA, SHORT, YOURS

FEWEST, MOST = 2, 8
KEPT: Final = "compare:networks"  # in the session, for coming back from another page


@dataclass(frozen=True, slots=True)
class PictureKind:
    """A kind of picture: what it is called, and the data sets whose networks look at it; one's own look at photos."""

    title: str
    data: tuple[str, ...]

    @property
    def networks(self) -> dict[str, str]:
        """List those that are on this machine: names, and what to call them."""
        further = () if "mnist" in self.data else network_cache.further_data_sets()
        every = (*self.data, *further)
        return {name: _title(name) for data in every for name in network_cache.available_network_names(data)}


KINDS: Final[Mapping[str, PictureKind]] = {
    "digits": PictureKind("Digits", ("mnist",)),
    "photos": PictureKind("Photos", tuple(PHOTO_DATA)),
}


def choose_network_set() -> tuple[Network, ...]:
    """Let a person choose; fewer than two give (), and a word about it.

    The address keeps the choice, such as `?networks=mnist/lenet,mnist/vgg`.
    """
    asked = st.query_params.get(NETWORKS, "").split(",")
    wanted = asked if _kind(asked) else st.session_state.get(KEPT, ())
    kind = st.segmented_control(
        "What they look at",
        list(KINDS),
        default=_kind(wanted) or "digits",
        required=True,
        format_func=lambda name: KINDS[name].title,
        key="compare kind",
    )
    chosen = _networks(KINDS[kind or "digits"], wanted)
    if len(chosen) < FEWEST:
        st.info("Choose at least two networks to compare.")
        return ()
    return tuple(network_cache.cached_network(name) for name in chosen)


def _kind(names: Sequence[str]) -> str | None:
    """Say what the first of `names` that is here looks at; None where none is."""
    return next((kind for name in names for kind, one in KINDS.items() if name in one.networks), None)


def _networks(kind: PictureKind, wanted: Sequence[str]) -> tuple[str, ...]:
    titles = kind.networks
    first = list(titles)[:MOST]
    chosen = st.multiselect(
        f"Networks, {FEWEST} to {MOST}",
        list(titles),
        [name for name in titles if name in wanted][:MOST] or first,
        format_func=titles.__getitem__,
        key=f"compare networks {kind.title}",
        max_selections=MOST,
    )
    ordered = tuple(name for name in titles if name in chosen)
    st.session_state[KEPT] = ordered
    keep_in_address(NETWORKS, ",".join(ordered))
    return ordered


def _title(name: str) -> str:
    """Name a network; where several data sets stand side by side, with what it tells apart."""
    card = network_cache.cached_card(name)
    if card.own:
        return f"{card.title}, {YOURS}"
    return card.title if card.data == "mnist" else f"{card.title}, {SHORT[card.data]}"
