"""Photos come in: samples, files (dropped, pasted or chosen), the camera, an address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.errors import ConvScopeError
from cnn.media import url_fetch
from ui.components.paste_upload import paste_upload
from ui.resources.photos import MOST_PHOTOS, MediaFile, media_file, sample_photos
from ui.text.verbatim import verbatim

TYPES: Final = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif")
MOST_MB: Final = 20


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
    )
    paste_upload.paste_into_uploader(f"{key} paste")
    own = [media_file(file.name, file.getvalue()) for file in files]
    camera, address = aside.columns(2)
    with camera.popover("Take a picture", width="stretch"):
        taken = st.camera_input("Camera", label_visibility="collapsed", key=f"{key} camera")
    with address.popover("From an address", width="stretch"):
        own += _fetched(key)
    own += [media_file("Camera", taken.getvalue())] if taken else []
    return _distinct([*_distinct(reversed(own))[:MOST_PHOTOS], *sample_photos()])


def _distinct(brought: Iterable[MediaFile]) -> list[MediaFile]:
    return list({one.key: one for one in brought}.values())


def _fetched(key: str) -> list[MediaFile]:
    """Fetch what the person typed, once; keep what came before."""
    kept: dict[str, MediaFile] = st.session_state.setdefault(f"{key}:fetched", {})
    if not url_fetch.is_fetching_allowed(st.get_option("server.address")):
        st.caption("Switched off on a server that others reach. Save the picture, then drop the file.")
        return list(kept.values())
    address = st.text_input("Address of a picture", placeholder="https://", key=f"{key} address").strip()
    if address and address not in kept:
        try:
            with st.spinner(f"Fetching the picture, at most {url_fetch.SECONDS} s"):
                data, name = url_fetch.fetch_url(address)
            kept[address] = media_file(name, data)
        except ConvScopeError as error:
            st.warning(verbatim(str(error)))
    return list(kept.values())[-MOST_PHOTOS:]
