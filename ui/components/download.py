"""A file to keep, made when one asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Final, Literal

import streamlit as st

MEDIA_TYPES: Final = {".csv": "text/csv", ".gif": "image/gif", ".mp4": "video/mp4", ".png": "image/png"}


def download_button(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    key: str | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """Offer a file; the page does not run again for it.

    Args:
        label: of the button.
        make: makes the file once somebody wants it.
        name: of the file; its ending is in MEDIA_TYPES.
        key: unique on the page, where label and name are not.
        width: of the button.
    """
    st.download_button(label, make, name, MEDIA_TYPES[PurePath(name).suffix], on_click="ignore", key=key, width=width)
