"""The runs of this machine, shared by all sessions: their processes and their moments."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cnn.array_types import Array
from cnn.datasets.dataset import Split
from cnn.errors import ConvScopeError
from cnn.runs import frame_network, frames
from cnn.runs.frame_network import FrameNetwork
from cnn.runs.frames import FrameFigures
from cnn.runs.processes import RunProcesses
from ui.resources.blas import multiply_on_one_thread
from ui.resources.visitor_cache import visitor_cache


@st.cache_resource(show_spinner=False)
def run_processes() -> RunProcesses:
    """Hold the processes that train; raises DiskFull where nothing can be kept."""
    return RunProcesses()


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
    multiply_on_one_thread()
    return frame_network.open_frame(_folder, step)


@st.cache_resource(max_entries=8, show_spinner=False)
def held_out(run: str, _folder: Path) -> Split:
    """Read the pictures that a run is measured on; raises BadInput."""
    return frame_network.read_held_out(_folder)


@visitor_cache(max_entries=400)
def answers(run: str, steps: tuple[int, ...], key: str, _folder: Path, _image: Array) -> tuple[Array, ...]:
    """Say what the networks of several moments make of it; as `answer`."""
    return tuple(answer(run, step, key, _folder, _image) for step in steps)


@visitor_cache(max_entries=4000)
def answer(run: str, step: int, key: str, _folder: Path, _image: Array) -> Array:
    """Say what the network of a moment makes of the input `key`: probabilities, float32 (classes,)."""
    return frame_network.probabilities(moment(run, step, _folder), _image)
