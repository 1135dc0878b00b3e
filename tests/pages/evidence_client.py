"""Stands for the process that computes evidence, so that pages are tested without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from cnn.attribution.results import AttributionMap
from cnn.worker.client import ComputationFailed
from cnn.worker.protocol import AttributionRequest
from cnn.zoo import pretrained
from ui.resources import attributions


class Client:
    """Stands for the process that computes evidence: it answers at once."""

    ready = True
    askers = 1

    def __init__(self) -> None:
        self.jobs: list[AttributionRequest] = []
        self.trouble: Exception | None = None

    def submit(self, job: AttributionRequest, asker: int = 0) -> Future[AttributionMap]:
        self.jobs.append(job)
        answer: Future[AttributionMap] = Future()
        if self.trouble or not isinstance(job, AttributionRequest):  # maps alone are made up
            answer.set_exception(self.trouble or ComputationFailed("Not here."))
        else:
            answer.set_result(AttributionMap(np.pad(np.eye(3, dtype=np.float32), (0, 4)), 1.0))
        return answer


@pytest.fixture(autouse=True)
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Client]:
    one = Client()
    attributions.attribution_future.clear()
    monkeypatch.setenv(pretrained.CACHE_VARIABLE, str(tmp_path))  # nothing has been fetched
    monkeypatch.setattr(attributions, "worker_client", lambda: one)
    yield one
    attributions.attribution_future.clear()
