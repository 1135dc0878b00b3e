"""When a photo is far from all of ImageNet's classes: the threshold of networks that others trained. No TensorFlow.

No labelled photos of ImageNet come with the app, so a temperature cannot be fitted: it stays 1. A threshold needs no
labels, only photos that show one of the classes. It is fitted on crops of two sample photos, and what it does is
reported on crops of two others, and on noise, stripes, letters and scribbles, none of which took part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.evaluation.ood_samples import SAMPLE_PHOTOS, letters_and_scribbles, noise_and_stripes
from cnn.inference.predict import familiarity_score
from cnn.media import image_decoding
from cnn.zoo import Card, Network

FITTED_ON: Final = ("cat", "coffee")
REPORTED_ON: Final = ("camera", "rocket")
CROPS: Final = 50  # of each photo
SMALLEST_CROP: Final = 0.75  # of the shorter side
FALSE_ALARM_RATE: Final = 0.01  # share of the crops that it is fitted on below it, before ...
MARGIN: Final = 0.7  # ... it is lowered: people's photos are more cluttered than these
PICTURES: Final = 500  # strange ones of each kind
FINE_NOISE: Final = 100  # pictures of noise in the network's own size


def measure_photo_threshold(network: Network, pictures: int = PICTURES) -> Card:
    """Fit the threshold of `network`, measure what lies below it, with so many strange pictures of each kind.

    The rest of its card stays.
    """
    card = network.card
    fitted = _familiarity(network, (crop for name in FITTED_ON for crop in _crops(name)))
    threshold = round(float(np.quantile(fitted, FALSE_ALARM_RATE)) - MARGIN, 2)
    known = _familiarity(network, (crop for name in REPORTED_ON for crop in _crops(name)))
    return replace(
        card,
        threshold=threshold,
        caught={
            kind: float((_familiarity(network, one) < threshold).mean())
            for kind, one in _strange(network, pictures).items()
        },
        false_alarms=float((known < threshold).mean()),
    )


def _strange(network: Network, count: int) -> dict[str, Sequence[Pixels]]:
    """Make pictures of no class, by kind."""
    drawn = noise_and_stripes(0) | letters_and_scribbles(0)
    made: dict[str, Sequence[Pixels]] = {kind: list(_bytes(pictures[:count])) for kind, pictures in drawn.items()}
    fine = np.random.default_rng(1).integers(0, 256, (FINE_NOISE, *network.runner.shape), np.uint8)
    return made | {"fine noise": list(fine)}


def _bytes(pictures: Array) -> Pixels:
    """Bring float pictures (n, height, width, 1 or 3) to RGB bytes."""
    return np.repeat((pictures * 255).astype(np.uint8), 3 // pictures.shape[3], axis=3)


def _crops(name: str) -> Iterable[Pixels]:
    """Cut squares of different size out of a sample photo."""
    rng = np.random.default_rng(0)
    pixels = image_decoding.decode_image((SAMPLE_PHOTOS / f"{name}.jpg").read_bytes(), name).pixels
    height, width, _ = pixels.shape
    for _ in range(CROPS):
        side = int(min(height, width) * rng.uniform(SMALLEST_CROP, 1))
        y, x = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
        yield pixels[y : y + side, x : x + side]


def _familiarity(network: Network, pictures: Iterable[Pixels]) -> Array:
    side = network.runner.shape[0]
    logits = [network.runner(image_decoding.resize_for_network(one, side, side)[None]) for one in pictures]
    return familiarity_score(np.concatenate(logits), network.card.familiarity)
