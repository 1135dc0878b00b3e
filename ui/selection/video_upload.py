"""Clips come in: a file, dropped or chosen, or a sample."""

from __future__ import annotations

import json
from functools import cache as once
from typing import Final

import streamlit as st

from cnn.media.video_decoding import KINDS, MOST_BYTES, MOST_SECONDS
from cnn.paths import ASSETS
from ui.resources.photos import MediaFile, media_file
from ui.selection.address import INPUT, OWN, keep_in_address, own_name, sample_name, tell_not_carried

MOST_MB: Final = MOST_BYTES // 2**20


@once
def sample_clips() -> tuple[MediaFile, ...]:
    """Read the clips that come with the app, in the order of assets/clips/clips.json."""
    folder = ASSETS / "clips"
    listed = json.loads((folder / "clips.json").read_text(encoding="utf-8"))
    return tuple(media_file(entry["name"], (folder / entry["file"]).read_bytes()) for entry in listed)


def choose_clip(key: str) -> MediaFile:
    """Ask for a clip and return it: the person's own where there is one, else a sample, which the address names.

    Args:
        key: of the widgets, unique on the page.
    """
    own, ours = st.container(key="clip").columns([2, 1], gap="medium")
    file = own.file_uploader(
        f"Your clip: drop one here or choose, at most {MOST_SECONDS // 60} minutes",
        type=list(KINDS),
        max_upload_size=MOST_MB,
        key=f"{key} file",
    )
    listed = {sample_name(clip.name): clip for clip in sample_clips()}
    linked, place = st.query_params.get(INPUT, ""), f"{key} sample"
    if linked.startswith(OWN) and place not in st.session_state and file is None:
        tell_not_carried("a clip")
    chosen = ours.radio(
        "Or a sample (remove your clip first)" if file else "Or a sample",
        list(listed),
        list(listed).index(linked) if linked in listed else 0,
        format_func=lambda name: listed[name].name,
        disabled=file is not None,
        key=place,
    )
    keep_in_address(INPUT, chosen if file is None else own_name(file.file_id))
    if file is None:
        return listed[chosen]
    return MediaFile(file.file_id, file.name, file.getvalue())  # its id names an upload; a hash takes 0.1 s a run
