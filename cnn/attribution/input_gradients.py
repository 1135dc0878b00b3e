"""Evidence as fine as the picture itself, from the gradient of a class by every pixel.

Maps are float32 (height, width) in [0, 1]; all 0 where nothing speaks for the class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from cnn.array_types import Array
from cnn.metrics.localization import normalize_heatmap
from cnn.progress import Progress, ProgressSteps

if TYPE_CHECKING:
    from cnn.attribution.gradient_model import GradientModel


# Noisy pictures. Smilkov et al. 2017, figure 4, see little gain beyond 50; yet with 50 two seeds correlate at 0.95
# (VGG on a digit) and 0.79 (ResNet-20 on a cat), with 200 at 0.99 and 0.93. On 224 px 50 take seconds: 0.29.
SMOOTHGRAD_SAMPLES: Final = 200
SMOOTHGRAD_SAMPLES_LARGE: Final = 50  # of a picture with more than ...
SMALL_SIDE: Final = 64  # ... so many pixels a side
SMOOTHGRAD_NOISE: Final = 0.15  # deviation, of the range of the picture's values: 10 to 20 % look best (figure 3)
BATCH: Final = 10  # pictures differentiated at once
FIRST, MOST = 32, 1024  # steps on the way from black to the picture
COMPLETENESS_TOLERANCE: Final = 0.005  # of the difference of the two scores: how near the sum must come
NEAR: Final = 0.02  # of a logit: below it the difference is nothing
CLIP_PERCENTILE: Final = 99.0  # what becomes 1: single pixels would leave the rest dark (Smilkov et al., section 3.1)


def saliency(network: GradientModel, image: Array, label: int) -> Array:
    """Show how much a small change of each pixel changes the class' logit, by the channel that changes it most.

    Args:
        network: that was asked.
        image: float32 (height, width, channels) in [0, 1].
        label: of the class.
    Raises: BadInput: a wrong shape, or a label out of range.
    Source: Simonyan et al. 2014, arXiv:1312.6034, section 3.1.
    """
    network.check_input(image, label)
    return normalize_heatmap(_strength(network.gradients(image[None], label)[0]), CLIP_PERCENTILE)


def smooth_grad(
    network: GradientModel,
    image: Array,
    label: int,
    samples: int | None = None,
    noise: float = SMOOTHGRAD_NOISE,
    seed: int = 0,
) -> ProgressSteps[Array]:
    """Average the gradients of noisy copies of the picture; see `saliency`.

    `samples` are SMOOTHGRAD_SAMPLES by default, fewer of a large picture; `noise` is their deviation, of the range of
    the picture's values.

    Source: Smilkov et al. 2017, arXiv:1706.03825, section 2.
    """
    network.check_input(image, label)
    if samples is None:
        samples = SMOOTHGRAD_SAMPLES if max(image.shape) <= SMALL_SIDE else SMOOTHGRAD_SAMPLES_LARGE
    random = np.random.default_rng(seed)
    deviation = np.float32(noise * (image.max() - image.min()))
    total = np.zeros_like(image)
    for done in range(0, samples, BATCH):
        count = min(BATCH, samples - done)
        noisy = image + deviation * random.standard_normal((count, *image.shape), np.float32)
        total += network.gradients(noisy, label).sum(0)
        yield Progress((done + count) / samples)
    return normalize_heatmap(_strength(total / np.float32(samples)), CLIP_PERCENTILE)


def signed_integrated_gradients(network: GradientModel, image: Array, label: int) -> ProgressSteps[Array]:
    """Share the difference that the picture makes to the logit, against a black one, among its values.

    Returns: float32 (height, width, channels) of either sign; their sum is the logit of the picture minus that
        of a black one, within COMPLETE of it, or else as near as MOST steps come.
    Source: Sundararajan et al. 2017, arXiv:1703.01365, equation 3, by the trapezoidal rule; steps are halved
        until the sum agrees with proposition 1.
    """
    network.check_input(image, label)
    black = np.zeros_like(image)
    first, last = network.scores(np.stack([black, image]))[:, label]
    ends = network.gradients(np.stack([black, image]), label).sum(0, dtype=np.float64) / 2
    inner = np.zeros(image.shape)
    count = 1
    while count < MOST:
        new = np.arange(1, FIRST) / FIRST if count == 1 else (np.arange(count) + 0.5) / count
        count = FIRST if count == 1 else 2 * count
        for at in range(0, len(new), BATCH):
            way = new[at : at + BATCH].astype(np.float32)[:, None, None, None]
            inner += network.gradients(way * image, label).sum(0, dtype=np.float64)
            yield Progress((count - len(new) + at) / (2 * count))
        found = image * (ends + inner) / count
        if abs(found.sum() - (last - first)) <= max(
            COMPLETENESS_TOLERANCE * abs(last - first), NEAR * COMPLETENESS_TOLERANCE
        ):
            break
    return np.asarray(found, np.float32)


def integrated_gradients(network: GradientModel, image: Array, label: int) -> ProgressSteps[Array]:
    """Show what each pixel adds to the logit, against a black picture; see `signed_integrated_gradients`."""
    found = yield from signed_integrated_gradients(network, image, label)
    return normalize_heatmap(found.sum(2), CLIP_PERCENTILE)


def guided_backpropagation(network: GradientModel, image: Array, label: int) -> Array:
    """As `saliency`, but each ReLU passes back only what is positive.

    Source: Springenberg et al. 2015, arXiv:1412.6806, section 3.4.
    """
    network.check_input(image, label)
    return normalize_heatmap(_strength(network.guided_gradients(image[None], label)[0]), CLIP_PERCENTILE)


def _strength(gradients: Array) -> Array:
    """Take of each pixel (height, width, channels) the channel that changes most: (height, width)."""
    return np.asarray(np.abs(gradients).max(2), np.float32)
