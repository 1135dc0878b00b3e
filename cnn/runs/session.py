"""One run from its first step to its last: frames, checkpoints, commands on the way. Importing loads TensorFlow."""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, Queue
from time import perf_counter
from typing import Final, Literal

import numpy as np

from cnn.atomic_files import write_text
from cnn.datasets.dataset import Split
from cnn.datasets.training_sets import Splits, training_set
from cnn.errors import ConvScopeError
from cnn.export import keras_to_tflite, layer_outputs
from cnn.graph import graph_to_json
from cnn.runs.estimate import speed_name
from cnn.runs.frame_network import GRAPH_FILE, HELD_OUT_FILE
from cnn.runs.frames import HELD_OUT, drop_frames_after, frame_steps, read_frame, write_frame
from cnn.runs.learner import Learner
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunRow, RunTable, State, lock_file
from cnn.zoo.file_lock import hold_file_lock

Command = Literal["play", "pause", "batch", "epoch", "stop"]
Tell = Callable[[dict[str, object]], None]

CHECKPOINT_S: Final = 5.0  # at most lost to a kill, as work; no frame is
MEASURED_S: Final = 0.5  # of steps, or one step where that takes longer
MOST_STEPS: Final = 2**31 - 1  # for as many as a piece takes
PROGRESS_S: Final = 0.2  # between two words about how far it is
EXPLODED: Final = (
    "The loss is not a number any more: the steps were too large and the weights grew without bound. "
    "Start again with a tenth of the learning rate."
)


class TrainingSession:
    """Carries out one run, and obeys."""

    def __init__(self, table: RunTable, row: RunRow, commands: Queue[Command], tell: Tell) -> None:
        """Take a run off the table; `commands` may come at any time, `tell` hears how far it is."""
        self._table, self._row, self._commands, self._tell = table, row, commands, tell
        self._settings = row.settings
        self._frames = frame_steps(row.settings.steps, row.settings.steps_an_epoch, row.settings.batch)
        self._until: float = math.inf  # pause after that step
        self._state: State = "queued"
        self._saved = self._told = 0.0

    def run(self) -> State:
        """Train until the end, or until somebody stops it; return how it stands then."""
        folder = self._row.folder
        folder.mkdir(parents=True, exist_ok=True)
        with hold_file_lock(lock_file(folder), lambda: None):
            try:
                self._note("running")
                return self._train(training_set(self._settings.data).read())
            except ConvScopeError as error:
                self._table.note(self._row.id, why=str(error))
                return self._note("failed")

    def _train(self, splits: Splits) -> State:
        learner = Learner(self._settings, splits["train"], self._start())
        held_out = splits["validation"].first(HELD_OUT)
        self._describe(learner, held_out)
        learner.restore(self._row.folder)
        drop_frames_after(self._row.folder, learner.step)
        if learner.step == 0:
            self._keep(learner, held_out)
        while learner.step < self._settings.steps:
            if not self._goes_on(learner):
                learner.save(self._row.folder)
                return self._note("stopped", learner.step)
            next_frame = self._frames[bisect_right(self._frames, learner.step)]
            loss, right = learner.learn(until=int(min(next_frame, self._until)))
            self._progress(learner, loss, right)
            if not math.isfinite(loss):
                self._table.note(self._row.id, why=EXPLODED)
                self._keep(learner, held_out)
                return self._note("failed", learner.step)
            if learner.step in (next_frame, self._until):
                self._keep(learner, held_out)
        learner.save(self._row.folder)
        self._test(learner, splits["test"])
        return self._note("done", learner.step)

    def _start(self) -> dict[str, np.ndarray] | None:
        """Read the weights that a branch begins from."""
        if not self._row.parent:
            return None
        return dict(read_frame(self._table.get(self._row.parent).folder, self._row.parent_step).weights)

    def _describe(self, learner: Learner, held_out: Split) -> None:
        """Write beside the frames what one needs to look into them without TensorFlow."""
        folder = self._row.folder
        if not (folder / GRAPH_FILE).exists():
            np.savez_compressed(folder / HELD_OUT_FILE, images=held_out.images, labels=held_out.labels)
            graph = layer_outputs.describe_graph(learner.model, keras_to_tflite.pack_weights(learner.model))
            write_text(folder / GRAPH_FILE, graph_to_json(graph, ""))

    def _goes_on(self, learner: Learner) -> bool:
        """Hear what was ordered, and wait while paused; False where it shall stop."""
        if learner.step >= self._until and self._state == "running":
            self._pause(learner)
        while True:
            try:
                command = self._commands.get(block=self._state == "paused")
            except Empty:
                return True
            if command == "stop":
                return False
            if command == "pause" and self._state == "paused":
                continue
            an_epoch = self._settings.steps_an_epoch
            # A pause comes after one more batch: so there is a frame of the moment at which it pauses.
            ahead = {"play": math.inf, "pause": 1, "batch": 1, "epoch": an_epoch - learner.step % an_epoch}[command]
            self._until = learner.step + ahead
            self._note("running", learner.step)
            return True

    def _pause(self, learner: Learner) -> None:
        learner.save(self._row.folder)
        self._note("paused", learner.step)

    def _keep(self, learner: Learner, held_out: Split) -> None:
        """Keep a frame, and now and then a checkpoint."""
        write_frame(self._row.folder, learner.frame(held_out))
        if perf_counter() - self._saved > CHECKPOINT_S:
            learner.save(self._row.folder)
            self._saved = perf_counter()
            self._table.note(self._row.id, step=learner.step)
        self._tell({"what": "frame", "step": learner.step})

    def _test(self, learner: Learner, test: Split) -> None:
        """Measure on pictures that no choice was made with, and remember how fast it went."""
        logits, _, _ = learner.look(test)
        right = int((logits.argmax(1) == test.labels).sum())
        self._table.note(self._row.id, test=f"{right}/{len(test.labels)}")
        remember_speed(self._table, self._settings, learner.step * self._settings.batch / max(learner.seconds, 1e-9))

    def _progress(self, learner: Learner, loss: float, right: float) -> None:
        now = perf_counter()
        if now - self._told >= PROGRESS_S or learner.step == self._settings.steps:
            self._told = now
            figures = {"step": learner.step, "seconds": learner.seconds}
            self._tell({"what": "progress", "loss": loss, "right": right, **figures})

    def _note(self, state: State, step: int | None = None) -> State:
        self._state = state
        self._table.note(self._row.id, state=state, **({} if step is None else {"step": step}))
        self._tell({"what": "state", "state": state})
        return state


def most_memory() -> float:
    """Say how many megabytes this process has taken at most; 0 where the platform does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def remember_speed(table: RunTable, settings: RunSettings, pictures_per_second: float) -> None:
    """Note how fast this machine trains with such settings, and the most memory that this process took."""
    table.note_speed(speed_name(settings), pictures_per_second, most_memory())


def measure_speed(table: RunTable, settings: RunSettings) -> None:
    """Train a few steps on noise, and note how fast that went; 1 to 4 seconds."""
    data, count = training_set(settings.data), settings.batch
    rng = np.random.default_rng(0)
    noise = Split(rng.integers(0, 256, (count, *data.shape), np.uint8), rng.integers(0, len(data.classes), count))
    learner = Learner(replace(settings, pictures=count), noise)
    for _ in range(2):  # it compiles, and learns how many steps to do at once
        learner.learn(MOST_STEPS)
    started, first = perf_counter(), learner.step
    while perf_counter() - started < MEASURED_S:
        learner.learn(MOST_STEPS)
    remember_speed(table, settings, (learner.step - first) * count / (perf_counter() - started))
