"""How long a network takes for a picture here: tried with a few at first, then known from every round that ended."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import perf_counter
from typing import Final

import numpy as np
import streamlit as st

from cnn.zoo import Network

TRIAL: Final = 32  # pictures ...
LEAST: Final = 2  # ... and of the largest
TRIAL_NUMBERS: Final = TRIAL * 32 * 32 * 3  # of a trial: of larger pictures there are fewer


@st.cache_resource(show_spinner=False)
def known_paces() -> dict[Hashable, float]:
    """Hold seconds a piece, by what is done, for all sessions."""
    return {}


def seconds_a_picture(network: Network) -> float:
    """Give how long `network` takes for one picture of many."""
    pictures = np.zeros((trial_size(network), *network.runner.shape), np.float32)
    return seconds_apiece(network.name, len(pictures), lambda: network.runner(pictures))


def trial_size(network: Network) -> int:
    """Say how many pictures tell how long one takes: of a large network few, for somebody waits."""
    return max(LEAST, min(TRIAL, TRIAL_NUMBERS // int(np.prod(network.runner.shape))))


def seconds_apiece(what: Hashable, pieces: int, trial: Callable[[], object]) -> float:
    """Give the seconds for one of many pieces of work; where nothing is known, `trial` does `pieces` of them twice."""
    paces = known_paces()
    if what not in paces:
        trial()  # the first one also makes room for a batch
        begun = perf_counter()
        trial()
        paces[what] = (perf_counter() - begun) / pieces
    return paces[what]


def note_pace(what: Hashable, seconds: float, pieces: int) -> None:
    """Remember what a whole round took."""
    known_paces()[what] = seconds / pieces
