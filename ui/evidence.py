"""The one process that computes evidence, and what it found so far, for all sessions."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cnn.explain.client import Client
from cnn.explain.jobs import Heat, Job

MOST_MAPS: Final = 512  # a few kB each
PATIENT_S: Final = 0.3  # a map is there in 50 ms once the process is warm: then nothing is shown without it


@st.cache_resource(show_spinner=False)
def client() -> Client:
    """Hold the process; it starts with the first job."""
    return Client()


@st.cache_resource(max_entries=MOST_MAPS, show_spinner=False)
def asked(network: str, key: str, label: int, _image: npt.NDArray[np.float32], _folder: Path) -> Future[Heat]:
    """Ask once for all sessions where `network` sees `label` in the photo `key`; nobody changes the answer."""
    return client().submit(Job(network, _image, label, folder=_folder))


def settled(future: Future[Heat]) -> bool:
    """Wait a moment; say whether the answer is there, or why it is not."""
    try:
        future.exception(PATIENT_S)
    except TimeoutError:
        return False
    return True
