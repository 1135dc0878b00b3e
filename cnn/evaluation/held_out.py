"""Pictures that no network was trained on, to measure with while somebody waits. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cnn.datasets import evaluation_sets
from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import PictureSet
from cnn.errors import MissingData
from cnn.evaluation import robustness

HELD_OUT_COUNT = robustness.SAMPLE_SIZE


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutSet:
    """At most HELD_OUT_COUNT pictures, always the same; nobody changes them.

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

    Raises: MissingData: none are on this machine; says why.
    """
    return _set(data).title


@lru_cache(maxsize=2)
def load_held_out(data: str) -> HeldOutSet:
    """Take some of the test pictures of a data set.

    Raises: MissingData: none are on this machine.
    """
    of = _set(data)
    return HeldOutSet(of.title, of.note, robustness.sample_split(of.read()))


def _set(data: str) -> PictureSet:
    """Choose what is here, first what comes with the app."""
    every = evaluation_sets.evaluation_sets_for(data)
    for one in every:
        if one.here:
            return one
    if every:
        raise MissingData(every[0].offer)
    raise MissingData("No labelled photos of these classes may be passed on, so no accuracy can be measured here.")
