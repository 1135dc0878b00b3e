"""Accuracy curves under changes to pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets.dataset import Split
from cnn.errors import Cancelled
from cnn.evaluation import robustness
from cnn.evaluation.robustness import (
    STRENGTH_LEVELS,
    RobustnessCurve,
    breaking_strengths,
    measure_robustness,
    sample_split,
)
from cnn.perturbations import PERTURBATIONS, Perturbation
from tests.cnn.zoo.test_networks import digits


@pytest.fixture(scope="module")
def written() -> Split:
    images, labels = digits(300)
    return Split(np.rint(images * 255).astype(np.uint8), labels)


def darker(images: np.ndarray, strength: float, _rng: np.random.Generator) -> np.ndarray:
    return images * np.float32(1 - strength)


DARKER = Perturbation("darker", "Darker", "", 0, 1, 0.1, 0, darker, "night")


@dataclass
class Runner:
    """Answers 1 where a picture is bright enough, else 0."""

    seen: list[int] = field(default_factory=list)

    def __call__(self, images: np.ndarray) -> np.ndarray:
        self.seen.append(len(images))
        bright = images.max(axis=(1, 2, 3)) > 0.51
        return np.stack([~bright, bright], axis=1).astype(np.float32)


@dataclass
class Stub:
    name: str
    runner: Runner = field(default_factory=Runner)


def test_a_curve_is_what_was_counted() -> None:
    split = Split(np.full((400, 4, 4, 1), 255, np.uint8), np.ones(400, np.int64))
    (curve,) = measure_robustness([Stub("bright")], split, DARKER)  # type: ignore[list-item]
    assert curve.levels == DARKER.levels(STRENGTH_LEVELS)
    assert curve.correct == tuple(400 if 1 - level > 0.51 else 0 for level in curve.levels)
    assert curve.accuracy[0] == 1
    assert breaking_strengths(curve, DARKER) == (None, 0.5)


def test_all_networks_are_asked_about_every_picture_at_every_strength(written: Split) -> None:
    networks = [zoo.load_network(name) for name in ("mnist/lenet", "mnist/vgg")]
    told: list[tuple[int, int]] = []
    found = measure_robustness(networks, written, PERTURBATIONS["turn"], lambda done, total: told.append((done, total)))
    assert [curve.network for curve in found] == ["mnist/lenet", "mnist/vgg"]
    assert told[-1] == (STRENGTH_LEVELS * 300, STRENGTH_LEVELS * 300)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    rest = found[0].levels.index(0)
    for curve in found:
        assert curve.count == 300
        assert curve.accuracy[rest] > 0.9 > curve.accuracy[0]
        assert all(low.low <= share <= low.high for low, share in zip(curve.intervals, curve.accuracy, strict=True))


def test_at_rest_a_curve_is_the_plain_accuracy(written: Split) -> None:
    network = zoo.load_network("mnist/lenet")
    (curve,) = measure_robustness([network], written, PERTURBATIONS["noise"])
    plain = network.runner(written.images.astype(np.float32) / 255).argmax(axis=1) == written.labels
    assert curve.correct[curve.levels.index(0)] == plain.sum()


def test_it_stops_when_told(written: Split) -> None:
    with pytest.raises(Cancelled, match="Turn"):
        measure_robustness([zoo.load_network("mnist/lenet")], written, PERTURBATIONS["turn"], stopped=lambda: True)


def test_the_sample_is_always_the_same_and_keeps_labels(written: Split) -> None:
    one, other = sample_split(written, 50), sample_split(written, 50)
    assert np.array_equal(one.images, other.images)
    assert len(one.labels) == 50
    assert all(
        any(np.array_equal(image, written.images[i]) for i in np.flatnonzero(written.labels == label))
        for image, label in zip(one.images, one.labels, strict=True)
    )


def test_a_small_set_is_taken_whole(written: Split) -> None:
    assert len(sample_split(written, 10_000).labels) == 300


def test_a_network_that_never_falls_has_no_limit() -> None:
    assert breaking_strengths(RobustnessCurve("any", (-1.0, 0.0, 1.0), (9, 10, 8), 10), DARKER) == (None, None)
    assert robustness.SAMPLE_SIZE == 1_000
