"""What is measured behind the pages, one thing after the other, for all sessions: whole sets, time and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import streamlit as st

from cnn.datasets import evaluation_sets
from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import PictureSet
from cnn.evaluation import dataset_predictions, profiler
from cnn.evaluation.dataset_predictions import DatasetPredictions
from cnn.evaluation.photo_set import PhotoSet
from cnn.evaluation.profiler import NetworkProfile
from cnn.zoo import Network
from ui.resources import pace
from ui.resources.background_job import MOST, BackgroundJob, BackgroundJobs, Came, Outlasts, WaitingLine

MOST_ROUNDS: Final = 48  # of which the results are kept: under 0.3 MB each
DatasetJobs = BackgroundJobs[DatasetPredictions]


@st.cache_resource(show_spinner=False)
def _measurement_thread() -> ThreadPoolExecutor:
    """Hold the one thread: what is measured must not be disturbed by what else is."""
    return ThreadPoolExecutor(1, "behind")


@st.cache_resource(show_spinner=False)
def waiting_line() -> WaitingLine:
    """Hold what that thread has to do, in turn."""
    return WaitingLine()


def measurement_jobs(most: int = MOST, outlasts: Outlasts = "results") -> BackgroundJobs[Any]:
    """Make a table of work for that thread, see `BackgroundJobs`; every guess of how long one waits counts it."""
    return BackgroundJobs(_measurement_thread().submit, most, outlasts, waiting_line())


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
    split, begun = split_for(of, network), perf_counter()
    found = dataset_predictions.predict_dataset(network, split, came, stopped)
    pace.note_pace(network.name, perf_counter() - begun, len(split.labels))
    return found


@lru_cache(maxsize=3)
def cached_split(name: str) -> Split:
    """Read a set of pictures once for all sessions, 4 to 31 MB each; nobody changes it. From any thread.

    Raises: UnknownName, MissingData.
    """
    return evaluation_sets.find_picture_set(name).read()


@st.cache_resource(max_entries=64, show_spinner=False)
def measured_cost(name: str, _folder: Path) -> Future[NetworkProfile]:
    """Measure once for all sessions what an answer of a network costs; the result raises ProfilingFailed."""
    return _measurement_thread().submit(profiler.profile_network, name, _folder)
