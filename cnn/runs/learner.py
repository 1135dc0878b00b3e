"""A network that learns step by step, and can be put down and taken up again to the bit. Importing loads TensorFlow."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from cnn.architectures import find_architecture
from cnn.architectures.batch_norm import one_operation
from cnn.array_types import Array
from cnn.atomic_files import write_bytes
from cnn.datasets.dataset import Split
from cnn.datasets.training_sets import training_set
from cnn.errors import BrokenCheckpoint, DiskFull
from cnn.keras_backend import keras, seed_everything, tf
from cnn.runs.batches import BLOCK, BatchBlocks, RunBatches
from cnn.runs.frames import HELD_OUT, UNREADABLE, Frame, FrameFigures, LayerHealth, mean, read_arrays
from cnn.runs.optimizers import make_optimizer
from cnn.runs.settings import RunSettings

CHECKPOINT: Final = "checkpoint.npz"
CHUNK_NUMBERS: Final = 2**24  # that all layers may give for the pictures that are asked at once: 64 MB
CHUNKS: Final = (50, 500)  # pictures asked at once, at least and at most: LeNet-5 takes a third longer for a hundred
PIECE_S: Final = 0.2  # that steps are done without a look at what was ordered; one step, where that takes longer


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
        self._blocks = BatchBlocks(RunBatches(training, settings))
        self._block: tuple[int, Any, Any] = (-1, None, None)  # its number, pictures and labels
        self._pace = PIECE_S  # seconds that a step took last
        self._since = SinceFrame([], [])
        self._health: list[tuple[float, float]] = []  # by layer with a kernel: gradient and ratio in the last step
        trained = self.model.trainable_variables
        self._kernels = {at: one for at, one in enumerate(trained) if one.path.endswith("/kernel")}
        self._relus = list(_relus(self.model))
        self._asked: tuple[Split, list[Any]] | None = None
        numbers = sum(math.prod(layer.output.shape[1:]) for layer in self.model.layers)
        self._chunk = min(max(CHUNK_NUMBERS // numbers, CHUNKS[0]), CHUNKS[1])
        images = tf.TensorSpec([BLOCK, settings.batch, *data.shape])
        labels, place = tf.TensorSpec([BLOCK, settings.batch], tf.int64), tf.TensorSpec([], tf.int32)
        self._learn = tf.function(self._steps, [images, labels, place, place], autograph=False)
        self._look = tf.function(self._forward)

    def learn(self, until: int) -> tuple[float, float]:
        """Do some steps, at most until `until` are done: as many as fit into PIECE_S, at least one.

        After the last of them a frame can tell how the layers learned in it. A loss that is no number ends it early.

        Returns: the loss and the share of right answers of the last batch.
        """
        started = perf_counter()
        number, first = divmod(self.step, BLOCK)
        ahead = until - self.step
        fitting = min(ahead - 1, BLOCK - first, int(PIECE_S / self._pace))  # the last one is done alone, and looked at
        before = self._kernel_values() if ahead == 1 else None
        at, figures, lengths = self._learn(*self._batches_of(number), first, first + max(1, fitting))
        losses, right = figures.numpy()[first : int(at)].T.tolist()
        self.step += len(losses)
        self._since.losses += losses
        self._since.right += right
        self._health = _health(lengths.numpy(), before, self._kernel_values() if before else [])
        spent = perf_counter() - started
        self._pace = spent / len(losses)
        self.seconds += spent
        return losses[-1], right[-1]

    def _kernel_values(self) -> list[Array]:
        return [one.numpy() for one in self._kernels.values()]

    def _batches_of(self, number: int) -> tuple[Any, Any]:
        if self._block[0] != number:
            images, labels = self._blocks.block(number)
            self._block = number, tf.constant(images), tf.constant(labels)
        return self._block[1:]

    def frame(self, held_out: Split) -> Frame:
        """Take a picture of the network as it is now."""
        started = perf_counter()
        logits, features, strongest = self.look(held_out)
        layers = tuple(
            LayerHealth(_layer(kernel.path), gradient, ratio, _dead(_layer(kernel.path), strongest))
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
        """Make the network's inputs of pictures, some at once; those of a frame are kept for the next one."""
        if self._asked is not None and self._asked[0] is split:
            return self._asked[1]
        chunks = (split.images[first : first + self._chunk] for first in range(0, len(split.labels), self._chunk))
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
        np.savez(content, state=np.array(json.dumps(state)), **arrays)
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
        except UNREADABLE as error:
            raise BrokenCheckpoint(
                f"The checkpoint in {folder} cannot be read ({error}). Start the run anew, or branch from a frame."
            ) from error
        self.step, self.seconds = int(state["step"]), float(state["seconds"])
        self._since = SinceFrame(list(state["losses"]), list(state["right"]))

    def _variables(self) -> list[Any]:
        """List what a step reads and changes: weights, moving averages, states of dropout, moments, the count."""
        return [*self.model.variables, *self.optimizer.variables]

    def _steps(self, images: Any, labels: Any, first: Any, end: Any) -> tuple[Any, Any, Any]:
        """Learn from the batches `first` to `end` of a block in one call: Python and TensorFlow meet once, not a step.

        Returns: the place after the last one; by place the loss and the share of right answers, (BLOCK, 2); and the
            length of the gradient of each kernel in the last step.
        """

        def goes_on(at: Any, _: Any, __: Any, finite: Any) -> Any:
            return tf.logical_and(at < end, finite)

        def one_step(at: Any, figures: Any, _: Any, __: Any) -> tuple[Any, Any, Any, Any]:
            loss, right, lengths = self._one_step(images[at], labels[at])
            return at + 1, figures.write(at, tf.stack([loss, right])), lengths, tf.math.is_finite(loss)

        figures = tf.TensorArray(tf.float32, BLOCK, element_shape=[2])
        begin = (first, figures, tf.zeros([len(self._kernels)]), True)
        at, figures, lengths, _ = tf.while_loop(goes_on, one_step, begin, parallel_iterations=1)
        return at, figures.stack(), lengths

    def _one_step(self, images: Any, labels: Any) -> tuple[Any, Any, Any]:
        with tf.GradientTape() as tape:
            logits = self.model(images, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        trained = self.model.trainable_variables
        gradients = tape.gradient(loss, trained)
        self.optimizer.apply_gradients(zip(gradients, trained, strict=True))
        right = tf.reduce_mean(tf.cast(tf.argmax(logits, 1) == labels, tf.float32))
        return loss, right, tf.stack([tf.norm(gradients[at]) for at in self._kernels])

    def _forward(self, images: Any) -> tuple[Any, Any, list[Any]]:
        last = self.model.layers[-1]
        outputs = [last.output, last.input, *(tensor for _, tensor in self._relus)]
        with one_operation():
            logits, features, *maps = keras.Model(self.model.inputs, outputs)(images, training=False)
        return logits, features, [tf.reduce_max(one, axis=list(range(one.shape.rank - 1))) for one in maps]


def _health(lengths: Array, before: list[Array] | None, after: list[Array]) -> list[tuple[float, float]]:
    """Pair the lengths of gradients with how far each kernel moved by its own length: nan where nobody looked."""
    if before is None:
        return [(float(length), math.nan) for length in lengths]
    moved = [np.linalg.norm(new - old) / (np.linalg.norm(old) + 1e-12) for old, new in zip(before, after, strict=True)]
    return [(float(length), float(ratio)) for length, ratio in zip(lengths, moved, strict=True)]


def assign_weights(model: keras.Model, weights: Mapping[str, Array]) -> None:
    """Give a model the weights of a frame."""
    for variable in model.weights:
        variable.assign(weights[variable.path])


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
