"""The child process: what it answers, what it survives, and when it ends."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from random import Random
from threading import Thread
from typing import Any

import numpy as np
import pytest

from cnn.attribution.results import AttributionMap
from cnn.progress import Progress
from cnn.worker.client import ROOT, WORKER_COMMAND, ComputationFailed, WorkerClient, WorkerFuture
from cnn.worker.protocol import READY_SIGNAL, AttributionRequest, receive_message, send_message

IMAGE = np.random.default_rng(5).random((28, 28, 1), np.float32)
JOB = AttributionRequest("mnist/lenet", IMAGE, 3)
LAYER = "c3"  # the last maps of LeNet
OBEDIENT = """
import sys
from cnn.worker.protocol import READY_SIGNAL, AttributionMap, CancelMessage, ReplyMessage, receive_message, send_message
from cnn.progress import Progress
send_message(sys.stdout.buffer, READY_SIGNAL)
while message := receive_message(sys.stdin.buffer):
    if isinstance(message, CancelMessage):
        send_message(sys.stdout.buffer, ReplyMessage(message.number + 1, "stopped"))
        continue
    job = message.request
    for share in {"long": [0.5], "endless": [0.1]}.get(job.method, []):
        send_message(sys.stdout.buffer, ReplyMessage(message.number, Progress(share)))
    if job.method != "endless":
        send_message(sys.stdout.buffer, ReplyMessage(message.number, AttributionMap(job.image[..., 0], 1.0)))
"""  # answers with what it was shown, without TensorFlow; endless ones stay at a tenth


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What happens in the child when it reads a job that holds this."""

    call: Callable[..., Any]
    argument: object

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object]]:
        return self.call, (self.argument,)


class Progressing:
    """Collects what a long question tells."""

    def __init__(self) -> None:
        self.told: SimpleQueue[Progress] = SimpleQueue()

    def __call__(self, progress: Progress) -> None:
        self.told.put(progress)

    def first(self) -> Progress:
        return self.told.get(timeout=120)


def layer(found: Unpacked) -> Any:
    """Stand for a layer's name: the child makes it while it reads the job."""
    return found


@pytest.fixture(scope="module")
def client() -> Iterator[WorkerClient]:
    made = WorkerClient()
    yield made
    made.close()


@pytest.fixture
def obedient() -> Iterator[WorkerClient]:
    made = WorkerClient((sys.executable, "-c", OBEDIENT))
    yield made
    made.close()


@pytest.mark.parametrize("label", [0, 3])
def test_it_answers_as_grad_cam_in_this_process(client: WorkerClient, label: int) -> None:
    from cnn.attribution import class_activation
    from cnn.attribution.gradient_model import GradientModel
    from cnn.export import keras_twin

    expected = class_activation.grad_cam(
        GradientModel(keras_twin.build_keras_twin(JOB.network, IMAGE.shape)), IMAGE, label
    )
    found = client.submit(replace(JOB, label=label)).result()
    np.testing.assert_allclose(found.values, expected, atol=1e-4)
    assert found.milliseconds > 0
    assert client.ready


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (replace(JOB, network="mnist/nothing"), "No network named 'mnist/nothing'. Choose one of: .*mnist/lenet"),
        (replace(JOB, network="../secrets"), "No network named"),
        (replace(JOB, image=IMAGE[:20]), r"do not fit an input|takes an input of \(28, 28, 1\)"),
        (replace(JOB, image=IMAGE[..., 0]), r"input"),
        (replace(JOB, label=10), "has the labels 0 to 9, not 10"),
        (replace(JOB, layer="nowhere"), "No layer named 'nowhere'"),
        (replace(JOB, layer="logits"), "could not be computed|no maps"),
    ],
)
def test_a_bad_job_is_told_in_a_sentence_and_the_process_lives(
    client: WorkerClient, job: AttributionRequest, words: str
) -> None:
    client.submit(JOB).result()
    before = client.pid
    with pytest.raises(ComputationFailed, match=words) as told:
        client.submit(job).result()
    assert str(told.value).endswith(".")
    assert client.submit(JOB).result().values.max() == 1
    assert client.pid == before


def test_threads_that_ask_at_once_get_each_its_own_answer(client: WorkerClient) -> None:
    labels = [1, 2, 3, 4] * 3
    alone = {label: client.submit(replace(JOB, label=label)).result().values for label in set(labels)}
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda label: client.submit(replace(JOB, label=label)).result().values, labels)
    for label, answer in zip(labels, answers, strict=True):
        np.testing.assert_array_equal(answer, alone[label])
    assert not np.array_equal(alone[1], alone[2])


def test_a_queued_job_can_be_cancelled(client: WorkerClient, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    busy = client.submit(replace(JOB, layer=layer(Unpacked(Path.read_text, gate))))  # read once somebody writes
    queued = client.submit(JOB)
    last = client.submit(JOB)
    assert queued.cancel()
    gate.write_text(LAYER)
    np.testing.assert_allclose(
        busy.result().values, last.result().values, atol=1e-5
    )  # a named layer takes the other engine
    assert queued.cancelled()


def test_what_is_under_way_can_be_cancelled_and_the_process_lives(client: WorkerClient) -> None:
    client.submit(JOB).result()
    before, told = client.pid, Progressing()
    long = client.submit(replace(JOB, method="smoothgrad"), told)
    assert told.first().share < 1
    assert long.cancel()
    assert client.submit(JOB).result().values.max() == 1
    assert client.pid == before
    assert long.cancelled()


def test_a_quick_question_is_answered_while_a_long_one_goes_on(client: WorkerClient) -> None:
    long = client.submit(replace(JOB, method="integrated-gradients"))
    quick = client.submit(JOB)
    quick.result()
    assert not long.done()
    assert long.result().values.shape == (28, 28)


def test_progress_is_told(obedient: WorkerClient) -> None:
    told = Progressing()
    long = obedient.submit(replace(JOB, method="long"), told)
    assert told.first().share == 0.5
    long.result()
    assert long.progress
    assert long.progress.share == 0.5


def test_cancelling_stops_the_work_in_the_process(obedient: WorkerClient) -> None:
    told = Progressing()
    endless = obedient.submit(replace(JOB, method="endless"), told)
    after = obedient.submit(replace(JOB, method="endless"))
    told.first()
    endless.cancel()
    assert str(after.result()) == "stopped"


def test_a_process_that_is_killed_between_jobs_is_replaced(client: WorkerClient) -> None:
    expected = client.submit(JOB).result().values
    before = client.pid
    assert before
    os.kill(before, signal.SIGKILL)
    with suppress(ChildProcessError):  # the client has seen its end already
        os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert client.pid is None
    np.testing.assert_allclose(client.submit(JOB).result().values, expected, atol=1e-6)
    assert client.pid not in (None, before)


def test_a_process_that_dies_of_a_job_fails_that_job_alone(obedient: WorkerClient) -> None:
    obedient.submit(JOB).result()
    before = obedient.pid
    deadly = obedient.submit(replace(JOB, layer=layer(Unpacked(signal.raise_signal, signal.SIGKILL))))
    after = obedient.submit(JOB)
    with pytest.raises(ComputationFailed, match="Ask again"):
        deadly.result()
    np.testing.assert_array_equal(after.result().values, IMAGE[..., 0])
    assert obedient.pid not in (None, before)


def test_it_ends_when_nobody_can_ask_any_more_and_prints_nothing_but_answers() -> None:
    done = subprocess.run(
        WORKER_COMMAND, input=b"", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, check=True
    )
    printed = io.BytesIO(done.stdout)
    assert receive_message(printed) == READY_SIGNAL
    assert printed.read() == b""


def test_a_silent_process_is_given_up() -> None:
    silent = WorkerClient((sys.executable, "-c", "import time; time.sleep(3600)"), patience=0.2)
    with pytest.raises(ComputationFailed, match="ended"):
        silent.submit(JOB).result()
    assert silent.pid is None
    assert not silent.ready
    silent.close()


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_a_process_that_is_killed_at_random_is_replaced_each_time(obedient: WorkerClient, kills: int) -> None:
    """Before it is ready, while it answers, while it rests: one asker is told, the others have their answers."""
    random, failed = Random(kills), 0
    for kill in range(kills):
        told, asked = SimpleQueue[object](), random.choice(("long", "endless"))
        answer = obedient.submit(replace(JOB, method=asked), told.put)
        behind = [obedient.submit(JOB) for _ in range(2)]
        answer.add_done_callback(told.put)  # asked of a process that is dying, it may end without a word
        for _word in range(random.choice((0, 1) if asked == "endless" else (0, 1, 2))):
            if told.get(timeout=60) is answer:
                break
        if pid := obedient.pid:
            os.kill(pid, signal.SIGKILL)
        waited = [*behind, answer] if asked == "long" or answer.done() else behind  # the endless one is asked anew
        ends = [one.exception(60) for one in waited]
        failed += sum(end is not None for end in ends)
        assert failed <= kill + 1  # the death of the last one may only be noticed now
        assert all(end is None or isinstance(end, ComputationFailed) for end in ends)
        answer.cancel()
    np.testing.assert_array_equal(obedient.submit(JOB).result(60).values, IMAGE[..., 0])


def test_a_process_that_is_stopped_holds_nobody_up(obedient: WorkerClient) -> None:
    """Not dead, but reading nothing: a question that is larger than the pipe must keep no lock."""
    obedient.submit(JOB).result()
    before = obedient.pid
    assert before
    os.kill(before, signal.SIGSTOP)
    os.waitid(os.P_PID, before, os.WSTOPPED | os.WNOWAIT)
    large = replace(JOB, image=np.zeros((400, 400, 1), np.float32))  # 640 kB, where a pipe holds 64
    answers: SimpleQueue[WorkerFuture[AttributionMap]] = SimpleQueue()

    def ask() -> None:
        for _ in range(2):
            answers.put(obedient.submit(large))

    Thread(target=ask, daemon=True).start()  # a deadlock must fail this test, not hang it
    first, second = answers.get(timeout=60), answers.get(timeout=60)
    assert obedient.pid == before  # asks for the lock, as the watcher does that gives silent processes up
    obedient.close()
    with pytest.raises(ComputationFailed, match="Ask again"):
        first.result(60)
    assert second.cancelled()


def test_a_process_that_ends_at_once_is_no_evidence() -> None:
    gone = WorkerClient((sys.executable, "-c", ""))
    for _ in range(2):
        with pytest.raises(ComputationFailed, match="ended"):
            gone.submit(JOB).result()
    gone.close()


def test_nothing_starts_before_the_first_job(obedient: WorkerClient) -> None:
    assert obedient.pid is None
    assert not obedient.ready
    np.testing.assert_array_equal(obedient.submit(JOB).result().values, IMAGE[..., 0])
    assert obedient.pid
    assert obedient.ready


def test_closing_ends_the_process(obedient: WorkerClient) -> None:
    obedient.submit(JOB).result()
    pid = obedient.pid
    assert pid
    obedient.close()
    assert obedient.pid is None
    assert not obedient.ready
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    obedient.close()


def test_closing_ends_a_job_that_hangs(obedient: WorkerClient, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    obedient.submit(JOB).result()
    hanging = obedient.submit(replace(JOB, layer=layer(Unpacked(Path.read_text, gate))))
    queued = obedient.submit(JOB)
    with gate.open("w"):  # opens once the child reads: the job has begun
        obedient.close()
    assert queued.cancelled()
    with pytest.raises(ComputationFailed):
        hanging.result()
    assert obedient.pid is None


def test_a_message_comes_back_and_half_of_one_is_none() -> None:
    pipe = io.BytesIO()
    send_message(pipe, AttributionMap(IMAGE[..., 0], 2.5))
    send_message(pipe, READY_SIGNAL)
    whole = pipe.getvalue()
    entry = io.BytesIO(whole)
    heat = receive_message(entry)
    np.testing.assert_array_equal(heat.values, IMAGE[..., 0])
    assert (heat.milliseconds, receive_message(entry), receive_message(entry)) == (2.5, READY_SIGNAL, None)
    for length in (0, 3, 8, 100):
        assert receive_message(io.BytesIO(whole[:length])) is None


def test_the_servers_end_loads_no_tensorflow() -> None:
    code = "import sys, cnn.worker.client, cnn.metrics.localization, ui.ask.photo_attribution; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"cnn.worker.client", "ui.ask.photo_attribution"} <= loaded
    assert not {"tensorflow", "keras"} & loaded
