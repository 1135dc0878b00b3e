"""What trains, each in a process of its own: no library finds another's settings. `python -m bench.training_side`.

It prints one line of JSON: pictures a second, or seconds, and what it ran on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, Final

from bench.figure import Missing
from cnn.paths import ROOT

if TYPE_CHECKING:
    import numpy as np

BATCH: Final = 32  # Keras' default, and a run's
WARM_UP: Final = 5  # steps that are not timed: the first compile
MEASURED_S: Final = 5.0
WANTED: Final = 0.97  # of the held-out digits
MOST_EPOCHS: Final = 30


def train_apart(side: str, *arguments: str) -> dict[str, Any]:
    """Run one of SIDES in a process of its own.

    Raises: Missing: it failed; the last line that it wrote says why.
    """
    command = [sys.executable, "-m", "bench.training_side", side, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"{side} could not be measured: {reason}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Read the embedded digits as a plain script would: float32 in [0, 1], 4,000 to learn from and 500 held out."""
    import numpy as np

    from cnn.datasets.training_sets import training_set

    parts = training_set("digits").read()
    train, held = parts["train"], parts["validation"]
    return train.images / np.float32(255), train.labels, held.images / np.float32(255), held.labels


def _ours_speed(architecture: str) -> dict[str, Any]:
    """Train as a run does, batches and the figures of each step included."""
    from cnn.datasets.training_sets import training_set
    from cnn.runs.learner import Learner
    from cnn.runs.settings import RunSettings

    learner = Learner(RunSettings(architecture, epochs=100, batch=BATCH), training_set("digits").read()["train"])
    for _ in range(WARM_UP):
        learner.learn()
    started, first = perf_counter(), learner.step
    while perf_counter() - started < MEASURED_S:
        learner.learn()
    return {"value": (learner.step - first) * BATCH / (perf_counter() - started)}


def _keras_speed(architecture: str) -> dict[str, Any]:
    """Train the same network by `model.fit`, everything as Keras and TensorFlow come."""
    import keras

    from cnn.architectures import find_architecture  # its builder asks for Keras alone

    images, labels, _, _ = _digits()
    model = find_architecture(architecture).build(images.shape[1:], 10)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss, metrics=["accuracy"])
    model.fit(images[: WARM_UP * BATCH], labels[: WARM_UP * BATCH], verbose=0)
    count, seen, started = len(images) // BATCH * BATCH, 0, perf_counter()
    while perf_counter() - started < MEASURED_S:
        model.fit(images[:count], labels[:count], verbose=0)
        seen += count
    return {"value": seen / (perf_counter() - started)}


def _torch_speed(architecture: str) -> dict[str, Any]:
    """Train LeNet's twin in PyTorch: same layers, batch, precision and threads."""
    if architecture != "lenet":
        raise SystemExit(f"There is no PyTorch twin of {architecture} here")
    import numpy as np
    import torch
    from torch import nn

    images, labels, _, _ = _digits()
    inputs, targets = torch.from_numpy(images.transpose(0, 3, 1, 2).copy()), torch.from_numpy(labels)
    model = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )
    optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)
    rng, steps, started = np.random.default_rng(0), 0, 0.0
    while not started or perf_counter() - started < MEASURED_S:
        chosen = torch.from_numpy(rng.integers(0, len(images), BATCH))
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(inputs[chosen]), targets[chosen]).backward()
        optimizer.step()
        steps += 1
        if steps == WARM_UP:
            started = perf_counter()
    return {"value": (steps - WARM_UP) * BATCH / (perf_counter() - started), "threads": torch.get_num_threads()}


def _ours_until(_: str = "") -> dict[str, Any]:
    """Train the page's first stack by Adam, frames included, until one has WANTED of the held-out digits right.

    LeNet-5, as the page begins, ends with 95 to 96 % of them.
    """
    from cnn.architectures.built import FIRST_STACK, stack_name
    from cnn.datasets.training_sets import training_set
    from cnn.runs.frames import HELD_OUT, frame_steps
    from cnn.runs.learner import Learner
    from cnn.runs.settings import RunSettings

    parts, started = training_set("digits").read(), perf_counter()
    settings = RunSettings(stack_name(FIRST_STACK), epochs=12, optimizer="adam", rate=0.003)
    learner, held = Learner(settings, parts["train"]), parts["validation"].first(HELD_OUT)
    at = set(frame_steps(settings.steps, settings.steps_an_epoch, settings.batch))
    while learner.step < settings.steps:
        learner.learn()
        if learner.step in at and learner.frame(held).figures.held_out_accuracy >= WANTED:
            return {"value": perf_counter() - started, "epochs": learner.step / settings.steps_an_epoch}
    raise SystemExit(f"The stack did not come to {WANTED:.0%}")


def _keras_until(_: str = "") -> dict[str, Any]:
    """Do the same by the shortest script that comes to mind: Keras' own example of a convolutional network, Adam."""
    import keras
    from keras import layers

    images, labels, held, held_labels = _digits()
    started = perf_counter()
    model = keras.Sequential(
        [
            *(layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D()),
            *(layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D()),
            *(layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for epoch in range(MOST_EPOCHS):
        model.fit(images, labels, verbose=0)
        if model.evaluate(held, held_labels, verbose=0, return_dict=True)["accuracy"] >= WANTED:
            return {"value": perf_counter() - started, "epochs": epoch + 1}
    raise SystemExit(f"The script did not come to {WANTED:.0%} in {MOST_EPOCHS} epochs")


def _recording(architecture: str) -> dict[str, Any]:
    """Train a run of the Train page's settings with frames and without; processor seconds of both."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from cnn.datasets.training_sets import training_set
    from cnn.runs.frames import HELD_OUT, frame_steps, write_frame
    from cnn.runs.learner import Learner
    from cnn.runs.settings import RunSettings

    parts, settings = training_set("digits").read(), RunSettings(architecture)
    held = parts["validation"].first(HELD_OUT)
    at = set(frame_steps(settings.steps, settings.steps_an_epoch, settings.batch))
    learner, spent = Learner(settings, parts["train"]), {"with": 0.0, "without": 0.0}
    learner.learn()
    learner.frame(held)  # both are compiled now
    with TemporaryDirectory() as folder:
        while learner.step < settings.steps:
            started = process_time()
            learner.learn()
            learned = process_time()
            if learner.step in at:
                write_frame(Path(folder), learner.frame(held))
            spent["without"] += learned - started
            spent["with"] += process_time() - started
    return {"value": spent["with"], "without": spent["without"], "frames": len(at)}


SIDES: Final[Mapping[str, Callable[..., dict[str, Any]]]] = {
    "ours": _ours_speed,
    "keras": _keras_speed,
    "torch": _torch_speed,
    "ours-until": _ours_until,
    "keras-until": _keras_until,
    "recording": _recording,
}

if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print(json.dumps(SIDES[sys.argv[1]](*sys.argv[2:])))
