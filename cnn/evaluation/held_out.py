"""Pictures that no shipped network was trained on, to measure with while somebody waits. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cnn.datasets import evaluation_sets, synthetic_handwriting
from cnn.datasets.dataset import Split
from cnn.errors import MissingData
from cnn.evaluation import robustness

HELD_OUT_COUNT = robustness.SAMPLE_SIZE
HELD_OUT_SEED = 20_261_125  # of handwriting that no training draws: those have small seeds


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutSet:
    """At most COUNT pictures, always the same; nobody changes them.

    Attributes:
        title: what they are, such as "MNIST's test digits".
        note: what an accuracy on them has to tell; "" where there is nothing to say.
        split: pictures and labels.
    """

    title: str
    note: str
    split: Split


def held_out_title(data: str) -> str:
    """Say what the pictures of a data set are.

    Raises: MissingData: there are none on this machine; says why.
    """
    test = _test(data)
    if test is not None:
        return test.title
    if data == "mnist":
        return "invented handwriting"
    known = [one.offer for one in evaluation_sets.evaluation_sets_for(data) if not one.seen]
    raise MissingData(
        " ".join(known) or "No labelled photos of these classes are on this machine, so no accuracy can be measured."
    )


@lru_cache(maxsize=2)
def load_held_out(data: str) -> HeldOutSet:
    """Take them: MNIST's or CIFAR-10's test pictures where they are here, else for digits invented handwriting.

    Raises: MissingData: there are none.
    """
    title, test = held_out_title(data), _test(data)
    if test is not None:
        return HeldOutSet(title, test.note, robustness.sample_split(test.read()))
    note = "Written by the app itself, by hands that no network saw in training; MNIST's test digits are not here."
    return HeldOutSet(title, note, synthetic_digits(HELD_OUT_COUNT))


def synthetic_digits(count: int) -> Split:
    """Write digits, every class as often: always the same ones."""
    rng = np.random.default_rng(HELD_OUT_SEED)
    labels = np.arange(count, dtype=np.int64) % 10
    drawings = [synthetic_handwriting.write_digit(int(label), rng) for label in labels]
    drawn = synthetic_handwriting.render_handwriting(drawings, rng)
    return Split(np.rint(drawn[..., None] * 255).astype(np.uint8), labels)


def _test(data: str) -> evaluation_sets.PictureSet | None:
    return next((one for one in evaluation_sets.evaluation_sets_for(data) if one.here and not one.seen), None)
