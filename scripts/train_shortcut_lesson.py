"""Train 56 layers with and without shortcuts, and keep both curves: assets/lessons/shortcut.json.

`python -m scripts.train_shortcut_lesson --minutes 30` trains each for 30 minutes of two cores, as counted by the
processor, so that other work on the machine takes nothing away; run again with more minutes, it goes on from there.
Both see the same pictures in the same order, at the same constant learning rate after a warm-up.

Source of the question: He et al. 2015, arXiv:1512.03385, figure 1 and section 4.2.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np

from cnn import atomic_files
from cnn.architectures import resnet
from cnn.datasets.dataset import Split, find_data_set
from cnn.keras_backend import keras, seed_everything, tf
from cnn.paths import ASSETS, ROOT
from cnn.training import checkpoint
from cnn.training.batches import BATCH_MAKERS, Batch, Batches
from cnn.training.checkpoint import TrainingRun

NETWORKS: Final = {"plain56": False, "resnet56": True}  # name -> with shortcuts
BLOCKS: Final = 9  # a stage: 6 * 9 + 2 layers
DATA, SEED, BATCH, RATE, WARM_UP = "cifar10", 1, 128, 1e-3, 200  # warm-up in steps
CHUNK, EVERY, HELD_OUT = 25, 4, 1_000  # steps a point of the curve; points between two looks at so many pictures
CORES: Final = 2
LESSON: Final = ASSETS / "lessons" / "shortcut.json"


class Chunk(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """The batches of a few steps, in the order of the whole training."""

    def __init__(self, batches: Batches, first: int) -> None:
        super().__init__(workers=2, max_queue_size=8)
        self._batches, self._first = batches, first

    def __len__(self) -> int:
        return CHUNK

    def __getitem__(self, step: int) -> Batch:
        epoch, place = divmod(self._first + step, self._batches.steps(BATCH))
        return self._batches.batch(BATCH, epoch, place)


def build(name: str) -> keras.Model:
    """Make one of the two, compiled; the same seed gives both the same initial convolutions."""
    keras.backend.clear_session()
    seed_everything(SEED)
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    data = find_data_set(DATA)
    model = resnet.build_resnet(data.shape, len(data.classes), BLOCKS, NETWORKS[name])
    rate = keras.optimizers.schedules.PolynomialDecay(RATE / WARM_UP, WARM_UP, RATE)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.05),
        keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def gradients(model: keras.Model, batch: Batch) -> list[float]:
    """Measure the norm of the loss's gradient at each 3x3 convolution's kernel, from the first to the last."""
    kernels = [layer.kernel.value for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    with tf.GradientTape() as tape:
        logits = model(batch[0], training=True)
        loss = model.loss(batch[1], tf.cast(logits, tf.float32))
    return [float(tf.norm(tf.cast(found, tf.float32))) for found in tape.gradient(loss, kernels)]


def train(name: str, training: Split, validation: Split, seconds: float, folder: Path) -> dict[str, object]:
    """Train one network for `seconds` of CORES cores, from its checkpoint on; return its curves."""
    batches = BATCH_MAKERS[DATA, "first"](training, SEED)
    model = build(name)
    run = TrainingRun(name, DATA, SEED, 0, BATCH, len(training.labels))
    start = gradients(model, batches.batch(BATCH, 0, 0))
    model = build(name)  # the look at its gradients moved the averages of its normalisation
    done, history = checkpoint.load_checkpoint(model, folder, run)
    spent = history[-1]["seconds"] if history else 0.0
    held_out = validation.images / np.float32(255), np.eye(10, dtype=np.float32)[validation.labels]
    while spent < seconds:
        began = process_time()
        logs = model.fit(Chunk(batches, done * CHUNK), verbose=0, shuffle=False).history
        done += 1
        row = {"step": float(done * CHUNK), "loss": logs["loss"][0], "accuracy": logs["accuracy"][0]}
        if done % EVERY == 0:
            row["validation"] = model.evaluate(*held_out, batch_size=250, verbose=0, return_dict=True)["accuracy"]
        spent += (process_time() - began) / CORES
        history.append(row | {"seconds": spent})
        if done % EVERY == 0 or spent >= seconds:
            checkpoint.save_checkpoint(model, folder, run, done, history)
            print(name, row, f"{spent:.0f} s", flush=True)
    return curves(history, start, gradients(model, batches.batch(BATCH, 0, 0)))


def curves(history: list[dict[str, float]], start: list[float], end: list[float]) -> dict[str, object]:
    """Write what was measured as the lesson holds it."""
    return {
        "steps": [int(row["step"]) for row in history],
        "loss": [round(row["loss"], 4) for row in history],
        "accuracy": [round(row["accuracy"], 4) for row in history],
        "validation": [[int(row["step"]), round(row["validation"], 4)] for row in history if "validation" in row],
        "gradients": {"start": [round(norm, 6) for norm in start], "end": [round(norm, 6) for norm in end]},
        "images_per_step": BATCH,
        "seconds": round(history[-1]["seconds"]) if history else 0,
    }


def main() -> None:
    """Train both and write the lesson."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="of two cores, for each of the two")
    minutes: float = parser.parse_args().minutes
    splits = find_data_set(DATA).load()
    held_out = splits["validation"].first(HELD_OUT)
    found = {
        name: train(name, splits["train"], held_out, minutes * 60, ROOT / "runs" / "lessons" / name)
        for name in NETWORKS
    }
    LESSON.parent.mkdir(exist_ok=True)
    atomic_files.write_text(LESSON, json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
