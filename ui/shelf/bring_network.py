"""A network from a file: brought, asked what cannot be known of it, and put on the shelf."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn.errors import ConvScopeError
from cnn.importing import Arrival, ModelFacts, examine_file, file_answers
from cnn.importing.arrival import MOST_FILE_BYTES, receive_file
from cnn.importing.picture_shape import LARGEST_SIDE, SMALLEST_SIDE
from ui.resources.background_job import BackgroundJob, BackgroundJobs, show_progress
from ui.resources.poll import poll_until
from ui.shelf import bring_form
from ui.text.verbatim import verbatim

TYPES: Final = ("keras", "h5", "hdf5", "tflite", "onnx")
AT_ONCE: Final = 1  # files that are read: each may take 4 GB
MOST_KEPT: Final = 8
READING_S: Final = 15.0  # of a small network, as measured: TensorFlow loads, and converts it

Read = tuple[Arrival, ModelFacts]


def show_bring_network() -> None:
    """Invite a person to bring a network, and lead from the file to the shelf."""
    _say_put()
    with st.expander("Bring a network of your own, from a file"):
        st.markdown(
            "Trained somewhere else, with Keras, PyTorch or Teachable Machine? Bring its file "
            f"({', '.join(f'`.{one}`' for one in TYPES if one != 'hdf5')}, up to {MOST_FILE_BYTES // 2**20} MB), say "
            "how it takes pictures, and it opens on every page like the others. The file is read in a process of its "
            "own, and never leaves this machine; a file that would run code is refused."
        )
        file = st.file_uploader(
            "The file of a network", list(TYPES), max_upload_size=MOST_FILE_BYTES // 2**20, key="bring file"
        )
        if file is not None:
            _show_file(file)
        st.page_link("pages/help.py", label="I have a SavedModel, or PyTorch: what do I type? →")


def _show_file(file: UploadedFile) -> None:
    """Read a file once a visit, then ask."""
    side = st.session_state.get(f"bring side {file.file_id}")
    work = _reading(file, side)
    if not work.ended.is_set():
        poll_until(lambda: work.over, lambda: show_progress(work, work.text, "bring cancel"))
        return
    if work.result is None:
        st.warning(verbatim(work.error or work.cancelled or "Stopped."))
        return
    arrival, facts = work.result
    st.markdown(file_answers.facts_sentence(facts))
    if facts.any_size:
        st.number_input("Pixels a side", SMALLEST_SIDE, LARGEST_SIDE, facts.shape[0], key=f"bring side {file.file_id}")
    if bring_form.show_form(arrival, facts):
        del st.session_state["bring file"]
        st.rerun()


def _reading(file: UploadedFile, side: int | None) -> BackgroundJob[Read]:
    """Give the reading of a file, begun where it was not."""
    key = file.file_id, side
    work = _jobs().last(key)
    if work is None:
        content, name = file.getvalue(), file.name

        def read(came: Callable[[int, int], None], stopped: bring_form.Stopped) -> Read:
            came(0, 1)  # its turn has come
            arrival = receive_file(content, name)
            try:
                return arrival, examine_file(arrival, side, stopped)
            except ConvScopeError:
                arrival.forget()
                raise

        _jobs().start(key, "Reading the file", read, expected=READING_S)
        work = _jobs().last(key)
    assert work is not None
    return work


@st.cache_resource(show_spinner=False)
def _jobs() -> BackgroundJobs[Read]:
    return BackgroundJobs(ThreadPoolExecutor(AT_ONCE, "model files").submit, MOST_KEPT, outlasts="nothing")


def _say_put() -> None:
    """Say once what was put on the shelf, and where to go on."""
    put = st.session_state.pop(bring_form.PUT, None)
    if put is None:
        return
    st.success(f"**{verbatim(put[1])}** is on the shelf, and opens on every page from now on.")
    st.page_link("pages/layers.py", label="Its layers →", query_params={"network": put[0]})
