"""The features that a network's last weights weigh."""

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import BrokenNetwork
from cnn.layers.activations import open_network
from cnn.zoo.feature_extractor import FeatureExtractor, cut_before_last_weights

LAST = {  # the layer in front of the last weights
    "mnist/lenet": "f6",
    "cifar10/alexnet": "dense7",
    "cifar10/inception": "average",
    "cifar10/resnet": "average",
    "imagenet/efficientnet_lite0": "average",
}


@pytest.mark.parametrize(("name", "layer"), LAST.items())
def test_features_are_the_maps_in_front_of_the_last_weights(name: str, layer: str) -> None:
    """One input, and a batch of more than an engine takes at once."""
    features = FeatureExtractor(zoo.load_network(name))
    images = np.random.default_rng(0).random((17 if features.shape[0] < 64 else 1, *features.shape), np.float32)
    found = features(images)
    assert found.shape == (len(images), features.width)
    assert np.allclose(found[-1], open_network(name).maps(images[-1])[layer].reshape(-1), atol=1e-4)


def test_features_without_features_are_refused() -> None:
    """What was cut down to its first convolution weighs the picture itself."""
    model = zoo.load_network("mnist/lenet").runner.model
    with pytest.raises(BrokenNetwork):
        for _ in range(9):
            model = cut_before_last_weights(model, "a network")
