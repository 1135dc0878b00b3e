"""The child process, with a shipped network."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from cnn.explain.client import Client, NoEvidence
from cnn.explain.jobs import Job

IMAGE = np.random.default_rng(5).random((28, 28, 1), np.float32)
JOB = Job("mnist/lenet", IMAGE, 3)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    made = Client()
    yield made
    made.close()


def test_it_answers_as_grad_cam_in_this_process(client: Client) -> None:
    from cnn.explain import cam, twins

    expected = cam.grad_cam(twins.load(JOB.network, IMAGE.shape))(IMAGE, JOB.label)
    np.testing.assert_allclose(client.submit(JOB).result().values, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (replace(JOB, network="mnist/nothing"), "No network named"),
        (replace(JOB, image=IMAGE[:20]), "do not fit|takes an input"),
        (replace(JOB, label=10), "labels 0 to 9"),
        (replace(JOB, layer="nowhere"), "No layer named"),
    ],
)
def test_a_bad_job_is_named_and_the_process_lives(client: Client, job: Job, words: str) -> None:
    client.submit(JOB).result()
    before = client.pid
    with pytest.raises(NoEvidence, match=words):
        client.submit(job).result()
    assert client.pid == before
    assert client.submit(JOB).result().values.max() <= 1


def test_two_threads_ask_at_once(client: Client) -> None:
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda label: client.submit(replace(JOB, label=label)).result().values, (1, 2))
    assert not np.array_equal(first, second)


def test_a_killed_process_is_replaced(client: Client) -> None:
    client.submit(JOB).result()
    before = client.pid
    assert before
    os.kill(before, signal.SIGKILL)
    try:
        client.submit(JOB).result()
    except NoEvidence:  # it was still dying when it was asked
        client.submit(JOB).result()
    assert client.pid not in (None, before)


def test_a_job_past_the_patience_ends_its_process() -> None:
    silent = Client((sys.executable, "-c", "import sys; sys.stdin.read()"), patience=0.2)
    with pytest.raises(NoEvidence, match="ended"):
        silent.submit(JOB).result()
    assert silent.pid is None
    silent.close()
