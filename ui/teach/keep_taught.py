"""Make a network of what was taught: a process builds it, and then it opens on every page that takes photos."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import streamlit as st

from cnn.shelf import LONGEST_TITLE
from cnn.teach.network_process import DIED, MadeNetwork, make_network
from ui.resources import network_export
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, show_progress
from ui.resources.poll import poll_until
from ui.resources.waiting_line import WaitingLine
from ui.teach import lesson_words
from ui.text.verbatim import verbatim

TITLE: Final = "teach title"  # in the session: what the network shall be called
FINE_TUNE: Final = "teach fine-tune"  # in the session: whether the last block shall learn, too
SECONDS: Final = 20.0  # that it takes on two quiet cores, without


@st.cache_resource(show_spinner=False)
def _makings() -> BackgroundJobs[MadeNetwork]:
    line = WaitingLine(ThreadPoolExecutor(1, "make taught").submit, most_begun=1)  # a process with TensorFlow each
    return BackgroundJobs(line, outlasts="work")


def keep_button(person: str, trunk: str, names: tuple[str, ...]) -> None:
    """Offer to make a network of what was taught, and say what came of it."""
    job = _makings().last(person)
    if job is not None and not job.ended.is_set():
        poll_until(job.ended.is_set, lambda: show_progress(job, job.text, "teach making"), 1.0)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the network", _title(names), LONGEST_TITLE, key=TITLE)
        st.button("Make it a network", type="primary", on_click=_make, args=(person, trunk), key="teach keep")
    st.checkbox("Fine-tune its last block, too: minutes, not seconds", key=FINE_TUNE, help=lesson_words.FINE_TUNING)
    if job is not None:
        _show_made(job)


def _make(person: str, trunk: str) -> None:
    """Begin; what was typed is read as the button is pressed, not as the page was drawn."""
    jobs, title, fine_tune = _makings(), st.session_state[TITLE], bool(st.session_state.get(FINE_TUNE))

    def do(came: Came, stopped: Callable[[], bool]) -> MadeNetwork:
        came(0, 1)
        return make_network(person, trunk, title, fine_tune, came, stopped)

    jobs.forget(person)
    words = "Fine-tuning and making the network" if fine_tune else "Making the network"
    jobs.start(person, words, do, DIED, None if fine_tune else SECONDS)


def _show_made(job: BackgroundJob[MadeNetwork]) -> None:
    if job.result is None:
        st.warning(verbatim(job.error or DIED))
        return
    name, query = job.result.title, {"network": job.result.name}
    if job.result.asked:
        st.markdown(lesson_words.fine_tuning_sentence(job.result))
    st.success(f"**{verbatim(name)}** is on your shelf. It opens on every page that takes photos:")
    with st.container(horizontal=True):
        st.page_link("pages/photo.py", label="Photo →", query_params=query)
        st.page_link("pages/evidence.py", label="Evidence: where it looks →", query_params=query)
        st.page_link("pages/layers.py", label="Layers →", query_params=query)
        st.page_link("pages/networks.py", label="Your networks →")
    with st.expander("Take it home"):
        network_export.offer_export(job.result.name, name)


def _title(names: tuple[str, ...]) -> str:
    """Suggest a name from the classes: letters and digits of the first two."""
    plain = ["".join(one for one in name if one.isalnum() or one == " ").strip() for name in names[:2]]
    title = " or ".join(name for name in plain if name)[:LONGEST_TITLE].strip()
    return title or "My classes"
