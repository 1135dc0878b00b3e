"""Honest confidence: a temperature, and thresholds for what is not known. No TensorFlow.

All come from pictures held back from training. For digits these are half as MNIST has them
and half in other hands, since people do not write like MNIST.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets import augmentation
from cnn.datasets.dataset import Split, SplitName, find_data_set
from cnn.evaluation.evaluate import evaluate_network
from cnn.evaluation.ood_samples import ood_sampler
from cnn.inference.predict import familiarity_score, is_in_distribution
from cnn.metrics import mahalanobis
from cnn.metrics.mahalanobis import MahalanobisFit
from cnn.metrics.temperature import fit_temperature
from cnn.zoo import Card, Network

LogitFunction = Callable[[Array], Array]

FALSE_ALARM_RATE = 0.01  # share of held-out pictures that may be called unknown
PHOTOS = frozenset({"cifar10"})  # data sets of photos, which look alike whatever they show
MEASURES: Final = {"mnist": "divergence", "cifar10": "energy"}  # of familiarity: the first where outliers were taught


@dataclass(frozen=True, slots=True)
class Calibration:
    """A temperature, a least familiarity, how pictures have to look, and the share of outliers caught, by kind."""

    temperature: float
    threshold: float
    mahalanobis: MahalanobisFit | None
    caught: dict[str, float]


def fit_calibration(
    logits: LogitFunction,
    images: Array,
    labels: npt.NDArray[np.int64],
    outliers: Mapping[str, Array],
    alike: bool = False,
    measure: str = "energy",
) -> Calibration:
    """Fit temperature and thresholds.

    Args:
        logits: the network, from pictures (n, height, width, channels) to logits (n, classes).
        images: held-out pictures, float32 in [0, 1].
        labels: their classes.
        outliers: pictures of no class, never trained on, by kind.
        measure: of familiarity; see `cnn.inference.predict.familiarity_score`.
        alike: `images` look alike, whatever they show: learn how, and share the false alarms out.
    """
    share = FALSE_ALARM_RATE / 2 if alike else FALSE_ALARM_RATE
    look = mahalanobis.fit_mahalanobis(images, share) if alike else None
    answers = logits(images)
    threshold = float(np.quantile(familiarity_score(answers, measure), share))
    unknown = {
        kind: ~is_in_distribution(strange, logits(strange), threshold, measure, look)
        for kind, strange in outliers.items()
    }
    caught = {kind: round(float(rows.mean()), 4) for kind, rows in unknown.items()}
    return Calibration(fit_temperature(answers, labels), threshold, look, caught)


def calibrate_and_measure(network: Network, splits: Mapping[SplitName, Split]) -> Card:
    """Calibrate `network` on the validation part, measure it on the test part; the rest of its card stays."""
    data = find_data_set(network.card.data)
    card = calibrate_card(network, splits["validation"], MEASURES[network.card.data])
    words = f"all {len(splits['test'].labels):,} test pictures of {data.title}"
    measured = Network(card, network.runner)
    card = measure_card(measured, splits["test"], f"{words}, {data.note}" if data.note else words)
    if network.card.data not in PHOTOS:  # the mirror image of a digit is none
        return card
    both = evaluate_network(measured, splits["test"], mirrored=True)
    return replace(card, mirrored_accuracy=round(both.accuracy, 4))


def calibrate_card(network: Network, held_out: Split, measure: str) -> Card:
    """Fit temperature and thresholds of a network to pictures held out of its training; the rest of its card stays.

    Args:
        network: of any data set, also of one's own pictures.
        held_out: pictures that it never learned from.
        measure: of familiarity; see `cnn.inference.predict.familiarity_score`.
    """
    card = network.card
    images, labels = CALIBRATION_SAMPLERS.get(card.data, calibration_photos)(held_out, card.seed)
    outliers = ood_sampler(card.data)(card.seed)
    found = fit_calibration(network.runner, images, labels, outliers, card.data in PHOTOS, measure)
    return replace(
        card,
        temperature=found.temperature,
        familiarity=measure,
        threshold=found.threshold,
        looks=found.mahalanobis,
        caught=found.caught,
    )


def measure_card(network: Network, test: Split, measured_on: str) -> Card:
    """Measure a network on pictures that nothing was chosen by; `measured_on` says which in its card."""
    result = evaluate_network(network, test)
    return replace(
        network.card,
        accuracy=round(result.accuracy, 4),
        false_alarms=round(result.false_alarms, 4),
        measured_on=measured_on,
    )


def calibration_digits(split: Split, seed: int) -> tuple[Array, npt.NDArray[np.int64]]:
    """Take held-out digits twice: as they are, and in other hands."""
    rng = np.random.default_rng([seed, 3])
    images = split.images[..., 0].astype(np.float32) / np.float32(255)
    both = np.concatenate([images, augmentation.augment_handwriting(images, rng)])
    return both[..., None], np.concatenate([split.labels, split.labels])


def calibration_photos(split: Split, seed: int) -> tuple[Array, npt.NDArray[np.int64]]:
    """Take held-out pictures as they are."""
    return split.images.astype(np.float32) / np.float32(255), split.labels


CalibrationSampler = Callable[[Split, int], tuple[Array, npt.NDArray[np.int64]]]
CALIBRATION_SAMPLERS: Final[Mapping[str, CalibrationSampler]] = {
    "mnist": calibration_digits,
    "cifar10": calibration_photos,
}
