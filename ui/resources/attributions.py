"""The one process that computes evidence, and what it found so far, for all sessions."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from typing import Any, Final, TypeVar

import streamlit as st

from cnn.array_types import Array
from cnn.attribution.methods import DEFAULT_METHOD
from cnn.attribution.results import (
    AdversarialNudge,
    AttributionMap,
    FaithfulnessCurves,
    FeatureVisualization,
    RandomizationResult,
)
from cnn.backpropagation.results import StepQuestion, TrainingStep
from cnn.worker.client import WorkerClient
from cnn.worker.protocol import (
    AttributionRequest,
    FaithfulnessRequest,
    NudgeRequest,
    RandomizationRequest,
    Request,
    TrainingStepRequest,
    VisualizationRequest,
)
from ui.resources import visits
from ui.resources.visitor_cache import visitor_futures

Image = Array
T = TypeVar("T")

MOST_MAPS: Final = 512  # a few kB each, of fine methods 200
MOST_TESTS: Final = 128  # curves of 1 kB, maps of shuffled networks of up to 1.4 MB
PATIENT_S: Final = 0.3  # a map is there in 50 ms once the process is warm: then nothing is shown without it


@st.cache_resource(show_spinner=False)
def worker_client() -> WorkerClient:
    """Hold the process; it starts with the first job."""
    return WorkerClient()


def _ask(request: Request[T]) -> Future[T]:
    """Ask for this session's person: people take turns, however much one of them asks."""
    return worker_client().submit(request, asker=visits.current_person())


@visitor_futures(MOST_MAPS)
def attribution_future(
    network: str, key: str, label: int, _image: Image, _folder: Path, method: str = DEFAULT_METHOD
) -> Future[AttributionMap]:
    """Ask once for all sessions where `network` sees `label` in the input `key`; nobody changes the answer."""
    return _ask(AttributionRequest(network, _image, label, folder=_folder, method=method))


@visitor_futures(MOST_MAPS)
def faithfulness_future(
    network: str, key: str, label: int, method: str, _image: Image, _heat: Image, _folder: Path
) -> Future[FaithfulnessCurves]:
    """Ask once for all sessions how the answer follows the heat map of a method."""
    return _ask(FaithfulnessRequest(network, _image, label, _heat, _folder))


@visitor_futures(MOST_TESTS)
def randomization_future(
    network: str, key: str, label: int, method: str, _image: Image, _folder: Path
) -> Future[RandomizationResult]:
    """Ask once for all sessions what is left of a heat map when the weights are shuffled."""
    return _ask(RandomizationRequest(network, _image, label, method, _folder))


@visitor_futures(MOST_TESTS)
def visualization_future(
    network: str, layer: str, unit: int, steps: int, seed: int, _folder: Path
) -> Future[FeatureVisualization]:
    """Ask once for all sessions what a unit looks for."""
    return _ask(VisualizationRequest(network, layer, unit, steps, seed, _folder))


@visitor_futures(MOST_TESTS)
def training_step_future(
    network: str, key: str, asked: StepQuestion, _image: Image, _folder: Path
) -> Future[TrainingStep]:
    """Ask once for all sessions what a step of training on the input `key` does; the network itself stays."""
    return _ask(TrainingStepRequest(network, _image, asked, _folder))


@visitor_futures(MOST_TESTS)
def nudge_future(network: str, key: str, _image: Image, _folder: Path) -> Future[AdversarialNudge]:
    """Ask once for all sessions for the smallest change of the input `key` that turns the answer."""
    return _ask(NudgeRequest(network, _image, _folder))


def result_within(future: Future[T], seconds: float) -> T:
    """Wait for an answer where a page can say nothing without it; raises ComputationFailed and TimeoutError."""
    return future.result(seconds)


def wait_for(future: Future[Any]) -> bool:
    """Wait a moment; say whether the answer is there, or why it is not."""
    return wait_for_all([future])


def wait_for_all(futures: Sequence[Future[Any]]) -> bool:
    """Wait a moment for all; say whether each has its answer, or why it has none."""
    end = monotonic() + PATIENT_S
    for future in futures:
        try:
            if not future.cancelled():
                future.exception(max(0.0, end - monotonic()))
        except TimeoutError:
            return False
    return True
