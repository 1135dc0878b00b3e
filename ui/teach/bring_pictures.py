"""The ways in which pictures come: folders, zips, loose files, the camera and a clip."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn.errors import ConvScopeError
from cnn.media import video_decoding
from cnn.teach.collection import Collection
from ui.resources.photos import MediaFile
from ui.selection.photo_upload import MOST_MB as MOST_PICTURE_MB
from ui.selection.photo_upload import TYPES
from ui.teach import taking_in
from ui.text.verbatim import verbatim

ROUND: Final = "teach:round"  # in the session: uploaders begin anew when their files are on their way
MOST_MB: Final = 500  # a zip
FRAMES: Final = 32  # of a clip


def bring_pictures(person: str, collection: Collection, trunk: str) -> None:
    """Ask for pictures, and send what comes on its way."""
    number = st.session_state.setdefault(ROUND, 0)
    folders, loose, camera, clip = st.tabs(["Folders", "Zip or loose pictures", "Camera", "Clip"])
    with folders:
        files = st.file_uploader(
            "Drop one folder that holds a folder of pictures for each class: pets/cat, pets/dog",
            type=list(TYPES),
            accept_multiple_files="directory",
            max_upload_size=MOST_PICTURE_MB,
            key=f"teach folders {number}",
        )
        _send(person, collection, trunk, files, "")
    with loose:
        name = _class_name(collection, f"loose {number}")
        files = st.file_uploader(
            "Drop pictures of that class; or a zip, whose folders name the classes",
            type=[*TYPES, "zip"],
            accept_multiple_files=True,
            max_upload_size=MOST_MB,
            key=f"teach loose {number}",
        )
        if files and not name and not all(file.name.lower().endswith(taking_in.ZIP) for file in files):
            st.info("Which class do these pictures show? Type its name above.")
        else:
            _send(person, collection, trunk, files, name)
    with camera:
        _take_series(person, collection, trunk, number)
    with clip:
        _cut_clip(person, collection, trunk, number)


def _class_name(collection: Collection, key: str) -> str:
    """Ask for a class: one that is there, or a new one."""
    names = [one.name for one in collection.classes()]
    chosen = st.selectbox(
        "Class",
        names,
        index=None,
        accept_new_options=True,
        placeholder="Choose one, or type a new name",
        key=f"teach class {key}",
    )
    return chosen or ""


def _send(
    person: str, collection: Collection, trunk: str, files: Sequence[UploadedFile] | UploadedFile | None, otherwise: str
) -> None:
    if not files:
        return
    listed = files if isinstance(files, Sequence) else [files]
    brought = [MediaFile(file.file_id, file.name, file.getvalue()) for file in listed]
    taking_in.take_in_files(person, collection, trunk, brought, otherwise)
    st.session_state[ROUND] += 1
    st.rerun()


def _take_series(person: str, collection: Collection, trunk: str, number: int) -> None:
    """Take one picture after the other with the camera, all of one class."""
    name = _class_name(collection, "camera")
    taken = st.camera_input("Each picture goes into that class", disabled=not name, key=f"teach camera {number}")
    if taken is not None and name:
        shown = MediaFile(taken.file_id, f"{name}/camera {number + 1}.jpg", taken.getvalue())
        taking_in.take_in_files(person, collection, trunk, [shown], name)
        st.session_state[ROUND] += 1
        st.rerun()


def _cut_clip(person: str, collection: Collection, trunk: str, number: int) -> None:
    """Cut frames out of a clip, all of one class."""
    name = _class_name(collection, f"clip {number}")
    file = st.file_uploader(
        f"A clip of that class alone, turned slowly: {FRAMES} frames are cut out of it",
        type=list(video_decoding.KINDS),
        max_upload_size=video_decoding.MOST_BYTES // 2**20,
        key=f"teach clip {number}",
        disabled=not name,
    )
    if file is None or not name:
        return
    try:
        with st.spinner("Cutting the clip"):
            clip = video_decoding.decode_video(file.getvalue(), file.name, FRAMES)
    except ConvScopeError as error:
        st.warning(verbatim(str(error)))
        return
    frames = []
    for frame in clip.frames:
        content = BytesIO()
        Image.fromarray(frame.pixels).save(content, "JPEG", quality=92)
        frames.append(MediaFile("", f"{name}/{file.name} at {frame.seconds:.1f} s.jpg", content.getvalue()))
    taking_in.take_in_files(person, collection, trunk, frames, name)
    st.session_state[ROUND] += 1
    st.rerun()
