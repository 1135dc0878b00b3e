"""Photos come in: samples, files (dropped, pasted or chosen), the camera, an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn.errors import ConvScopeError
from cnn.media import url_fetch
from ui.components.paste_upload import paste_upload
from ui.resources.photos import MOST_PHOTOS, MediaFile, media_file, sample_photos
from ui.text.verbatim import verbatim

TYPES: Final = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif")
MOST_MB: Final = 20
KEPT: Final = "inputs:photos"  # one's own, in the session, since uploaders forget on a change of page


def choose_photos(key: str, aside: DeltaGenerator) -> list[MediaFile]:
    """Ask for photos and return all that are there now: the person's own first, the newest first of all.

    Args:
        key: of the widgets, unique on the page; an address's photo stays in the session under it.
        aside: where the ways stand that fewer people take: the camera, an address.
    """
    files = st.file_uploader(
        "Bring your own: drop photos anywhere on this page, paste (Ctrl+V), or choose files",
        type=list(TYPES),
        accept_multiple_files=True,
        max_upload_size=MOST_MB,
        key=f"{key} files",
        on_change=_forget_removed,
        args=(key,),
    )
    paste_upload.paste_into_uploader(f"{key} paste")
    own = _named_by_content(files, key)
    camera, address = aside.columns(2)
    with camera.popover("Take a picture", width="stretch"):
        taken = st.camera_input("Camera", label_visibility="collapsed", key=f"{key} camera")
    with address.popover("From a link", width="stretch"):
        own += _fetched(key)
    own += [media_file("Camera", taken.getvalue())] if taken else []
    return _distinct([*_distinct(reversed(own))[:MOST_PHOTOS], *sample_photos()])


def _named_by_content(files: Sequence[UploadedFile], key: str) -> list[MediaFile]:
    """Hash each file once: 24 files of 20 MB take a second."""
    before: dict[str, MediaFile] = st.session_state.get(_uploaded(key), {})
    named = {file.file_id: before.get(file.file_id) or media_file(file.name, file.getvalue()) for file in files}
    st.session_state[_uploaded(key)] = named
    return list(named.values())


def _uploaded(key: str) -> str:
    return f"{key}:uploaded"


def _forget_removed(key: str) -> None:
    """Take what the person has just removed from the uploader out of the session, too.

    An uploader that begins anew, as each does on a change of page, calls nobody: then all stays.
    """
    there = {file.file_id for file in st.session_state[f"{key} files"]}
    before: dict[str, MediaFile] = st.session_state.get(_uploaded(key), {})
    _forget(one for file_id, one in before.items() if file_id not in there)


def _forget(files: Iterable[MediaFile]) -> None:
    gone = {one.key for one in files}
    st.session_state[KEPT] = tuple(one for one in st.session_state.get(KEPT, ()) if one.key not in gone)


def keep_photos(brought: Sequence[MediaFile]) -> list[MediaFile]:
    """Remember a person's own photos for other pages; return all, the newest first."""
    kept = {one.key: one for one in (*brought, *st.session_state.get(KEPT, ()))}
    st.session_state[KEPT] = tuple(kept.values())[:MOST_PHOTOS]
    return list(st.session_state[KEPT])


def _distinct(brought: Iterable[MediaFile]) -> list[MediaFile]:
    return list({one.key: one for one in brought}.values())


def _fetched(key: str) -> list[MediaFile]:
    """Fetch what the person typed, once, also where it fails; keep what came before, until it is removed."""
    kept: dict[str, MediaFile] = st.session_state.setdefault(f"{key}:fetched", {})
    if not url_fetch.is_fetching_allowed(st.get_option("server.address")):
        st.caption("Switched off on a server that others reach. Save the picture, then drop the file.")
        return list(kept.values())
    address = st.text_input("Link to a picture", placeholder="https://", key=f"{key} address").strip()
    failed: dict[str, str] = st.session_state.setdefault(f"{key}:failed", {})  # the last address that did, and why
    if address and address not in kept and address not in failed:
        failed.clear()
        try:
            with st.spinner(f"Fetching the picture, at most {url_fetch.SECONDS} s"):
                data, name = url_fetch.fetch_url(address)
            kept[address] = media_file(name, data)
        except ConvScopeError as error:
            failed[address] = str(error)
    if address in failed:
        st.warning(verbatim(failed[address]))
        st.button("Try again", on_click=failed.clear, key=f"{key} fetch again")
    for old in list(kept)[:-MOST_PHOTOS]:
        del kept[old]
    if kept:
        st.button("Remove what was fetched", on_click=_drop_fetched, args=(key,), key=f"{key} drop fetched")
    return list(kept.values())


def _drop_fetched(key: str) -> None:
    kept: dict[str, MediaFile] = st.session_state[f"{key}:fetched"]
    _forget(kept.values())
    kept.clear()
    st.session_state[f"{key} address"] = ""  # else it would be fetched once more
