"""What trains, each in a process of its own: no library finds another's settings. `python -m bench.training_side`.

It prints one line of JSON: pictures a second, or seconds, and what it ran on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, Final

from bench.figure import Missing
from cnn.paths import ROOT

if TYPE_CHECKING:
    import numpy as np

BATCH: Final = 32  # Keras' default, and a run's
WARM_UP: Final = 40  # steps that are not timed: the first compile
WINDOWS, WINDOW_S = 5, 1.0  # that are timed, after that; what disturbs one moves the median little
WANTED: Final = 0.97  # of the held-out digits
MOST_EPOCHS: Final = 30


def train_apart(side: str, *arguments: str) -> dict[str, Any]:
    """Run one of SIDES in a process of its own.

    Raises: Missing: it failed; the last line that it wrote says why.
    """
    return _told(side, [sys.executable, "-m", "bench.training_side", side, *arguments])


def train_in_torch(python: str, architecture: str) -> dict[str, Any]:
    """Train the same network in a Python that has PyTorch; raises as `train_apart`."""
    import numpy as np

    with TemporaryDirectory() as folder:
        images, labels, _, _ = _digits()
        np.savez(digits := Path(folder) / "digits.npz", images=images, labels=labels)
        steps = (str(BATCH), str(WARM_UP), str(WINDOWS))
        script = str(ROOT / "bench" / "torch_side.py")
        return _told("PyTorch", [python, "-P", script, architecture, str(digits), *steps])


def _told(side: str, command: list[str]) -> dict[str, Any]:
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
    from cnn.runs.session import MOST_STEPS
    from cnn.runs.settings import RunSettings

    learner = Learner(RunSettings(architecture, epochs=100, batch=BATCH), training_set("digits").read()["train"])
    while learner.step < WARM_UP:
        learner.learn(MOST_STEPS)

    def learn() -> int:
        before = learner.step
        learner.learn(MOST_STEPS)
        return (learner.step - before) * BATCH

    return {"value": _pictures_per_second(learn)}


def _keras_speed(architecture: str) -> dict[str, Any]:
    """Train the same network by `model.fit`, everything as Keras and TensorFlow come, its batch normalisation too."""
    import keras

    from cnn.architectures import blocks, find_architecture

    vars(blocks)["BatchNormalization"] = keras.layers.BatchNormalization
    images, labels, _, _ = _digits()
    model = find_architecture(architecture).build(images.shape[1:], 10)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), loss, metrics=["accuracy"])
    model.fit(images[: WARM_UP * BATCH], labels[: WARM_UP * BATCH], verbose=0)
    count = len(images) // BATCH * BATCH  # an epoch, so that what an epoch begins with weighs as it does

    def fit() -> int:
        model.fit(images[:count], labels[:count], verbose=0)
        return count

    return {"value": _pictures_per_second(fit)}


def _pictures_per_second(learn: Callable[[], int]) -> float:
    """Give the median of WINDOWS windows of a second and more; `learn` says how many pictures it learned from."""
    speeds = []
    for _ in range(WINDOWS):
        pictures, started = 0, perf_counter()
        while perf_counter() - started < WINDOW_S:
            pictures += learn()
        speeds.append(pictures / (perf_counter() - started))
    return median(speeds)


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
    for at in frame_steps(settings.steps, settings.steps_an_epoch, settings.batch)[1:]:
        while learner.step < at:
            learner.learn(at)
        if learner.frame(held).figures.held_out_accuracy >= WANTED:
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
    from cnn.datasets.training_sets import training_set
    from cnn.runs.frames import HELD_OUT, frame_steps, write_frame
    from cnn.runs.learner import Learner
    from cnn.runs.settings import RunSettings

    parts, settings = training_set("digits").read(), RunSettings(architecture)
    held = parts["validation"].first(HELD_OUT)
    steps = frame_steps(settings.steps, settings.steps_an_epoch, settings.batch)
    learner, spent = Learner(settings, parts["train"]), {"steps": 0.0, "frames": 0.0}
    learner.learn(1)
    learner.frame(held)  # both are compiled now
    with TemporaryDirectory() as folder:
        for at in steps[2:]:
            started = process_time()
            while learner.step < at:
                learner.learn(at)
            learned = process_time()
            write_frame(Path(folder), learner.frame(held))
            spent["steps"] += learned - started
            spent["frames"] += process_time() - learned
    without = spent["steps"] * settings.steps / (settings.steps - 1)
    frames = spent["frames"] * len(steps) / (len(steps) - 2)  # the first two, while all is compiled, cost as much
    return {"value": without + frames, "without": without, "frames": len(steps)}


SIDES: Final[Mapping[str, Callable[..., dict[str, Any]]]] = {
    "ours": _ours_speed,
    "keras": _keras_speed,
    "ours-until": _ours_until,
    "keras-until": _keras_until,
    "recording": _recording,
}

if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print(json.dumps(SIDES[sys.argv[1]](*sys.argv[2:])))
