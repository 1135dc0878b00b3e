"""Make a network of what was taught: a process builds it, and then it opens on every page that takes photos."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import streamlit as st

from cnn.errors import BadInput
from cnn.paths import ROOT
from cnn.shelf.shelf import LONGEST_TITLE
from ui.resources import network_export
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came
from ui.resources.poll import poll_until
from ui.text.verbatim import verbatim

TITLE: Final = "teach title"  # in the session: what the network shall be called
LONGEST_S: Final = 900.0  # that the process may take
SECONDS: Final = 20.0  # that it takes on two quiet cores
DIED: Final = "The process that makes the network was ended from outside. Try again."


@st.cache_resource(show_spinner=False)
def _makings() -> BackgroundJobs[dict[str, str]]:
    return BackgroundJobs(ThreadPoolExecutor(1, "make taught").submit, outlasts="work")


def keep_button(person: str, trunk: str, names: tuple[str, ...]) -> None:
    """Offer to make a network of what was taught, and say what came of it."""
    job = _makings().last(person)
    if job is not None and not job.ended.is_set():
        poll_until(job.ended.is_set, lambda: st.info("Making the network, which takes about 20 seconds."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the network", _title(names), LONGEST_TITLE, key=TITLE)
        st.button("Make it a network", type="primary", on_click=_make, args=(person, trunk), key="teach keep")
    if job is not None:
        _show_made(job)


def _make(person: str, trunk: str) -> None:
    """Begin; what was typed is read as the button is pressed, not as the page was drawn."""
    jobs, title = _makings(), st.session_state[TITLE]
    jobs.forget(person)
    jobs.start(person, "Making the network", lambda came, stopped: _made(person, trunk, title, came), DIED, SECONDS)


def _made(person: str, trunk: str, title: str, came: Came) -> dict[str, str]:
    """Have a process do it: TensorFlow never enters this one."""
    came(0, 1)
    command = (sys.executable, "-m", "cnn.teach", person, trunk, title)
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        said: dict[str, str] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise BadInput(DIED) from error
    if "why" in said:
        raise BadInput(said["why"])
    return said


def _show_made(job: BackgroundJob[dict[str, str]]) -> None:
    if job.result is None:
        st.warning(verbatim(job.error or DIED))
        return
    name, query = job.result["title"], {"network": job.result["name"]}
    st.success(f"**{verbatim(name)}** is on your shelf. It opens on every page that takes photos:")
    with st.container(horizontal=True):
        st.page_link("pages/photo.py", label="Photo →", query_params=query)
        st.page_link("pages/evidence.py", label="Evidence: where it looks →", query_params=query)
        st.page_link("pages/layers.py", label="Layers →", query_params=query)
        st.page_link("pages/networks.py", label="Your networks →")
    with st.expander("Take it home"):
        network_export.offer_export(job.result["name"], name)


def _title(names: tuple[str, ...]) -> str:
    """Suggest a name from the classes: letters and digits of the first two."""
    plain = ["".join(one for one in name if one.isalnum() or one == " ").strip() for name in names[:2]]
    title = " or ".join(name for name in plain if name)[:LONGEST_TITLE].strip()
    return title or "My classes"
