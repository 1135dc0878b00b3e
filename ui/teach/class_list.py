"""The classes and their pictures: rename, merge, move, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from cnn.errors import ConvScopeError
from cnn.media import image_decoding
from cnn.teach.collection import LONGEST_CLASS, Collection, PictureClass
from ui.components.image_picker.image_picker import ImageTile, render_image_picker
from ui.images.data_uri import thumbnail_uri
from ui.resources.visitor_cache import visitor_cache
from ui.text.verbatim import verbatim

SHOWN: Final = 24  # pictures of a class at once
THUMBNAIL_PX: Final = 112
WRONG: Final = "teach:wrong"  # in the session: why a button did nothing


def show_classes(collection: Collection, classes: list[PictureClass]) -> None:
    """Show each class with what can be done to it."""
    if wrong := st.session_state.pop(WRONG, ""):
        st.warning(verbatim(wrong))
    for one in classes:
        with st.expander(
            f"**{verbatim(one.name)}**: {one.pictures:,} {'picture' if one.pictures == 1 else 'pictures'}"
        ):
            _show_class(collection, one, classes)
    _show_skipped(collection)


def _show_class(collection: Collection, one: PictureClass, classes: list[PictureClass]) -> None:
    name = f"teach name {one.id}"
    typed, save, delete = st.columns([3, 1, 1], vertical_alignment="bottom")
    typed.text_input("Name", one.name, LONGEST_CLASS, key=name, help="The name of another class merges the two.")
    save.button(
        "Rename",
        on_click=lambda: attempt(lambda: collection.rename(one.id, st.session_state[name])),
        key=f"teach rename {one.id}",
        width="stretch",
    )
    with delete.popover("Delete", width="stretch"):
        st.button(
            f"Delete the class and its {one.pictures:,} pictures",
            on_click=collection.delete_class,
            args=(one.id,),
            key=f"teach delete {one.id}",
        )
    if not one.pictures:
        return
    pages = -(-one.pictures // SHOWN)
    page = st.number_input(f"Page of {pages}", 1, pages, key=f"teach page {one.id}") if pages > 1 else 1
    listed = collection.first_pictures(one.id, SHOWN, SHOWN * (page - 1))
    tiles = [tile(collection, picture) for picture in listed]
    shown = [found for found in tiles if found is not None]
    if not shown:
        return
    chosen = int(render_image_picker(shown, shown[0].key, f"teach pictures {one.id}", f"Pictures of {one.name}"))
    move_buttons(collection, chosen, one.name, classes, f"class {one.id}")


def move_buttons(collection: Collection, picture: int, own: str, classes: list[PictureClass], key: str) -> None:
    """Offer to move a picture into another class, or to delete it."""
    others = {one.id: one.name for one in classes if one.name != own}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        into = st.selectbox(
            "Move this picture to", list(others), format_func=others.__getitem__, key=f"teach into {key}", width=220
        )
        st.button(
            "Move",
            on_click=collection.move,
            args=([picture], into),
            disabled=into is None,
            key=f"teach move {key}",
        )
        st.button("Delete picture", on_click=collection.delete, args=([picture],), key=f"teach remove {key}")


def tile(collection: Collection, picture: int, words: str = "") -> ImageTile | None:
    """Make a tile of a picture; None where it was deleted meanwhile."""
    try:
        name, content = collection.picture(picture)
        return ImageTile(str(picture), name, _thumbnail(str(collection.path), picture, content), words)
    except ConvScopeError:
        return None


@visitor_cache(max_entries=512)  # of 5 kB
def _thumbnail(path: str, picture: int, _content: bytes) -> str:
    return thumbnail_uri(image_decoding.decode_image(_content, "picture").pixels, THUMBNAIL_PX)


def attempt(do: Callable[[], object]) -> None:
    """Do something before the page runs again; where it cannot be done, the page says why."""
    try:
        do()
    except ConvScopeError as error:
        st.session_state[WRONG] = str(error)


def _show_skipped(collection: Collection) -> None:
    skipped = collection.skipped()
    if not skipped:
        return
    with st.expander(f"Left out: {len(skipped):,} {'file' if len(skipped) == 1 else 'files'}"):
        st.markdown("\n".join(f"- {verbatim(name)}: {verbatim(why)}" for name, why in skipped[:SHOWN]))
        st.button("Forget this list", on_click=collection.forget_skipped, key="teach forget skipped")
