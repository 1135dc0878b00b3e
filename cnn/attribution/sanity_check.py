"""What is left of the evidence when the network forgets what it learned. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.attribution import attribute, keras_hooks
from cnn.attribution.faithfulness import rank_correlation, structural_similarity
from cnn.attribution.gradient_model import GradientModel
from cnn.attribution.results import RandomizationResult
from cnn.keras_backend import keras
from cnn.metrics.localization import resize_bilinear
from cnn.progress import Progress, ProgressSteps

RANDOMIZATION_STAGES: Final = 6  # from the last layer down to the first


class MutableNetwork:
    """A network that may be changed, with no second engine that would not notice."""

    def __init__(self, model: keras.Model, temperature: float) -> None:
        """Take a model that nobody else uses, and what its logits are divided by before the softmax."""
        self.gradient_model, self.temperature = GradientModel(model), temperature
        self.scores = self.gradient_model.scores


def cascading_randomization(
    model: keras.Model, method: str, image: Array, label: int, seed: int = 0, temperature: float = 1.0
) -> ProgressSteps[RandomizationResult]:
    """Shuffle the weights from the last layer down, and look for evidence after each stage.

    Args:
        model: nobody else's, as it is changed.
        method: a key of `methods.ATTRIBUTION_METHODS`.
        image: float32 (height, width, channels) in [0, 1].
        label: of the class.
        seed: of the shuffling.
        temperature: what its logits are divided by before the softmax.
    Source: Adebayo et al. 2018, arXiv:1810.03292, section 3.1, cascading. Weights are shuffled within their array
        where the paper draws new ones, so that answers keep their size in deep networks.
    """
    random, twin = np.random.default_rng(seed), MutableNetwork(model, temperature)
    weighted = [name for name, layer in reversed(keras_hooks.flatten_layers(model).items()) if layer.weights]
    stages = [list(part) for part in np.array_split(weighted, min(RANDOMIZATION_STAGES, len(weighted)))]
    maps: list[Array] = []
    for stage in range(len(stages) + 1):
        if stage:
            _shuffle(model, stages[stage - 1], random)
        for progress in (looking := _Look(attribute.compute_attribution(method, twin, image, label))):
            yield Progress((stage + progress.share) / (len(stages) + 1))
        maps.append(looking.found)
        yield Progress((stage + 1) / (len(stages) + 1))
    whole = [resize_bilinear(one, image.shape[:2]) for one in maps]
    return RandomizationResult(
        ("", *(str(part[-1]) for part in stages)),
        tuple(maps),
        tuple(rank_correlation(whole[0], one) for one in whole),
        tuple(structural_similarity(whole[0], one) for one in whole),
    )


class _Look:
    """Steps to loop over, with what they came to."""

    def __init__(self, steps: ProgressSteps[Array]) -> None:
        self._steps = steps

    def __iter__(self) -> ProgressSteps[None]:
        self.found = yield from self._steps


def _shuffle(model: keras.Model, names: Sequence[str], random: np.random.Generator) -> None:
    """Shuffle each array of the layers, in the model itself."""
    layers = keras_hooks.flatten_layers(model)
    for name in names:
        layers[name].set_weights(
            [random.permutation(one.ravel()).reshape(one.shape) for one in layers[name].get_weights()]
        )
