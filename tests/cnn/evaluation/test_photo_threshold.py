"""The threshold of ImageNet's networks: fitted on photos on which nothing is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cnn import zoo
from cnn.array_types import Array, Pixels
from cnn.evaluation import photo_threshold
from cnn.zoo import Network

CARD = zoo.read_card("imagenet/efficientnet_lite0")
STANDING_OUT = {"cat": 0.8, "coffee": 0.4, "camera": 0.4, "rocket": 0.1}


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """Let a photo's first pixel be how far its answer stands out, noise stand out not at all."""

    def runner(images: Array) -> Array:
        return np.where(np.arange(1000) < 5, images[:, :1, 0, 0] * 10, 0).astype(np.float32)

    runner.shape = (8, 8, 3)  # type: ignore[attr-defined]

    def crops(name: str) -> Iterator[Pixels]:
        for i in range(100):
            yield np.full((8, 8, 3), round(255 * STANDING_OUT[name]) + i % 2, np.uint8)

    monkeypatch.setattr(photo_threshold, "_crops", crops)
    monkeypatch.setattr(
        photo_threshold, "_strange", lambda network, pictures: {"black": [np.zeros((8, 8, 3), np.uint8)]}
    )
    monkeypatch.setattr(photo_threshold, "familiarity_score", lambda logits, measure: logits[:, 0])
    return SimpleNamespace(card=replace(CARD, threshold=0.0), runner=runner)  # type: ignore[return-value]


def test_what_it_is_fitted_on_is_not_what_its_false_alarms_are_counted_on(network: Network) -> None:
    assert not set(photo_threshold.FITTED_ON) & set(photo_threshold.REPORTED_ON)
    card = photo_threshold.measure_photo_threshold(network)
    assert card.threshold == pytest.approx(4.0 - photo_threshold.MARGIN, abs=0.01), "the coffee, less the margin"
    assert card.false_alarms == 0.5, "the rocket lies below it, the camera does not"
    assert card.caught == {"black": 1.0}
    assert card.temperature == CARD.temperature


def test_the_shipped_card_is_what_was_fitted() -> None:
    """A published accuracy stands as published, with the pictures that it was measured on."""
    assert CARD.accuracy == 0.751
    assert CARD.measured_on.startswith("the ImageNet validation set, as published by Google")
    assert "77.6 %" in CARD.measured_on
