"""A network that learns step by step, and can be put down and taken up again to the bit. Importing loads TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from cnn.architectures import find_architecture
from cnn.array_types import Array
from cnn.atomic_files import write_bytes
from cnn.datasets.dataset import Split
from cnn.datasets.training_sets import training_set
from cnn.errors import BrokenCheckpoint, DiskFull
from cnn.keras_backend import keras, seed_everything, tf
from cnn.runs.batches import RunBatches
from cnn.runs.frames import HELD_OUT, UNREADABLE, Frame, FrameFigures, LayerHealth, mean, read_arrays
from cnn.runs.settings import RunSettings

CHECKPOINT: Final = "checkpoint.npz"
CHUNK: Final = 100  # of them at once: what a wide layer gives for all would not fit in the cache
WARM_UP_SHARE: Final = 0.05  # of the steps, under the cosine
LAST_SHARE: Final = 0.01  # of the rate, where the cosine ends
MOMENTUM: Final = 0.9


@dataclass(slots=True)
class SinceFrame:
    """What the training batches gave since the last frame."""

    losses: list[float]
    right: list[float]  # shares in [0, 1]


class Learner:
    """One network, its optimizer and its place in the run."""

    def __init__(self, settings: RunSettings, training: Split, start: dict[str, Array] | None = None) -> None:
        """Build the network.

        Args:
            settings: of the run.
            training: what it learns from.
            start: weights to begin with, as a frame holds them; None for random ones.
        """
        seed_everything(settings.seed)
        keras.mixed_precision.set_dtype_policy("float32")
        data = training_set(settings.data)
        self.settings = settings
        self.model = find_architecture(settings.architecture).build(data.shape, len(data.classes))
        if start is not None:
            assign_weights(self.model, start)
        self.optimizer = make_optimizer(settings)
        self.optimizer.build(self.model.trainable_variables)
        self.step = 0
        self.seconds = 0.0
        self._batches = RunBatches(training, settings)
        self._since = SinceFrame([], [])
        self._health = np.zeros((0, 2), np.float32)  # (layers with a kernel, gradient and ratio)
        trained = self.model.trainable_variables
        self._kernels = {at: one for at, one in enumerate(trained) if one.path.endswith("/kernel")}
        self._relus = list(_relus(self.model))
        self._asked: tuple[Split, list[Any]] | None = None
        self._learn = tf.function(self._one_step)
        self._look = tf.function(self._forward)

    def learn(self) -> tuple[float, float]:
        """Do one step; return the loss and the share of right answers of its batch."""
        started = perf_counter()
        images, labels = self._batches.batch(self.step)
        loss, right, health = self._learn(tf.constant(images), tf.constant(labels))
        self._health = health.numpy()
        self.step += 1
        self._since.losses.append(float(loss))
        self._since.right.append(float(right))
        self.seconds += perf_counter() - started
        return float(loss), float(right)

    def frame(self, held_out: Split) -> Frame:
        """Take a picture of the network as it is now."""
        started = perf_counter()
        logits, features, strongest = self.look(held_out)
        layers = tuple(
            LayerHealth(_layer(kernel.path), float(gradient), float(ratio), _dead(_layer(kernel.path), strongest))
            for kernel, (gradient, ratio) in zip(self._kernels.values(), self._health, strict=False)
        )
        figures = FrameFigures(
            step=self.step,
            epoch=self.step / self.settings.steps_an_epoch,
            loss=mean(self._since.losses),
            accuracy=mean(self._since.right),
            held_out_loss=cross_entropy(logits, held_out),
            held_out_accuracy=float((logits.argmax(1) == held_out.labels).mean()),
            seconds=round(self.seconds, 3),
            layers=layers,
        )
        self._since = SinceFrame([], [])
        weights = {one.path: one.numpy() for one in self.model.weights}
        self.seconds += perf_counter() - started
        return Frame(figures, weights, logits, features)

    def look(self, split: Split) -> tuple[Array, Array, dict[str, Array]]:
        """Answer pictures.

        Returns: logits (n, classes), what the last layer read (n, features), and by layer the most that each of its
            ReLUs gave for any picture, (units,).
        """
        parts = [self._look(images) for images in self._inputs(split)]
        logits = np.concatenate([one[0].numpy() for one in parts])
        features = np.concatenate([one[1].numpy() for one in parts])
        strongest = {
            layer: np.max([one[2][at].numpy() for one in parts], axis=0) for at, (layer, _) in enumerate(self._relus)
        }
        return logits, features, strongest

    def _inputs(self, split: Split) -> Iterable[Any]:
        """Make the network's inputs of pictures, CHUNK at once; those of a frame are kept for the next one."""
        if self._asked is not None and self._asked[0] is split:
            return self._asked[1]
        chunks = (split.images[first : first + CHUNK] for first in range(0, len(split.labels), CHUNK))
        inputs = (tf.constant(one.astype(np.float32) / np.float32(255)) for one in chunks)
        if len(split.labels) > HELD_OUT:
            return inputs
        self._asked = split, list(inputs)
        return self._asked[1]

    def save(self, folder: Path) -> None:
        """Write all that the next step depends on.

        Raises: DiskFull: the former checkpoint still stands.
        """
        state = {
            "settings": self.settings.to_json(),
            "step": self.step,
            "seconds": self.seconds,
            "losses": self._since.losses,
            "right": self._since.right,
        }
        content = BytesIO()
        arrays = {f"v{at}": one.numpy() for at, one in enumerate(self._variables())}
        np.savez(content, state=np.array(json.dumps(state)), health=self._health, **arrays)
        try:
            write_bytes(folder / CHECKPOINT, content.getvalue())
        except OSError as error:
            raise DiskFull(
                f"The checkpoint could not be written to {folder} ({error}). Free some space, then go on."
            ) from error

    def restore(self, folder: Path) -> None:
        """Go back to the checkpoint; where none was written yet, stay at the start.

        Raises: BrokenCheckpoint: it is damaged or of another run.
        """
        if not (folder / CHECKPOINT).exists():
            return
        try:
            kept = read_arrays(folder / CHECKPOINT)
            state: dict[str, Any] = json.loads(str(kept["state"]))
            if state["settings"] != self.settings.to_json():
                raise ValueError("it belongs to other settings")
            for at, variable in enumerate(self._variables()):
                variable.assign(kept[f"v{at}"])
            self._health = kept["health"]
        except UNREADABLE as error:
            raise BrokenCheckpoint(
                f"The checkpoint in {folder} cannot be read ({error}). Start the run anew, or branch from a frame."
            ) from error
        self.step, self.seconds = int(state["step"]), float(state["seconds"])
        self._since = SinceFrame(list(state["losses"]), list(state["right"]))

    def _variables(self) -> list[Any]:
        """List what a step reads and changes: weights, moving averages, states of dropout, moments, the count."""
        return [*self.model.variables, *self.optimizer.variables]

    def _one_step(self, images: Any, labels: Any) -> tuple[Any, Any, Any]:
        with tf.GradientTape() as tape:
            logits = self.model(images, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        trained = self.model.trainable_variables
        gradients = tape.gradient(loss, trained)
        kernels = [one.value for one in self._kernels.values()]
        before = [tf.identity(one) for one in kernels]
        self.optimizer.apply_gradients(zip(gradients, trained, strict=True))
        lengths = [tf.norm(gradients[at]) for at in self._kernels]
        ratios = [tf.norm(after - old) / (tf.norm(old) + 1e-12) for after, old in zip(kernels, before, strict=True)]
        right = tf.reduce_mean(tf.cast(tf.argmax(logits, 1) == labels, tf.float32))
        return loss, right, tf.stack([tf.stack(lengths), tf.stack(ratios)], axis=1)

    def _forward(self, images: Any) -> tuple[Any, Any, list[Any]]:
        last = self.model.layers[-1]
        outputs = [last.output, last.input, *(tensor for _, tensor in self._relus)]
        logits, features, *maps = keras.Model(self.model.inputs, outputs)(images, training=False)
        return logits, features, [tf.reduce_max(one, axis=list(range(one.shape.rank - 1))) for one in maps]


def assign_weights(model: keras.Model, weights: Mapping[str, Array]) -> None:
    """Give a model the weights of a frame."""
    for variable in model.weights:
        variable.assign(weights[variable.path])


def make_optimizer(settings: RunSettings) -> keras.optimizers.Optimizer:
    """Make the optimizer of a run, its learning rate a function of the step."""
    rate = _schedule(settings)
    if settings.optimizer == "adam":
        return keras.optimizers.Adam(rate)
    return keras.optimizers.SGD(rate, momentum=MOMENTUM if settings.optimizer == "momentum" else 0.0)


def _schedule(settings: RunSettings) -> Any:
    steps = settings.steps
    if settings.schedule == "constant" or steps < 4:
        return settings.rate
    if settings.schedule == "steps":
        rates = [settings.rate, settings.rate / 10, settings.rate / 100]
        return keras.optimizers.schedules.PiecewiseConstantDecay([steps // 2, steps * 3 // 4], rates)
    warm = max(1, int(steps * WARM_UP_SHARE))
    return keras.optimizers.schedules.CosineDecay(
        settings.rate / 10, steps - warm, alpha=LAST_SHARE, warmup_target=settings.rate, warmup_steps=warm
    )


def cross_entropy(logits: Array, split: Split) -> float:
    """Compute the mean loss of logits, float32 (n, classes)."""
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    own = shifted[np.arange(len(logits)), split.labels]
    return float((np.log(np.exp(shifted).sum(1)) - own).mean())


def _relus(model: keras.Model) -> Iterator[tuple[str, Any]]:
    """List the ReLUs: the layer with a kernel that each one follows, and its output."""
    for layer in model.layers:
        inside = getattr(getattr(layer, "activation", None), "__name__", "") == "relu"
        if (inside or isinstance(layer, keras.layers.ReLU)) and (source := _with_kernel(layer)):
            yield source, layer.output


def _with_kernel(layer: Any) -> str:
    """Name the layer itself where it has a kernel, else the first one before it that has; "" for none."""
    waiting: Sequence[Any] = [layer]
    while waiting:
        first, *rest = waiting
        if getattr(first, "kernel", None) is not None:
            return str(first.name)
        given = [] if isinstance(first, keras.layers.InputLayer) else keras.tree.flatten(first.input)
        waiting = [*rest, *(one._keras_history.operation for one in given)]
    return ""


def _layer(path: str) -> str:
    return path.rsplit("/", 1)[0]


def _dead(layer: str, strongest: dict[str, Array]) -> float | None:
    return float((strongest[layer] <= 0).mean()) if layer in strongest else None
