"""Class activation maps: which places of a picture speak for a class, as coarse as the layer's maps.

All give float32 (layer_height, layer_width) in [0, 1], its greatest value 1; all 0 where nothing speaks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from cnn.array_types import Array
from cnn.metrics.localization import min_max_upsample, normalize_heatmap
from cnn.metrics.softmax import softmax
from cnn.progress import Progress, ProgressSteps

if TYPE_CHECKING:
    from cnn.attribution.gradient_model import GradientModel

ScoreFunction = Callable[[Array], Array]

BATCH: Final = 16  # masked pictures asked at once


def grad_cam(network: GradientModel, image: Array, label: int, layer: str | None = None) -> Array:
    """Weigh each map by its mean gradient, add, keep what is positive.

    Args:
        network: that was asked.
        image: float32 (height, width, channels) in [0, 1].
        label: of the class.
        layer: whose maps are weighed; the last ones if None.
    Raises: UnknownName: no such layer. BadInput: a wrong shape, or a label out of range.
    Source: Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2.
    """
    network.check_input(image, label)
    activations, gradients = network.maps_and_gradients(image, label, layer)  # both (layer_height, layer_width, k)
    weights = gradients.mean(axis=(0, 1))  # (k,): alpha_k, equation 1
    return normalize_heatmap(activations @ weights)  # ReLU of the weighted sum, equation 2


def grad_cam_plus_plus(network: GradientModel, image: Array, label: int, layer: str | None = None) -> Array:
    """Weigh each map by its positive gradients, those the more whose place stands out; see `grad_cam`.

    The score is exp of the logit, so that its second and third derivatives are powers of the first.

    Source: Chattopadhay et al. 2018, arXiv:1710.11063, section 3.
    """
    network.check_input(image, label)
    activations, gradients = network.maps_and_gradients(image, label, layer)
    second, third = gradients**2, gradients**3
    below = 2 * second + activations.sum((0, 1)) * third
    alphas = np.divide(second, below, out=np.zeros_like(second), where=np.abs(below) > np.finfo(np.float32).tiny)
    weights = (alphas * np.maximum(gradients, 0)).sum((0, 1))  # (k,)
    return normalize_heatmap(activations @ weights)


def layer_cam(network: GradientModel, image: Array, label: int, layer: str | None = None) -> Array:
    """Weigh each place of each map by its own positive gradient; see `grad_cam`.

    Source: Jiang et al. 2021, doi:10.1109/TIP.2021.3089943, equations 5 and 6.
    """
    network.check_input(image, label)
    activations, gradients = network.maps_and_gradients(image, label, layer)
    weights = np.maximum(gradients, 0)  # (layer_height, layer_width, k), equation 5
    return normalize_heatmap((activations * weights).sum(2))  # equation 6


def score_cam(
    network: GradientModel, scores: ScoreFunction, image: Array, label: int, layer: str | None = None
) -> ProgressSteps[Array]:
    """Weigh each map by the logit that is left where the map shows the picture and hides the rest.

    Args:
        network: whose maps are weighed.
        scores: images (n, height, width, channels) -> logits (n, classes), the fastest way.
        image: as for `grad_cam`, and so are the rest.
        label: of the class.
        layer: whose maps are weighed.
    Source: Wang et al. 2020, arXiv:1910.01279, algorithm 1: a map is enlarged, then normalised; the baseline
        is a black picture, whose score is the same for all maps and so has no part in the softmax.
    """
    network.check_input(image, label)
    activations, _ = network.maps_and_gradients(image, label, layer)
    count = activations.shape[2]
    logits = np.zeros(count)
    for first in range(0, count, BATCH):
        part = slice(first, min(first + BATCH, count))
        masks = np.stack([min_max_upsample(activations[..., k], image.shape[:2]) for k in range(count)[part]])
        logits[part] = scores(masks[..., None] * image)[:, label]
        yield Progress(part.stop / count)
    return normalize_heatmap(activations @ softmax(logits))
