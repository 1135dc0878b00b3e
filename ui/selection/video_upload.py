"""Clips come in: a file, dropped or chosen, or a sample."""

from __future__ import annotations

import json
from functools import cache as once
from typing import Final

import streamlit as st

from cnn.media.video_decoding import KINDS, MOST_BYTES, MOST_SECONDS
from cnn.paths import ASSETS
from ui.resources.photos import MediaFile, media_file

MOST_MB: Final = MOST_BYTES // 2**20


@once
def sample_clips() -> tuple[MediaFile, ...]:
    """Read the clips that come with the app, in the order of assets/clips/clips.json."""
    folder = ASSETS / "clips"
    listed = json.loads((folder / "clips.json").read_text(encoding="utf-8"))
    return tuple(media_file(entry["name"], (folder / entry["file"]).read_bytes()) for entry in listed)


def choose_clip(key: str) -> MediaFile:
    """Ask for a clip and return it: the person's own where there is one, else a sample.

    Args:
        key: of the widgets, unique on the page.
    """
    own, ours = st.columns([2, 1], gap="medium")
    file = own.file_uploader(
        f"Your clip: drop one here or choose, at most {MOST_SECONDS // 60} minutes",
        type=list(KINDS),
        max_upload_size=MOST_MB,
        key=f"{key} file",
    )
    listed = sample_clips()
    chosen = ours.radio(
        "Or a sample (remove your clip first)" if file else "Or a sample",
        range(len(listed)),
        format_func=lambda at: listed[at].name,
        disabled=file is not None,
        key=f"{key} sample",
    )
    if file is None:
        return listed[chosen]
    return MediaFile(file.file_id, file.name, file.getvalue())  # its id names an upload; a hash takes 0.1 s a run
