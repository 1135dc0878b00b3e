"""The runs of this machine, shared by all sessions: their processes, their moments, and who is asking."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

import streamlit as st

from cnn.array_types import Array
from cnn.datasets.dataset import Split
from cnn.errors import ConvScopeError
from cnn.runs import frame_network, frames
from cnn.runs.frame_network import FrameNetwork
from cnn.runs.frames import FrameFigures
from cnn.runs.processes import RunProcesses
from ui.resources.visitor_cache import visitor_cache

COOKIE = "_streamlit_xsrf"  # Streamlit gives every browser one; what it holds besides its mask stays the same


@st.cache_resource(show_spinner=False)
def run_processes() -> RunProcesses:
    """Hold the processes that train; raises DiskFull where nothing can be kept."""
    return RunProcesses()


def person() -> str:
    """Name this browser, the same after a reload, by a hash that tells nothing; without a cookie, this session."""
    with suppress(Exception):  # the cookie is Streamlit's own: another release may write it another way
        from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

        token, _ = decode_xsrf_token_string(st.context.cookies[COOKIE])
        if token:
            return hashlib.sha256(token).hexdigest()[:16]
    name: str = st.session_state.setdefault("training:person", secrets.token_hex(8))
    return name


@st.cache_resource(max_entries=64, show_spinner=False)
def _known_figures(run: str) -> dict[int, FrameFigures]:
    return {}


def run_figures(run: str, folder: Path) -> list[FrameFigures]:
    """Read the figures of all frames of a run, each once."""
    known = _known_figures(run)
    try:
        found = frames.history(folder, known)
    except ConvScopeError:  # a frame went away while it was read: the run went back to its checkpoint
        known.clear()
        return []
    known.clear()
    known.update({one.step: one for one in found})
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def moment(run: str, step: int, _folder: Path) -> FrameNetwork:
    """Open the network of a moment; 0.3 to 4 MB each. Raises BadInput."""
    return frame_network.open_frame(_folder, step)


@st.cache_resource(max_entries=8, show_spinner=False)
def held_out(run: str, _folder: Path) -> Split:
    """Read the pictures that a run is measured on; raises BadInput."""
    return frame_network.read_held_out(_folder)


@visitor_cache(max_entries=4000)
def answer(run: str, step: int, key: str, _folder: Path, _image: Array) -> Array:
    """Say what the network of a moment makes of the input `key`: probabilities, float32 (classes,)."""
    return frame_network.probabilities(moment(run, step, _folder), _image)
