"""Honest confidence: a temperature, and a threshold for what is not known. No TensorFlow.

Both come from pictures held back from training. For digits these are half as MNIST has them
and half in other hands, since people do not write like MNIST.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn import augment, handwriting
from cnn.data import Split
from cnn.predict import familiarity

Array = npt.NDArray[np.float32]
Logits = Callable[[Array], Array]

FALSE_ALARMS = 0.01  # share of held-out pictures that may be called unknown
OUTLIERS = 2_000  # held-out outliers of each kind


@dataclass(frozen=True, slots=True)
class Calibration:
    """A temperature, a least familiarity, and the share of held-out outliers under it, by kind."""

    temperature: float
    threshold: float
    caught: dict[str, float]


def calibrate(
    logits: Logits, images: Array, labels: npt.NDArray[np.int64], outliers: Mapping[str, Array]
) -> Calibration:
    """Fit temperature and threshold.

    Args:
        logits: the network, from pictures (n, height, width, channels) to logits (n, classes).
        images: held-out pictures, float32 in [0, 1].
        labels: their classes.
        outliers: pictures of no class, never trained on, by kind.
    """
    answers = logits(images)
    threshold = float(np.quantile(familiarity(answers), FALSE_ALARMS))
    caught = {kind: float((familiarity(logits(strange)) < threshold).mean()) for kind, strange in outliers.items()}
    return Calibration(temperature(answers, labels), threshold, caught)


def temperature(logits: Array, labels: npt.NDArray[np.int64]) -> float:
    """Find what to divide logits by so that the labels become most likely.

    Returns: between 0.1 and 10.
    Source: Guo et al. 2017, arXiv:1706.04599, section 4.2.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_temperature: float) -> float:
        likely = log_softmax(logits.astype(np.float64) / np.exp(log_temperature), axis=1)
        return -float(likely[np.arange(len(labels)), labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.1), np.log(10)), method="bounded").x))


def digits(split: Split, seed: int) -> tuple[Array, npt.NDArray[np.int64]]:
    """Take held-out digits twice: as they are, and in other hands."""
    rng = np.random.default_rng([seed, 3])
    images = split.images[..., 0].astype(np.float32) / np.float32(255)
    both = np.concatenate([images, augment.like_people(images, rng)])
    return both[..., None], np.concatenate([split.labels, split.labels])


def strange_digits(seed: int) -> dict[str, Array]:
    """Draw letters and scribbles of kinds that training never showed: (n, 28, 28, 1) each."""
    rng = np.random.default_rng([seed, 4])
    letters = [handwriting.letter(rng, held_out=True) for _ in range(OUTLIERS)]
    scribbles = [handwriting.scribble(rng, held_out=True) for _ in range(OUTLIERS)]
    return {
        "letters": handwriting.pictures(letters, rng)[..., None],
        "scribbles": handwriting.pictures(scribbles, rng)[..., None],
    }


def photos(split: Split, seed: int) -> tuple[Array, npt.NDArray[np.int64]]:
    """Take held-out photos as they are."""
    return split.images.astype(np.float32) / np.float32(255), split.labels


def no_photos(seed: int) -> dict[str, Array]:
    """Make noise and stripes, (n, 32, 32, 3) each: the least that a photo network must not know."""
    rng = np.random.default_rng([seed, 4])
    noise = rng.random((OUTLIERS, 32, 32, 3), np.float32)
    phase, step = rng.uniform(0, 6, (2, OUTLIERS, 1, 1, 1))
    stripes = (np.sin(np.arange(32)[:, None, None] * (0.2 + step / 3) + phase) + 1) / 2
    return {"noise": noise, "stripes": np.broadcast_to(stripes, noise.shape).astype(np.float32)}


Held = Callable[[Split, int], tuple[Array, npt.NDArray[np.int64]]]
HELD_OUT: Final[Mapping[str, Held]] = {"mnist": digits, "cifar10": photos}
STRANGE: Final[Mapping[str, Callable[[int], dict[str, Array]]]] = {"mnist": strange_digits, "cifar10": no_photos}
