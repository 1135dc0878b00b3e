"""An adversarial nudge: about the smallest change along gradients that makes a network say something else.

A map of evidence says where an answer comes from; this says how little is needed to turn it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np

from cnn.array_types import Array
from cnn.attribution.results import AdversarialNudge
from cnn.progress import Progress, ProgressSteps

RIVALS: Final = 9  # other classes that are tried, those with the largest logits: all of ten
STEPS: Final = 50  # at most; a handful is the rule
OVERSHOOT: Final = 0.02  # beyond where the straight step would end: on the border nothing has turned yet
HALVINGS: Final = 12  # of the way from the picture: what is left is under 1/4,000 of it


class Differentiable(Protocol):
    """What gives logits and their gradients by a picture, such as `GradientModel`."""

    def scores(self, images: Array) -> Array:
        """Compute logits, float32 (n, classes), of images (n, height, width, channels)."""
        ...

    def gradients(self, images: Array, label: int) -> Array:
        """Differentiate the logit of `label` by each value of images (n, height, width, channels)."""
        ...


def adversarial_nudge(
    network: Differentiable, answer: Callable[[Array], Array], image: Array
) -> ProgressSteps[AdversarialNudge]:
    """Find a small change that makes a network say something else.

    Each step goes the shortest straight way to the border of the nearest class, as if the network were linear, and back
    into [0, 1], until the answer turns; then as much of the way is taken back as keeps it turned. A linear network is
    turned by the smallest change there is, Euclidean; of others it is the smallest found.

    Args:
        network: gives logits and gradients.
        answer: gives logits, float32 (n, classes), of pictures (n, height, width, channels); they decide.
        image: float32 (height, width, channels) in [0, 1].
    Returns: see `AdversarialNudge`; its answer is the old one where nothing turned it.
    Source: Moosavi-Dezfooli et al. 2015, arXiv:1511.04599, algorithm 2; after Goodfellow et al. 2014, arXiv:1412.6572.
    """
    logits = answer(image[None])[0]
    label = int(logits.argmax())
    rivals = [int(one) for one in np.argsort(-logits, kind="stable") if one != label][:RIVALS]
    nudged = image
    for step in range(STEPS):
        nudged = _stepped(network, nudged, label, rivals)
        if int(answer(nudged[None])[0].argmax()) != label:
            break
        yield Progress((step + 1) / STEPS)
    else:
        return AdversarialNudge(image, label, label)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        turned = int(answer(_between(image, nudged, middle)[None])[0].argmax()) != label
        low, high = (low, middle) if turned else (middle, high)
    least = _between(image, nudged, high)
    return AdversarialNudge(least, label, int(answer(least[None])[0].argmax()))


def _stepped(network: Differentiable, image: Array, label: int, rivals: list[int]) -> Array:
    """Go to the nearest border: the one that the least change reaches, pixels at their bounds left out."""
    logits, own = network.scores(image[None])[0], network.gradients(image[None], label)[0]
    ways = np.stack([network.gradients(image[None], rival)[0] - own for rival in rivals])  # (rivals, h, w, c)
    free = ~((image <= 0) & (ways < 0) | (image >= 1) & (ways > 0))
    ways = np.where(free, ways, 0)
    behind = logits[label] - logits[rivals]  # (rivals,)
    lengths = np.sqrt((ways**2).sum((1, 2, 3)))
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(lengths > 0, behind / lengths, np.inf)
    nearest = int(far.argmin())
    if not np.isfinite(far[nearest]):
        return image
    step = (1 + OVERSHOOT) * max(float(far[nearest]), 1e-4) / lengths[nearest] * ways[nearest]
    return np.asarray(np.clip(image + step, 0, 1), np.float32)


def _between(image: Array, nudged: Array, share: float) -> Array:
    return np.asarray(image + np.float32(share) * (nudged - image), np.float32)
