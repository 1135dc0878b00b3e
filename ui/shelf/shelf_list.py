"""One's own networks: their cards, where they open, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cnn.errors import ConvScopeError
from cnn.home import home_folder
from cnn.shelf import LONGEST_DESCRIPTION, LONGEST_TITLE, Shelf, ShelfEntry
from cnn.zoo import Card
from ui.resources import network_cache, network_export
from ui.resources.person import owns
from ui.selection.input_picker import DIGITS
from ui.shelf import card_text
from ui.text.verbatim import verbatim

WRONG: Final = "shelf:wrong"  # in the session: why a button did nothing
INSIDE: Final = {
    "layers": "Layers",
    "arithmetic": "Convolution",
    "evidence": "Evidence",
    "lesion": "Ablation",
    "backpropagation": "Backpropagation",
}


def show_shelf(shelf: Shelf) -> None:
    """Show what is there, the newest first, and what can still be taken back."""
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(verbatim(wrong))
    entries = network_cache.own_networks()
    if not entries:
        st.info(
            "Nothing is here yet. Train a network, then press **Keep this network**; or teach one your own classes."
        )
        st.page_link("pages/train.py", label="Train a network →")
        st.page_link("pages/teach.py", label="Teach your own classes →")
    for entry in entries:
        with st.container(border=True):
            _show_entry(shelf, entry)
    _show_deleted(shelf)
    st.caption(f"Their files lie in {verbatim(str(home_folder()))}.")


def _show_entry(shelf: Shelf, entry: ShelfEntry) -> None:
    st.subheader(verbatim(entry.title), anchor=False)
    if entry.description:
        st.markdown(verbatim(entry.description))
    try:
        card = network_cache.cached_card(entry.name)
    except ConvScopeError as error:
        st.warning(verbatim(str(error)))
        _change(shelf, entry)
        return
    st.markdown(card_text.accuracy_sentence(card))
    with st.container(horizontal=True):
        for page, (label, query) in _pages(card).items():
            st.page_link(f"pages/{page}.py", label=f"{label} →", query_params=query)
    with st.expander("Its card"):
        st.markdown(card_text.card_list(card, datetime.fromtimestamp(entry.created, UTC)))
    with st.expander("Take it home"):
        network_export.offer_export(entry.name, entry.title)
    _change(shelf, entry, edit=True)


def _change(shelf: Shelf, entry: ShelfEntry, edit: bool = False) -> None:
    """Offer to rename, describe and delete a network to whoever made it."""
    if not owns(entry.owner):
        st.caption("Somebody else made it: you may use it, and they may rename or delete it.")
        return
    with st.container(horizontal=True):
        if edit:
            _edit_popover(shelf, entry)
        _delete_button(shelf, entry)


def _pages(card: Card) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Say on which pages a network opens: the page's file, its title, and the address that chooses the network."""
    one = {"network": card.name}
    first = {"draw": ("Draw a digit", one)} if card.data == DIGITS else {"photo": ("Photo", one)}
    beside = card.data if network_cache.public_network_names(card.data) else "imagenet"
    with_others = ",".join((card.name, *network_cache.public_network_names(beside)[:2]))
    return {
        **first,
        **{page: (title, one) for page, title in INSIDE.items()},
        "compare": ("Compare", {"networks": with_others}),
        "robustness": ("Robustness", one | {"data": card.data}),
    }


def _edit_popover(shelf: Shelf, entry: ShelfEntry) -> None:
    title, words = f"shelf title {entry.id}", f"shelf words {entry.id}"
    with st.popover("Rename or describe"):
        st.text_input("Name", entry.title, LONGEST_TITLE, key=title)
        st.text_area("Description", entry.description, max_chars=LONGEST_DESCRIPTION, key=words)
        save = lambda: _save(shelf, entry, st.session_state[title], st.session_state[words])  # noqa: E731
        st.button("Save", on_click=_try, args=(save,), key=f"shelf save {entry.id}")


def _save(shelf: Shelf, entry: ShelfEntry, title: str, words: str) -> None:
    """Save what changed; what was typed is read as the button is pressed, not as the page was drawn."""
    if title != entry.title:
        shelf.rename(entry, title)
    if words != entry.description:
        shelf.describe(entry, words)


def _delete_button(shelf: Shelf, entry: ShelfEntry) -> None:
    st.button(
        "Delete",
        on_click=_try,
        args=(lambda: shelf.delete(entry),),
        key=f"shelf delete {entry.id}",
        help="For a day it can be taken back.",
    )


def _show_deleted(shelf: Shelf) -> None:
    deleted = [entry for entry in shelf.deleted() if owns(entry.owner)]
    if not deleted:
        return
    with st.expander(f"Deleted within the last day: {len(deleted)}"):
        for entry in deleted:
            st.button(
                f"Take back {verbatim(entry.title)}",
                on_click=_try,
                args=(lambda entry=entry: shelf.restore(entry),),
                key=f"shelf restore {entry.id}",
            )


def _try(do: Callable[[], object]) -> None:
    try:
        do()
    except ConvScopeError as error:
        st.session_state[WRONG] = str(error)
