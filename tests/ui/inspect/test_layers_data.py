"""Sentences and kernels that go to the browser with a layer."""

import numpy as np
import pytest

from cnn.layers import feature_maps
from ui.inspect import layers_data, layers_kernels


def said(maps: np.ndarray) -> str:
    return layers_data.unit_sentences(maps, feature_maps.find_activation_peaks(maps))[0]


def test_what_is_below_zero_is_not_called_strong() -> None:
    maps = np.zeros((3, 3, 1), np.float32)
    maps[1, 1] = -2
    assert said(maps) == "Channel 0 is farthest below 0 in the middle: -2 in row 1, column 1."


def test_where_a_unit_is_strongest_is_said() -> None:
    maps = np.zeros((9, 9, 1), np.float32)
    assert said(maps) == "Channel 0 is silent: 0 everywhere."
    maps[1, 0] = 3.14159
    assert said(maps) == "Channel 0 is strongest in the upper left: 3.14 in row 1, column 0."
    maps[1, 8] = maps[8, 0] = maps[8, 8] = 3
    assert said(maps) == "Channel 0 is strong in several places, above all in row 1, column 0: 3.14."
    maps += 4
    assert said(maps) == "Channel 0 is strong all over the picture, above all in row 1, column 0: 7.14."


def test_a_single_number_is_said_with_its_class() -> None:
    maps = np.array([[[0.5, -2]]], np.float32)
    assert layers_data.unit_sentences(maps, feature_maps.find_activation_peaks(maps), ("cat", "dog")) == (
        "Unit 0 (cat) is 0.5.",
        "Unit 1 (dog) is -2.",
    )


@pytest.mark.parametrize(
    ("network", "layer", "caption"),
    [
        ("mnist/lenet", "c1", "Conv kernel: 5x5 weights on image."),
        ("mnist/lenet", "c5", "Dense kernel: 5x5 weights for each of 16 channels of s4."),
        ("mnist/lenet", "f6", "Dense kernel: a weight for each of 120 units of c5."),
        ("cifar10/vgg", "conv1_1", "Conv kernel: 3x3 weights for each of red, green and blue."),
        (
            "imagenet/efficientnet_lite0",
            "block1_depthwise_norm",
            "Depthwise kernel of block1_depthwise, which it follows: 3x3 weights on the same channel of stem_relu6.",
        ),
    ],
)
def test_a_kernel_says_what_it_reads(network: str, layer: str, caption: str) -> None:
    kernel = layers_kernels.kernel_sheet(network, layer, "layer")
    assert kernel is not None
    assert kernel["caption"] == caption


def test_who_shares_the_kernels_scale_is_a_choice() -> None:
    own, shared = (layers_kernels.kernel_sheet("mnist/lenet", "c3", of) for of in ("unit", "layer"))
    assert own is not None
    assert shared is not None
    assert len(own["limits"]) == 16
    assert shared["limits"] == (max(own["limits"], key=lambda ends: ends[1]),)
