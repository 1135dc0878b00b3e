"""The smallest nudge, against the formula of a linear network and against every change of a picture of two pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.attribution.adversarial import adversarial_nudge
from cnn.attribution.results import AdversarialNudge

CLASSES = 4


@dataclass
class TinyNetwork:
    """Logits of tanh of a linear map, or of the map alone where there is no second one."""

    first: Array  # (pixels, n)
    second: Array | None = None  # (n, classes)

    def scores(self, images: Array) -> Array:
        made = images.reshape(len(images), -1) @ self.first
        return np.asarray(made if self.second is None else np.tanh(made) @ self.second, np.float32)

    def gradients(self, images: Array, label: int) -> Array:
        if self.second is None:
            found = np.tile(self.first[:, label], (len(images), 1))
        else:
            slope = 1 - np.tanh(images.reshape(len(images), -1) @ self.first) ** 2
            found = (slope * self.second[:, label]) @ self.first.T
        return np.asarray(found.reshape(images.shape), np.float32)


def nudge(network: TinyNetwork, image: Array) -> AdversarialNudge:
    steps = adversarial_nudge(network, network.scores, image)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: AdversarialNudge = end.value
            return found


@pytest.mark.parametrize("seed", range(4))
def test_a_linear_network_is_turned_by_the_margin_over_the_weights(seed: int) -> None:
    network = TinyNetwork(np.random.default_rng(seed).normal(size=(9, CLASSES)).astype(np.float32))
    image = np.full((3, 3, 1), 0.5, np.float32)
    own = network.scores(image[None])[0]
    label = int(own.argmax())
    apart = np.linalg.norm(network.first - network.first[:, [label]], axis=0)  # (classes,)
    needed = {one: (own[label] - own[one]) / apart[one] for one in range(CLASSES) if one != label}
    found = nudge(network, image)
    assert (found.label, found.answer) == (label, min(needed, key=lambda one: needed[one]))
    assert np.linalg.norm(found.image - image) == pytest.approx(min(needed.values()), rel=1e-3)


@pytest.mark.parametrize("seed", range(8))
def test_of_two_pixels_hardly_any_change_is_smaller(seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = 2 * random.normal(size=(2, 6)), random.normal(size=(6, CLASSES))
    network = TinyNetwork(first.astype(np.float32), second.astype(np.float32))
    image = random.random((1, 2, 1)).astype(np.float32)
    label = int(network.scores(image[None])[0].argmax())
    side = np.linspace(0, 1, 401, dtype=np.float32)
    every = np.stack(np.meshgrid(side, side), -1).reshape(-1, 1, 2, 1)
    turning = every[network.scores(every).argmax(1) != label]
    found = nudge(network, image)
    if not len(turning):
        assert found.answer == label
        return
    least = float(np.sqrt(((turning - image) ** 2).sum((1, 2, 3))).min())
    made = float(np.linalg.norm(found.image - image))
    assert int(network.scores(found.image[None])[0].argmax()) == found.answer != label
    assert least - 1 / 400 <= made <= 1.5 * least + 1 / 400
    assert found.image.min() >= 0
    assert found.image.max() <= 1


def test_where_nothing_turns_the_answer_it_says_so() -> None:
    found = nudge(TinyNetwork(np.zeros((9, CLASSES), np.float32)), np.ones((3, 3, 1), np.float32))
    assert (found.label, found.answer) == (0, 0)
