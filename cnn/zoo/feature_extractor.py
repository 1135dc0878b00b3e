"""What a network's last weights weigh: its features, from its own .tflite, cut before them. No TensorFlow."""

from __future__ import annotations

import numpy as np

from cnn.array_types import Array
from cnn.zoo.features_in_tflite import cut_before_last_weights
from cnn.zoo.litert_runner import LiteRTRunner
from cnn.zoo.networks import Network


class FeatureExtractor:
    """Turns inputs into the features of a network, averaged over places where they have any.

    Every class of the network is a weighted sum of them, so they hold all that it found in the picture; a new head on
    them learns other classes (Donahue et al. 2013, arXiv:1310.1531). A network without a classifier ends in them.

    Attributes:
        name: of the network, such as "imagenet/efficientnet_lite0".
        shape: (height, width, channels) of an input.
        width: features of one input.
    """

    def __init__(self, network: Network) -> None:
        """Cut the network before its last weights.

        Raises: BrokenNetwork: nothing in it weighs features.
        """
        self.name = network.name
        if network.card.answers:
            self._runner = LiteRTRunner(cut_before_last_weights(network.runner.model, network.name))
        else:
            self._runner = network.runner
        self.shape = self._runner.shape
        self.width = int(self(np.zeros((1, *self.shape), np.float32)).shape[1])

    def __call__(self, inputs: Array) -> Array:
        """Compute float32 (n, width) of inputs, float32 (n, height, width, channels) as the network takes them."""
        features = self._runner(inputs)
        return features.mean(axis=tuple(range(1, features.ndim - 1))) if features.ndim > 2 else features
