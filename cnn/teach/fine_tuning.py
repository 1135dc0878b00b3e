"""Let the last block of a trunk learn, too, and measure on held-out pictures whether that helps. Loads TensorFlow.

What the last block is given is computed once of each picture, of its mirror image and of parts of it, so that an epoch
costs only the block. Means and deviations of the batch normalisation stay as they are: ten pictures would not do for
them. It begins with the head that fits the frozen features, so that a random one does not spoil them first (Kumar et
al. 2022, arXiv:2202.10054).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cnn import zoo
from cnn.architectures.taught import CENTRE, EPSILON, LOGITS
from cnn.array_types import Array, Pixels
from cnn.errors import Cancelled
from cnn.export import keras_twin
from cnn.export.multiply_adds import count_multiply_adds
from cnn.home import check_room, make_home
from cnn.inference.photo_classification import photo_input
from cnn.keras_backend import keras, tf
from cnn.metrics.nearest_neighbours import likeness_to_nearest
from cnn.metrics.significance import mcnemar_test
from cnn.metrics.temperature import fit_temperature
from cnn.metrics.unit_length import of_length_one
from cnn.shelf import network_folder
from cnn.teach.classifier import FALSE_ALARM_RATE, FOLDS, SCALE, TaughtClassifier, folds_by_class
from cnn.teach.keep import build_taught
from cnn.teach.last_block import split_before_last_block
from cnn.teach.linear_head import Labels, LinearHead, fit_linear_head

VIEWS: Final = 4  # of a picture: itself, mirrored, a part of it, and another part mirrored
SMALLEST_PART: Final = 0.8  # of its height and width
MOST_CACHED: Final = 2 * 2**30  # bytes on the disk; where the views need more there are fewer of them
MOST_FOLDED: Final = 2_000  # pictures; of more only the first fold is held out, which takes a third of the time
BATCH: Final = 32
LOOK: Final = 64  # pictures that go through the block at once without learning
EPOCHS: Final = 6  # at most
RATE: Final = 1e-4  # of Adam at first; it falls along half a cosine
KNOWN: Final = 500  # taught pictures that a new one is compared with: they are looked at again after every epoch
BACKWARD: Final = 3  # times the work of an answer: forwards, for the gradient of the maps and of the weights

OnCount = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class FineTuned:
    """What fine-tuning came to.

    Attributes:
        taught: the better classifier of the two: fine-tuned, or on the frozen features as it came.
        weights: of its whole network, in Keras' order; None where the trunk's own are better.
        epochs: that the last block learned.
        labels: int64 (n,), of the pictures that were held out of a training ...
        frozen, tuned: ... and int64 (n,), how the frozen features and the fine-tuned ones read them, each learned from
            the same other pictures.
    """

    taught: TaughtClassifier
    weights: list[Array] | None
    epochs: int
    labels: Labels
    frozen: Labels
    tuned: Labels

    def figures(self) -> dict[str, Any]:
        """Give how many pictures were asked and read right, as `cnn.teach.network_process.MadeNetwork` has it."""
        frozen, tuned = self.frozen == self.labels, self.tuned == self.labels
        chance = mcnemar_test(frozen, tuned).mid
        return {"asked": len(frozen), "frozen": int(frozen.sum()), "tuned": int(tuned.sum()), "chance": chance}


def fine_tune(
    taught: TaughtClassifier,
    picture: Callable[[int], Pixels],
    on_count: OnCount = lambda done, of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> FineTuned:
    """Fine-tune the last block of a trunk for classes that were taught on its frozen features.

    Every fold is held out of a training. How many epochs are best is read for each half of a fold from all other
    pictures that were held out, so that no picture is read by what was chosen with it. At last all are learned from.

    Args:
        taught: on the frozen features.
        picture: gives the i-th taught picture, uint8 (height, width, 3).
        on_count: told how much is done, of how much.
        stopped: asked before every step whether to give up.
    Raises: BadInput: a picture is not there any more.
        Cancelled: `stopped` said so.
        DiskFull: there is no room for what the block is given.
    """
    folder = network_folder(taught.trunk)
    trunk = zoo.load_network(taught.trunk, folder)
    model = build_taught(taught, keras_twin.build_keras_twin(taught.trunk, trunk.runner.shape, folder))
    front, back = split_before_last_block(model)
    count = len(taught.labels)
    fold = folds_by_class(taught.labels, len(taught.classes))
    held_out = [fold == one for one in range(FOLDS if count <= MOST_FOLDED else 1)]
    views = _affordable_views(count, front)
    meter = _Meter(_work(front, back, count, views, held_out), on_count, stopped)
    block = _Block(back, _given(front, trunk, picture, count, views, meter), taught, meter)
    read = _joined([block.hold_out(out) for out in held_out])
    epochs = read.best(np.ones(len(read.places), np.bool_))
    labels, logits, likeness = taught.labels[read.places], *read.by_others()
    frozen, tuned = read.logits[0].argmax(axis=1), logits.argmax(axis=1)
    if (tuned == labels).sum() <= (frozen == labels).sum():
        return FineTuned(taught, None, 0, labels, frozen, tuned)
    better = block.learn_from_all(epochs, labels, logits, likeness)
    return FineTuned(better, model.get_weights(), epochs, labels, frozen, tuned)


@dataclass(slots=True, eq=False)
class _Meter:
    """How much is done: multiply-adds, in thousands, of `of`."""

    of: int
    on_count: OnCount
    stopped: Callable[[], bool]
    done: float = 0.0

    def add(self, multiply_adds: float) -> None:
        if self.stopped():
            raise Cancelled("Stopped. Nothing was changed.")
        self.done += multiply_adds / 1000
        self.on_count(min(self.of, round(self.done)), self.of)


def _work(front: keras.Model, back: keras.Model, count: int, views: int, held_out: list[npt.NDArray[np.bool_]]) -> int:
    """Foresee the multiply-adds, in thousands: what the block is given, a training for each fold, and one from all."""
    learned = sum(int((~out).sum()) for out in held_out) + count
    looked = sum(int(out.sum()) + KNOWN for out in held_out) * (EPOCHS + 1) + count
    block = count_multiply_adds(back) * (learned * EPOCHS * BACKWARD + looked)
    return max(1, round((count_multiply_adds(front) * count * views + block) / 1000))


def _affordable_views(count: int, front: keras.Model) -> int:
    a_view = count * int(np.prod(front.output_shape[1:])) * np.dtype(np.float16).itemsize
    views = int(np.clip(MOST_CACHED // a_view, 1, VIEWS))
    check_room(views * a_view, "fine-tuning")
    return views


def _given(
    front: keras.Model, trunk: zoo.Network, picture: Callable[[int], Pixels], count: int, views: int, meter: _Meter
) -> npt.NDArray[np.float16]:
    """Compute what the last block is given of each view: float16 (views, count, ...), in a file without a name."""
    with TemporaryFile(dir=make_home()) as file:  # the map keeps what it needs of it
        given = np.memmap(file, np.float16, shape=(views, count, *front.output_shape[1:]))
    run = tf.function(lambda inputs: front(inputs, training=False), reduce_retracing=True)
    rng, cost = np.random.default_rng(0), count_multiply_adds(front)
    for start in range(0, count, BATCH):
        pictures = [picture(at) for at in range(start, min(start + BATCH, count))]
        for view in range(views):
            inputs = np.stack([photo_input(trunk, _view(pixels, view, rng)) for pixels in pictures])
            meter.add(cost * len(inputs))
            given[view, start : start + len(inputs)] = run(tf.constant(inputs)).numpy()
    return given


def _view(pixels: Pixels, view: int, rng: np.random.Generator) -> Pixels:
    """Mirror a picture in every second view, and cut a part out of it from the third on."""
    if view > 1:
        part = rng.uniform(SMALLEST_PART, 1)
        height, width = (max(1, round(part * side)) for side in pixels.shape[:2])
        top, left = rng.integers(pixels.shape[0] - height + 1), rng.integers(pixels.shape[1] - width + 1)
        pixels = pixels[top : top + height, left : left + width]
    return np.ascontiguousarray(pixels[:, ::-1] if view % 2 else pixels)


@dataclass(frozen=True, slots=True, eq=False)
class _HeldOut:
    """What was read of pictures that were held out, before the first epoch and after each.

    Attributes:
        places: int64 (m,), of the pictures.
        logits: float32 (epochs + 1, m, classes).
        likeness: float32 (epochs + 1, m), to those that were learned from.
        right: bool (epochs + 1, m).
        half: int64 (m,), which half of which fold a picture is in.
    """

    places: Labels
    logits: Array
    likeness: Array
    right: npt.NDArray[np.bool_]
    half: Labels

    def best(self, asked: npt.NDArray[np.bool_]) -> int:
        """Say after how many epochs most of the pictures `asked`, bool (m,), were read right; of equals the first."""
        return int(self.right[:, asked].sum(axis=1).argmax())

    def by_others(self) -> tuple[Array, Array]:
        """Give logits (m, classes) and likeness (m,) after as many epochs as are best for all other halves."""
        epoch = np.zeros(len(self.places), np.int64)
        for half in np.unique(self.half):
            epoch[self.half == half] = self.best(self.half != half)
        every = np.arange(len(self.places))
        return self.logits[epoch, every], self.likeness[epoch, every]


def _joined(folds: list[_HeldOut]) -> _HeldOut:
    """Put folds together, in the order of their pictures."""
    places = np.concatenate([one.places for one in folds])
    order = np.argsort(places)
    return _HeldOut(
        places=places[order],
        logits=np.concatenate([one.logits for one in folds], axis=1)[:, order],
        likeness=np.concatenate([one.likeness for one in folds], axis=1)[:, order],
        right=np.concatenate([one.right for one in folds], axis=1)[:, order],
        half=np.concatenate([one.half + 2 * at for at, one in enumerate(folds)])[order],
    )


class _Block:
    """The last block and the head, which learn anew from one part of the pictures after the other."""

    def __init__(
        self, back: keras.Model, given: npt.NDArray[np.float16], taught: TaughtClassifier, meter: _Meter
    ) -> None:
        """Look at all pictures once, frozen.

        Args:
            back: from what the block is given to features and logits.
            given: float16 (views, n, ...).
            taught: on the frozen features.
            meter: told of every batch.
        """
        self._back, self._given, self._taught, self._meter = back, given, taught, meter
        self._start = back.get_weights()
        self._cost = count_multiply_adds(back)
        self._optimizer = keras.optimizers.Adam(RATE)
        self._optimizer.build(back.trainable_variables)
        self._learn = tf.function(self._step, reduce_retracing=True)
        self._answer = tf.function(lambda given: back(given, training=False), reduce_retracing=True)
        self._frozen, _ = self._look(np.arange(len(taught.labels)))

    def hold_out(self, out: npt.NDArray[np.bool_]) -> _HeldOut:
        """Learn from all pictures but those `out`, bool (n,), and read these before the first epoch and after each."""
        places, known = np.flatnonzero(out), np.flatnonzero(~out)
        some = np.sort(np.random.default_rng(0).permutation(known)[:KNOWN])
        logits, likeness = [], []
        self._begin(known)
        for epoch in range(EPOCHS + 1):
            if epoch:
                self._learn_epoch(known, epoch - 1)
            features, said = self._look(places)
            learned, _ = self._look(some)
            logits.append(said)
            likeness.append(likeness_to_nearest(of_length_one(features), of_length_one(learned)))
        right = np.stack(logits).argmax(axis=2) == self._taught.labels[places]
        return _HeldOut(places, np.stack(logits), np.stack(likeness), right, np.arange(len(places)) % 2)

    def learn_from_all(self, epochs: int, labels: Labels, logits: Array, likeness: Array) -> TaughtClassifier:
        """Learn from all pictures.

        Args:
            epochs: so many.
            labels: of the pictures that were held out ...
            logits: ... what was said of them ...
            likeness: ... and how like they were to those that were learned from.
        """
        every = np.arange(len(self._taught.labels))
        self._begin(every)
        for epoch in range(epochs):
            self._learn_epoch(every, epoch)
        known, _ = self._look(np.sort(np.random.default_rng(0).permutation(every)[:KNOWN]))
        kernel, bias = (np.asarray(one, np.float64) / SCALE for one in self._back.get_layer(LOGITS).get_weights())
        left_out = np.asarray(logits, np.float64) / SCALE
        return TaughtClassifier(
            trunk=self._taught.trunk,
            classes=self._taught.classes,
            centre=self._back.get_layer(CENTRE).get_weights()[0],
            head=LinearHead(kernel, bias, "fine-tuned", 0.0, left_out),
            temperature=fit_temperature(logits, labels),
            known=of_length_one(known),
            least=float(np.quantile(likeness, FALSE_ALARM_RATE)),
            labels=labels,
            predicted=logits.argmax(axis=1),
        )

    def _begin(self, known: Labels) -> None:
        """Put the weights back, under the head that fits the frozen features of some pictures, int64 (m,)."""
        self._back.set_weights(self._start)
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        features, labels = self._frozen[known], self._taught.labels[known]
        centre = features.mean(axis=0)
        head = fit_linear_head(of_length_one(features - centre), labels, len(self._taught.classes))
        scale = SCALE / self._taught.temperature
        self._back.get_layer(CENTRE).set_weights([centre, np.full_like(centre, 1 - EPSILON)])
        self._back.get_layer(LOGITS).set_weights([scale * head.kernel, scale * head.bias])
        share = 1 / np.bincount(labels, minlength=len(self._taught.classes))  # every class counts alike
        self._weight = (share / share[labels].mean()).astype(np.float32)

    def _learn_epoch(self, known: Labels, epoch: int) -> None:
        """Learn from each of some pictures, int64 (m,), in one of its views."""
        rng = np.random.default_rng([1, epoch])
        order = np.resize(rng.permutation(known), -(-len(known) // BATCH) * BATCH)
        views = rng.integers(len(self._given), size=len(order))
        steps = len(order) // BATCH
        for step in range(steps):
            self._meter.add(BACKWARD * self._cost * BATCH)
            self._optimizer.learning_rate = RATE * (1 + np.cos(np.pi * (epoch + step / steps) / EPOCHS)) / 2
            places = slice(step * BATCH, (step + 1) * BATCH)
            batch = self._given[views[places], order[places]].astype(np.float32)
            self._learn(tf.constant(batch), tf.constant(self._taught.labels[order[places]]), tf.constant(self._weight))

    def _step(self, given: tf.Tensor, labels: tf.Tensor, weight: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            _, logits = self._back(given, training=False)  # which leaves the batch normalisation as it is
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses * tf.gather(weight, labels))
        trained = self._back.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, trained), trained, strict=True))

    def _look(self, places: Labels) -> tuple[Array, Array]:
        """Read pictures as they are: features, float32 (m, features), and logits, float32 (m, classes)."""
        found = []
        for start in range(0, len(places), LOOK):
            some = places[start : start + LOOK]
            self._meter.add(self._cost * len(some))
            found.append([one.numpy() for one in self._answer(tf.constant(self._given[0, some].astype(np.float32)))])
        features, logits = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return features, logits
