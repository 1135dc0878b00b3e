"""Training against plain Keras and PyTorch, what recording it costs, its time machine, and who works beside it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import numpy as np

from bench.browser import chromium
from bench.figure import Missing, Sample, need
from bench.hand import ECHO, QUIET_MS, SCREEN, WATCH, hand, settled
from bench.mouse_up import seven
from bench.server import APP, served
from bench.server import ECHO as ECHO_APP
from bench.training_side import BATCH, WANTED, WINDOWS, train_apart, train_in_torch
from cnn.home import HOME_VARIABLE
from cnn.paths import ROOT
from cnn.worker.client import WorkerClient
from cnn.worker.protocol import AttributionRequest

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRAINED: Final = ("lenet", "vgg", "resnet")
TORCH_PYTHON: Final = "CONVSCOPE_TORCH"  # environment variable: PyTorch is in no requirements, it is large
HOW: Final = f"28x28 digits, {BATCH} a step, median of {WINDOWS} windows of a second, a process each"
SHIPPED_RUN: Final = "shipped-lenet"
PLOTS: Final = "[data-testid=stMainBlockContainer]"
MOVES: Final = 20
PEOPLE, EVERY_S, CROWD_S = 10, 1.0, 30.0
PATIENCE_MS: Final = 120_000


def against_keras(_: Path) -> Iterator[Sample]:
    """Train the same networks as a run does and by a plain `fit`, everything as Keras and TensorFlow come."""
    for name in TRAINED:
        ours, theirs = train_apart("ours", name)["value"], train_apart("keras", name)["value"]
        yield Sample(ours, theirs, HOW, name)


def against_torch(_: Path) -> Iterator[Sample]:
    """Train them as a run does and in PyTorch, eagerly, as it comes."""
    python = os.environ.get(TORCH_PYTHON) or (sys.executable if find_spec("torch") else None)
    if python is None:
        raise Missing(f"PyTorch is not installed. Name a Python that has it: {TORCH_PYTHON}=/path/to/python")
    for name in TRAINED:
        ours, theirs = train_apart("ours", name)["value"], train_in_torch(python, name)
        detail = f"{HOW}, float32, PyTorch on {theirs['threads']} threads, in the faster of its two layouts"
        yield Sample(ours, theirs["value"], detail, name)


def recording(_: Path) -> Iterator[Sample]:
    """Carry out a run of the Train page's settings, and count what its frames took."""
    for name in ("lenet", "resnet"):
        found = train_apart("recording", name)
        yield Sample(found["value"], found["without"], f"{found['frames']} frames, processor time", name)


def until_wanted(_: Path) -> Iterator[Sample]:
    """Train on the 5,000 digits until the held-out ones are read well enough, TensorFlow being loaded."""
    ours, theirs = train_apart("ours-until"), train_apart("keras-until")
    detail = (
        f"to {WANTED:.0%} of 500 held-out digits: the builder's first stack in {ours['epochs']:.2g} epochs, "
        f"against Keras' own example in {theirs['epochs']}"
    )
    yield Sample(ours["value"], theirs["value"], detail)


def slider(_: Path) -> Iterator[Sample]:
    """Move the time machine of a shipped run by a key until the page stands still, against a drawing's echo."""
    need(["playwright"])
    with TemporaryDirectory() as home, chromium() as browser, _home(home), served(APP) as app, served(ECHO_APP) as echo:
        page = browser.new_page(viewport=SCREEN)
        page.goto(f"{app.url}/train?run={SHIPPED_RUN}", timeout=PATIENCE_MS)
        page.get_by_role("slider", name="The time machine").wait_for(timeout=PATIENCE_MS)
        theirs = hand(browser, echo.url, ECHO)
        page.locator(PLOTS).first.evaluate(WATCH)
        page.wait_for_timeout(QUIET_MS)
        _moved(page, "ArrowLeft")
        seven(theirs)  # the first time is not measured
        pairs = [(_moved(page, "ArrowLeft" if at % 4 < 2 else "ArrowRight"), seven(theirs)) for at in range(MOVES)]
    mine, echoes = zip(*pairs, strict=True)
    yield Sample(median(mine), median(echoes), f"median of {MOVES} in turns, LeNet's shipped run")


def _moved(page: Page, key: str) -> float:
    """Press a key on the slider; return ms to the last change of the page."""
    page.bring_to_front()
    page.get_by_role("slider", name="The time machine").focus()
    page.evaluate("() => { window.convscopeWatch.up = performance.now(); window.convscopeWatch.seen = 0; }")
    page.keyboard.press(key)
    return settled(page, QUIET_MS, "the slider")


def neighbours(_: Path) -> Iterator[Sample]:
    """Let ten people draw at the websocket, with a training beside them and without."""
    yield _beside("a training of VGG", _training)


def busy_neighbours(_: Path) -> Iterator[Sample]:
    """The same with a training and somebody who asks for one heat map after the other."""
    yield _beside("a training of VGG and one heat map of ResNet-20 after the other", _training, _evidence)


def _beside(what: str, *work: Callable[[], AbstractContextManager[None]]) -> Sample:
    with TemporaryDirectory() as home, _home(home), served(APP) as app:
        alone = _latency(app.url)
        with ExitStack() as going:
            for begin in work:
                going.enter_context(begin())
            beside = _latency(app.url)
    detail = f"{PEOPLE} people, an answer every {EVERY_S:g} s each, {CROWD_S:g} s, median; beside {what}"
    return Sample(beside, alone, detail)


def _latency(url: str) -> float:
    # not by `import`: the types of Streamlit's messages are not those that mypy takes
    crowd = asyncio.run(import_module("bench.crowd").draw_together(url, PEOPLE, EVERY_S, CROWD_S))
    if crowd.lost or not crowd.took:
        raise Missing(f"{crowd.lost} of {PEOPLE} people got no answer.")
    return float(median(crowd.took)) * 1000


@contextmanager
def _training() -> Iterator[None]:
    """Train VGG as the page would, in a process as polite as its own."""
    code = (
        "import os; from cnn.runs.__main__ import NICENESS; os.nice(NICENESS);"
        "from cnn.runs.learner import Learner; from cnn.runs.settings import RunSettings;"
        "from cnn.datasets.training_sets import training_set;"
        "l = Learner(RunSettings('vgg', epochs=100), training_set('digits').read()['train']);"
        "l.learn(1); print('learns', flush=True)\nwhile True: l.learn(2**31 - 1)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        if "learns" not in process.stdout.readline():
            raise Missing("The training beside did not begin.")
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def _evidence() -> Iterator[None]:
    """Ask for one heat map after the other, in a process like the one behind the pages."""
    client, image = WorkerClient(), np.random.default_rng(0).random((28, 28, 1), np.float32)
    request = AttributionRequest("mnist/resnet", image, 7, method="smoothgrad")
    client.submit(request).result(PATIENCE_MS / 1000)
    going, stop = Thread(target=lambda: _ask_until(stop, client, request)), Event()
    going.start()
    try:
        yield
    finally:
        stop.set()
        going.join()
        client.close()


def _ask_until(stop: Event, client: WorkerClient, request: AttributionRequest) -> None:
    while not stop.is_set():
        client.submit(request).result(PATIENCE_MS / 1000)


@contextmanager
def _home(folder: str) -> Iterator[None]:
    """Keep what the servers write apart from a person's own."""
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = folder
    try:
        yield
    finally:
        os.environ.pop(HOME_VARIABLE)
        if before is not None:
            os.environ[HOME_VARIABLE] = before
