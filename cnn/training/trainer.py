"""Train a network with Keras, resumable to the bit. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt

from cnn.architectures import find_architecture
from cnn.datasets.dataset import Split, find_data_set
from cnn.keras_backend import keras, seed_everything
from cnn.training import checkpoint
from cnn.training.batches import BATCH_MAKERS, Batch, Batches
from cnn.training.checkpoint import TrainingRun
from cnn.training.recipes import RECIPES, Recipe

WARM_UP_SHARE = 0.05  # share of the steps
MOMENTUM = 0.9  # Nesterov's
LAST_RATE_SHARE = 0.01  # the cosine ends at this share of the highest rate


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """Where a training stands; `loss` and `accuracy` are means since the epoch began."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How a run is carried out.

    Attributes:
        resume: go on from the checkpoint, if there is one.
        bfloat16: compute with half the bits where the processor can; weights stay float32.
        start: weights to begin with, in Keras' order; None for random ones.
        on_batch: told after every step.
    """

    resume: bool = False
    bfloat16: bool = False
    start: Sequence[npt.NDArray[np.float32]] | None = None
    on_batch: Callable[[TrainingProgress], None] | None = None


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """What a training leaves.

    Attributes:
        model: the network.
        history: one row of figures an epoch.
        outliers: in words, what of no class it was shown; see `cnn.training.batches.Batches`.
        augmentation: in words, how its pictures were changed.
    """

    model: keras.Model
    history: list[dict[str, float]]
    outliers: str = ""
    augmentation: str = ""


def train_network(
    run: TrainingRun,
    training: Split,
    validation: Split,
    folder: Path,
    options: TrainingOptions = TrainingOptions(),
) -> TrainedNetwork:
    """Train `run.architecture`, keeping a checkpoint after every epoch.

    A run that was killed and resumed ends with the same weights as an unbroken one.

    Args:
        run: what to train, for how long, from which seed.
        training: what to learn from.
        validation: what to measure after each epoch.
        folder: where the checkpoint lives.
        options: see there.
    Raises: BrokenCheckpoint, DiskFull, UnknownName.
    """
    seed_everything(run.seed)
    classes = len(find_data_set(run.data).classes)
    batches = BATCH_MAKERS[run.data, run.stage](training, run.seed)
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16" if options.bfloat16 else "float32")
    model = find_architecture(run.architecture).build(training.images.shape[1:], classes)
    if options.start is not None:
        model.set_weights(options.start)
    compile_model(model, recipes_until(run)[-1], batches.steps(run.batch) * run.epochs)
    done, history = checkpoint.load_checkpoint(model, folder, run) if options.resume else (0, [])
    held_out = (validation.images / np.float32(255), np.eye(classes, dtype=np.float32)[validation.labels])
    for epoch in range(done, run.epochs):
        started = perf_counter()
        row = train_epoch(model, EpochFeed(batches, run.batch, epoch), run, options.on_batch)
        scores = model.evaluate(*held_out, batch_size=250, verbose=0, return_dict=True)
        row |= {f"validation_{name}": scores[name] for name in ("loss", "accuracy")}
        history.append(row | {"seconds": round(perf_counter() - started, 2)})
        checkpoint.save_checkpoint(model, folder, run, epoch + 1, history)
    return TrainedNetwork(model, history, batches.outliers, batches.augmentation)


def recipes_until(run: TrainingRun) -> list[Recipe]:
    """List the recipes of the stages that a run ends, in batches of the run: its own, as long as it is, is the last."""
    stages = RECIPES[run.data][run.architecture].stages
    before = [replace(stage, batch=run.batch) for stage in list(stages.values())[: list(stages).index(run.stage)]]
    return [*before, replace(stages[run.stage], epochs=run.epochs, batch=run.batch)]


def train_epoch(
    model: keras.Model, feed: EpochFeed, run: TrainingRun, on_batch: Callable[[TrainingProgress], None] | None
) -> dict[str, float]:
    """Show `model` every training picture once; return the epoch's mean loss and accuracy."""
    reseed_dropout(model, run.seed, feed.epoch)
    logs = model.fit(
        feed,
        initial_epoch=feed.epoch,
        epochs=feed.epoch + 1,
        callbacks=[ProgressCallback(feed, run.epochs, on_batch)] if on_batch else [],
        verbose=0,
        shuffle=False,
    ).history
    return {name: logs[name][-1] for name in ("loss", "accuracy")}


def compile_model(model: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give `model` the recipe's optimizer for a run of `steps`, and a loss over soft labels."""
    warm = max(1, int(steps * WARM_UP_SHARE))
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.rate / 10, max(1, steps - warm), alpha=LAST_RATE_SHARE, warmup_target=recipe.rate, warmup_steps=warm
    )
    if recipe.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(rate, MOMENTUM, nesterov=True, weight_decay=recipe.decay)
    else:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)
    model.compile(optimizer, loss, metrics=["accuracy"])


def reseed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Start each epoch's dropout from a state that a resumed run reaches too."""
    for i, layer in enumerate(model.layers):
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            generator.state.assign([seed * 1000 + i, epoch * 1_000_000])


class EpochFeed(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """One epoch of batches, made a few steps ahead in threads, always in order."""

    def __init__(self, batches: Batches, batch: int, epoch: int) -> None:
        super().__init__(workers=2, max_queue_size=8)
        self.epoch = epoch
        self._batches, self._batch = batches, batch

    def __len__(self) -> int:
        return self._batches.steps(self._batch)

    def __getitem__(self, step: int) -> Batch:
        return self._batches.batch(self._batch, self.epoch, step)


class ProgressCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Tell `on_batch` after every step."""

    def __init__(self, feed: EpochFeed, epochs: int, on_batch: Callable[[TrainingProgress], None]) -> None:
        super().__init__()
        self._feed, self._epochs, self._tell = feed, epochs, on_batch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Pass Keras' running means on."""
        logs = logs or {}
        place = (self._feed.epoch + 1, self._epochs, batch + 1, len(self._feed))
        self._tell(TrainingProgress(*place, loss=float(logs["loss"]), accuracy=float(logs["accuracy"])))
