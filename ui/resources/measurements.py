"""What is measured behind the pages, one thing after the other, for all sessions: whole sets, time and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from cnn.datasets import evaluation_sets
from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import PictureSet
from cnn.errors import Cancelled
from cnn.evaluation import dataset_predictions, profiler
from cnn.evaluation.dataset_predictions import DatasetPredictions
from cnn.evaluation.photo_set import PhotoSet
from cnn.evaluation.profiler import NetworkProfile
from cnn.zoo import Network
from ui.resources import pace
from ui.resources.background_job import MOST, BackgroundJob, BackgroundJobs, Came, Outlasts
from ui.resources.waiting_line import MOST_BEGUN, WaitingLine, working_clock

MOST_COSTS: Final = 64  # a few numbers each
MOST_ROUNDS: Final = 48  # of which the results are kept: under 0.3 MB each
DatasetJobs = BackgroundJobs[DatasetPredictions]


@st.cache_resource(show_spinner=False)
def measurement_line() -> WaitingLine:
    """Hold what is to be measured: one thing at a time, for it must not be disturbed by what else is."""
    return WaitingLine(ThreadPoolExecutor(MOST_BEGUN, "behind").submit)


def measurement_jobs(most: int = MOST, outlasts: Outlasts = "results") -> BackgroundJobs[Any]:
    """Make a table of work that is measured, see `BackgroundJobs`."""
    return BackgroundJobs(measurement_line(), most, outlasts)


@st.cache_resource(show_spinner=False)
def dataset_jobs() -> DatasetJobs:
    """Give what networks were asked about sets of pictures: keys are the names of the set and of the network."""
    return measurement_jobs(MOST_ROUNDS)


@st.cache_resource(show_spinner=False)
def own_dataset_jobs() -> DatasetJobs:
    """Give what networks were asked about people's own photos: nothing of it outlasts their visit."""
    return measurement_jobs(MOST_ROUNDS, "nothing")


def _jobs(of: PictureSet) -> DatasetJobs:
    return own_dataset_jobs() if isinstance(of, PhotoSet) else dataset_jobs()


def start_dataset_run(of: PictureSet, networks: Iterable[Network]) -> None:
    """Ask `networks` about the set `of`, unless that goes on or is known already."""
    for network in networks:
        expected, do = seconds_for_run(of, [network]), partial(_ask, network, of)
        _jobs(of).start((of.name, network.name), network.card.title, do, expected=expected)


def seconds_for_run(of: PictureSet, networks: Iterable[Network]) -> float:
    """Estimate how long asking `networks` about the set `of` takes here, once their turn comes."""
    return sum(of.pictures * pace.seconds_a_picture(network) for network in networks)


def last_dataset_run(of: PictureSet, network: str) -> BackgroundJob[DatasetPredictions] | None:
    """Give the work of a network on the set `of` that was started last."""
    return _jobs(of).last((of.name, network))


def split_for(of: PictureSet, network: Network) -> Split:
    """Read a set of pictures as a network sees them; nobody changes it. From any thread.

    Raises: MissingData.
    """
    return of.split_for(network) if isinstance(of, PhotoSet) else cached_split(of.name)


def _ask(network: Network, of: PictureSet, came: Came, stopped: Callable[[], bool]) -> DatasetPredictions:
    split, begun = split_for(of, network), working_clock()
    found = dataset_predictions.predict_dataset(network, split, came, stopped)
    pace.note_pace(network.name, working_clock() - begun, len(split.labels))
    return found


@lru_cache(maxsize=3)
def cached_split(name: str) -> Split:
    """Read a set of pictures once for all sessions, 4 to 31 MB each; nobody changes it. From any thread.

    Raises: UnknownName, MissingData.
    """
    return evaluation_sets.find_picture_set(name).read()


@st.cache_resource(show_spinner=False)
def cost_jobs() -> BackgroundJobs[NetworkProfile]:
    """Give what answers cost, as measured on this server, by network."""
    return measurement_jobs(MOST_COSTS)


def measured_cost(name: str, folder: Path) -> BackgroundJob[NetworkProfile]:
    """Measure once for all sessions what an answer of a network costs; what all had left is begun anew."""
    work = cost_jobs().last(name)
    if work is None or work.stop.is_set():
        cost_jobs().start(name, f"Measuring {name}", partial(_profile, name, folder))
        work = cost_jobs().last(name)
    assert work is not None  # the newest is never dropped
    return work


def _profile(name: str, folder: Path, came: Came, stopped: Callable[[], bool]) -> NetworkProfile:
    if stopped():
        raise Cancelled(f"Measuring {name} was stopped.")
    came(0, 1)  # its turn has come
    return profiler.profile_network(name, folder)
