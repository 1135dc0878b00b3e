"""The classes and their pictures: rename, merge, drag into another, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from cnn.errors import ConvScopeError
from cnn.media import image_decoding
from cnn.teach.collection import LONGEST_CLASS, Collection, PictureClass
from ui.components.image_picker.image_picker import ImageTile
from ui.components.picture_mover.picture_mover import class_key, render_picture_mover
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
        count = f"{one.pictures:,} {'picture' if one.pictures == 1 else 'pictures'}"
        with (
            st.container(key=class_key(str(one.id))),
            st.expander(f"**{verbatim(one.name)}**: {count}", key=f"teach box {one.id}"),
        ):
            _show_class(collection, one, classes)
    _show_skipped(collection)


def _show_class(collection: Collection, one: PictureClass, classes: list[PictureClass]) -> None:
    name = f"teach name {one.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name", one.name, LONGEST_CLASS, key=name, help="The name of another class merges the two.", width="stretch"
        )
        st.button(
            "Rename",
            on_click=lambda: attempt(lambda: collection.rename(one.id, st.session_state[name])),
            key=f"teach rename {one.id}",
        )
        with st.popover("Delete"):
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
    show_pictures(collection, shown, one.name, classes, f"teach pictures {one.id}")


def show_pictures(
    collection: Collection, tiles: Sequence[ImageTile], own: str, classes: list[PictureClass], key: str
) -> None:
    """Show pictures of the class `own`, at least one, to drag into another class, move there or delete."""
    others = {str(one.id): one.name for one in classes if one.name != own}
    move = lambda picture, into: collection.move([int(picture)], int(into))  # noqa: E731
    chosen = int(render_picture_mover(tiles, others, move, key, f"Pictures of {own}"))
    st.button("Delete this picture", on_click=collection.delete, args=([chosen],), key=f"{key} delete")


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
