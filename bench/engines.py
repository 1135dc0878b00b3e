"""Our engine against ONNX Runtime with the same weights, and against `model.predict`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench import keras_side
from bench.figure import Missing, Sample, need
from bench.timing import medians
from cnn import zoo
from cnn.architectures import ARCHITECTURES
from cnn.array_types import Array
from cnn.zoo.litert_runner import RUNNER_THREADS

Answer = Callable[[Array], Array]

BATCH = 256  # inputs
ONE_ROUNDS, BATCH_ROUNDS = 200, 15
TOLERANCE = 1e-4  # between logits: two engines that differ more do not run the same network
ONNX_TOOLS = ("onnx", "onnxruntime", "tf2onnx")


def one_answer(folder: Path) -> Iterator[Sample]:
    """Time one input; ONNX Runtime has the better of one thread and THREADS."""
    yield from _against_onnx(folder, _names(folder), 1, (1, RUNNER_THREADS), ONE_ROUNDS)


def batch(folder: Path) -> Iterator[Sample]:
    """Time BATCH inputs of each small network; both have THREADS threads."""
    small = [name for name in _names(folder) if name.partition("/")[2] in ARCHITECTURES]
    yield from _against_onnx(folder, small, BATCH, (RUNNER_THREADS,), BATCH_ROUNDS)


def keras_predict(folder: Path) -> Iterator[Sample]:
    """Time one input against `model.predict`, as Keras' own guides ask a model."""
    names = _names(folder)
    with TemporaryDirectory() as out:
        keras_side.run("predict", folder, names, Path(out))
        found = json.loads((Path(out) / "predict.json").read_text())
    for name, (ours, theirs) in found.items():
        yield Sample(ours, theirs, f"one input, median of {keras_side.PREDICT_ROUNDS} in turns", name)


def _against_onnx(
    folder: Path, names: Sequence[str], count: int, threads: Sequence[int], rounds: int
) -> Iterator[Sample]:
    need(ONNX_TOOLS)
    detail = f"{count} input{'s' * (count > 1)}, median of {rounds} in turns, threads of ONNX Runtime: "
    with converted(folder, names) as onnx:
        for name in names:
            ours = zoo.load_network(name, folder).runner
            peers = [session(onnx / f"{name}.onnx", number) for number in threads]
            inputs = np.random.default_rng(0).random((count, *ours.shape), np.float32)
            agree(name, ours, peers[0], inputs)
            spent, *theirs = medians([_call(ours, inputs), *(_call(peer, inputs) for peer in peers)], rounds)
            best = int(np.argmin(theirs))
            yield Sample(spent, theirs[best], f"{detail}{threads[best]}", name)


def session(path: Path, threads: int) -> Answer:
    """Load an ONNX file, with every optimisation that ONNX Runtime has."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.force_spinning_stop", "1")  # else it also slows who comes next
    engine = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    entry = engine.get_inputs()[0].name
    return lambda inputs: engine.run(None, {entry: inputs})[0]


def agree(name: str, ours: Answer, theirs: Answer, inputs: Array) -> None:
    """Make sure that both engines run the same network.

    Raises: Missing: their logits differ by more than TOLERANCE.
    """
    apart = float(np.abs(ours(inputs) - theirs(inputs)).max())
    if not apart <= TOLERANCE:
        raise Missing(f"{name} and its ONNX twin differ by {apart:.1e}, so there is nothing to compare.")


@contextmanager
def converted(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Write networks as ONNX, <name>.onnx, into a folder that lasts as long as the context."""
    with TemporaryDirectory() as out:
        keras_side.run("onnx", folder, names, Path(out))
        yield Path(out)


def _names(folder: Path) -> tuple[str, ...]:
    names = zoo.answering_networks(folder=folder)
    if not names:
        raise Missing("No network is shipped. Make one: python -m cnn train lenet --data mnist")
    return names


def _call(answer: Answer, inputs: Array) -> Callable[[], Array]:
    return lambda: answer(inputs)
