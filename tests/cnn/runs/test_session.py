"""A run from its first step to its last: stopped, killed and resumed it ends with the same weights, to the bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from queue import Queue
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cnn import architectures
from cnn.architectures.built import stack_name
from cnn.array_types import Array
from cnn.graph import read_graph
from cnn.paths import ROOT
from cnn.runs import frames
from cnn.runs.settings import OptimizerName, RunSettings
from cnn.runs.table import RunRow, RunTable, State

if TYPE_CHECKING:
    import keras

STEPS = 12
Message = dict[str, Any]


class Killed(BaseException):
    """Stands for a kill."""


def build(shape: tuple[int, int, int], classes: int) -> keras.Model:
    """Make a network with all that a checkpoint must bring back: moments, moving averages, dropout's seed."""
    import keras
    from keras import layers

    image = keras.Input(shape, name="image")
    x = layers.Conv2D(4, 3, strides=4, name="conv")(image)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.5, name="dropout")(layers.Flatten(name="flatten")(layers.ReLU(name="relu")(x)))
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="small")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> RunSettings:
    small = architectures.Architecture("Small", 2026, "none", "Trains in a second.", 4, 4, build)
    for table in (architectures.ARCHITECTURES, architectures._ALL):
        monkeypatch.setitem(table, "small", small)  # type: ignore[arg-type]
    return RunSettings("small", epochs=2, batch=8, optimizer="adam", rate=0.01, augmentation="shift", pictures=48)


def begun(settings: RunSettings, **parent: Any) -> RunRow:
    return RunTable().add(settings, "", "me", **parent)


def carried_out(
    row: RunRow, commands: tuple[str, ...] = (), hear: Callable[[Message, Queue[Any]], None] = lambda *_: None
) -> State:
    from cnn.runs.session import TrainingSession

    queue: Queue[Any] = Queue()
    for command in commands:
        queue.put(command)
    return TrainingSession(RunTable(), row, queue, lambda message: hear(message, queue)).run()


def weights(row: RunRow, step: int = STEPS) -> dict[str, Array]:
    return dict(frames.read_frame(row.folder, step).weights)


def assert_same(one: dict[str, Array], other: dict[str, Array]) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert np.array_equal(array, other[name]), name


@pytest.fixture
def whole(settings: RunSettings) -> RunRow:
    row = begun(settings)
    assert carried_out(row) == "done"
    return RunTable().get(row.id)


def kill_at(step: int) -> Callable[[Message, Queue[Any]], None]:
    def hear(message: Message, _: Queue[Any]) -> None:
        if message["what"] == "frame" and message["step"] >= step:
            raise Killed

    return hear


def test_a_run_keeps_frames_and_is_tested(whole: RunRow, settings: RunSettings) -> None:
    assert frames.steps_with_frames(whole.folder) == frames.frame_steps(STEPS, 6, 8)
    assert whole.state == "done"
    assert whole.step == STEPS
    assert whole.test is not None
    assert whole.test[1] == 500
    last = frames.read_figures(whole.folder, STEPS)
    assert last.epoch == settings.epochs
    assert [layer.layer for layer in last.layers] == ["conv", "logits"]
    conv, logits = last.layers
    assert conv.gradient > 0 < conv.ratio < 1
    assert conv.dead is not None
    assert logits.dead is None
    graph, _ = read_graph(whole.folder / "graph.json")
    assert graph.names == ("image", "conv", "norm", "relu", "flatten", "dropout", "logits")


def test_killed_and_resumed_it_ends_with_the_same_weights(whole: RunRow, settings: RunSettings) -> None:
    row = begun(settings)
    with pytest.raises(Killed):
        carried_out(row, hear=kill_at(3))
    assert RunTable().get(row.id).state == "killed"
    with pytest.raises(Killed):
        carried_out(row, hear=kill_at(9))
    assert carried_out(row) == "done"
    assert_same(weights(row), weights(whole))
    mine, its = (frames.history(one.folder) for one in (row, whole))
    assert [replace(one, seconds=0) for one in mine] == [replace(one, seconds=0) for one in its]


def test_stopped_between_frames_and_resumed_it_ends_with_the_same_weights(whole: RunRow, settings: RunSettings) -> None:
    row = begun(settings)

    def stop_at_7(message: Message, queue: Queue[Any]) -> None:
        if message["what"] == "state" and message["state"] == "paused":
            queue.put("batch" if len(frames.steps_with_frames(row.folder)) < 8 else "stop")

    assert carried_out(row, ("pause",), stop_at_7) == "stopped"
    assert RunTable().get(row.id).step == 7
    assert carried_out(row) == "done"
    assert_same(weights(row), weights(whole))


def test_a_pause_keeps_the_moment_at_which_it_comes(settings: RunSettings) -> None:
    row = begun(settings)

    def hear(message: Message, queue: Queue[Any]) -> None:
        if message == {"what": "frame", "step": 4}:
            queue.put("pause")
        if message == {"what": "state", "state": "paused"}:
            queue.put("stop")

    assert 5 not in frames.frame_steps(STEPS, 6, 8)
    assert carried_out(row, hear=hear) == "stopped"
    kept = frames.read_figures(row.folder, 5)
    assert RunTable().get(row.id).step == 5
    assert all(np.isfinite(layer.ratio) for layer in kept.layers)


def test_one_epoch_then_it_waits(settings: RunSettings) -> None:
    row, seen = begun(settings), []

    def hear(message: Message, queue: Queue[Any]) -> None:
        if message["what"] == "state":
            seen.append((message["state"], RunTable().get(row.id).step))
            if message["state"] == "paused":
                queue.put("stop")

    assert carried_out(row, ("epoch",), hear) == "stopped"
    assert ("paused", 6) in seen


def test_a_branch_begins_with_the_weights_of_its_frame(whole: RunRow, settings: RunSettings) -> None:
    row = begun(replace(settings, rate=0.001, seed=2), parent=whole.id, parent_step=4)
    assert carried_out(row, ("pause",), lambda message, queue: queue.put("stop")) == "stopped"
    assert_same(weights(row, 0), weights(whole, 4))


def test_a_network_that_explodes_says_why(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn.runs.learner import Learner

    row = begun(settings)
    monkeypatch.setattr(Learner, "learn", lambda self, until: (float("nan"), 0.1))
    assert carried_out(row) == "failed"
    assert "tenth of the learning rate" in RunTable().get(row.id).why


def test_steps_done_in_one_call_end_where_the_loss_is_no_number(settings: RunSettings) -> None:
    from cnn.datasets.training_sets import training_set
    from cnn.runs.learner import Learner

    learner = Learner(settings, training_set("digits").read()["train"])
    learner._pace = 0.01  # s: so all steps fit into one call
    learner.learn(until=4)
    assert learner.step == 3  # the one before a frame is done alone
    learner.model.trainable_variables[0].assign(np.full((3, 3, 1, 4), np.nan))
    learner._pace = 0.01
    loss, _ = learner.learn(until=12)
    assert np.isnan(loss)
    assert learner.step == 4


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_one_operation_changes_a_variable_as_keras_does(name: OptimizerName) -> None:
    import keras

    from cnn.runs.optimizers import make_optimizer

    rng, begin = np.random.default_rng(0), np.array([[0.5, -2.0], [1e-3, 30.0]], np.float32)
    gradients = rng.standard_normal((5, 2, 2)).astype(np.float32)
    found = []
    for plain in (False, True):
        optimizer = make_optimizer(RunSettings(optimizer=name, rate=0.1, schedule="constant"), plain)
        variable = keras.Variable(begin)
        optimizer.build([variable])
        for gradient in gradients:
            optimizer.apply_gradients([(keras.ops.convert_to_tensor(gradient), variable)])
        found.append([np.asarray(one) for one in (variable, *optimizer.variables)])
    for mine, its in zip(*found, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-5, atol=1e-6)


def test_a_damaged_checkpoint_fails_with_a_sentence(settings: RunSettings) -> None:
    row = begun(settings)
    with pytest.raises(Killed):
        carried_out(row, hear=kill_at(3))
    path = row.folder / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:200])
    assert carried_out(row) == "failed"
    assert "branch from a frame" in RunTable().get(row.id).why


def test_measuring_a_speed_fills_the_estimate(settings: RunSettings) -> None:
    from cnn.runs.estimate import estimate
    from cnn.runs.session import measure_speed

    table = RunTable()
    assert estimate(replace(settings, architecture="lenet"), table).seconds is None
    measure_speed(table, replace(settings, architecture="lenet"))
    found = estimate(replace(settings, architecture="lenet"), table)
    assert found.seconds is not None
    assert found.seconds > 0
    assert found.megabytes is not None


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be forked here")
def test_twenty_kills_of_the_process_lose_nothing() -> None:
    """Kill -9 after any number of lines; each time the list, the frames and the checkpoint are whole."""
    stack = stack_name(("conv8x3", "norm", "max2", "dense32", "drop25"))
    settings = RunSettings(stack, epochs=8, optimizer="adam", rate=0.003, augmentation="shift", pictures=640)
    expected, row = begun(settings), begun(settings)
    command = [sys.executable, "-m", "tests.cnn.runs.forked_runs"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as mother:
        assert mother.stdin
        assert mother.stdout

        def carry_out(run: str, lines: int | None) -> int:
            """Train until that many lines were told, then kill; give how many were."""
            print(run, file=mother.stdin, flush=True)
            process, told = int(mother.stdout.readline()), 0  # type: ignore[union-attr]
            for line in iter(mother.stdout.readline, "over\n"):  # type: ignore[union-attr]
                told += bool(line)
                if told == lines:
                    os.kill(process, signal.SIGKILL)
            return told

        carry_out(expected.id, None)
        rng, killed = np.random.default_rng(0), 0
        while killed < 20:
            carry_out(row.id, int(rng.integers(1, 5)))
            found = RunTable().get(row.id)
            assert found.state == "killed", "it must not be done before it was killed twenty times"
            killed += 1
            steps = [one.step for one in frames.history(row.folder)]  # raises where one is not whole
            assert steps == sorted({*steps, 0})
            if (row.folder / "checkpoint.npz").exists():
                state = json.loads(str(frames.read_arrays(row.folder / "checkpoint.npz")["state"]))
                assert state["step"] in steps, "the frame of a checkpoint is there"
        carry_out(row.id, None)
    assert RunTable().get(row.id).state == "done"
    assert_same(weights(row, settings.steps), weights(expected, settings.steps))
    mine, its = (frames.history(one.folder) for one in (row, expected))
    assert [replace(one, seconds=0) for one in mine] == [replace(one, seconds=0) for one in its]
