"""The kernels behind units: those that make the network's own numbers."""

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import UnknownName
from cnn.graph import CONVOLUTION_KINDS
from cnn.layers import activations, conv_kernels
from cnn.layers.activations import InspectableNetwork


def found(name: str, layer: str) -> conv_kernels.LayerKernels:
    one = conv_kernels.read_kernels(activations.open_network(name), layer)
    assert one is not None
    return one


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_layer_with_a_kernel_shows_one_of_each_unit(name: str) -> None:
    opened = activations.open_network(name)
    for layer in opened.graph.layers:
        behind = conv_kernels.layer_with_kernels(opened.graph, layer.name)
        if layer.kind in (*CONVOLUTION_KINDS, "Dense"):
            assert behind == layer
            assert found(name, layer.name).kernels.shape[3] == layer.units
        elif behind:
            assert layer.units == behind.units


@pytest.mark.parametrize(
    ("name", "layer", "colours"),
    [
        ("cifar10/resnet", "stem", "rgb"),
        ("cifar10/lenet", "c1", "rgb"),  # behind a rescaling
        ("imagenet/resnet50", "conv1_conv", "bgr"),  # behind `CaffeInput` and a padding
        ("mnist/lenet", "c1", ""),
        ("cifar10/resnet", "block1_1_conv1", ""),
    ],
)
def test_channels_that_are_colours_are_told_in_their_order(name: str, layer: str, colours: str) -> None:
    one = found(name, layer)
    assert one.colours == colours
    if colours:
        red = colours.index("r")
        np.testing.assert_array_equal(one.rgb[:, :, 0], one.kernels[:, :, red])


def test_a_norm_or_an_activation_has_the_kernels_that_it_follows() -> None:
    one = found("mnist/resnet", "block1_1_conv1_relu")
    assert one.layer.name == "block1_1_conv1"
    assert one.source.name == "stem_relu"


@pytest.mark.parametrize("layer", ["s2", "flatten", "image"])
def test_without_a_kernel_there_is_none(layer: str) -> None:
    assert conv_kernels.read_kernels(activations.open_network("mnist/lenet"), layer) is None


def test_dense_kernels_lie_as_the_maps_did(sums: tuple[InspectableNetwork, dict[str, np.ndarray]]) -> None:
    opened, maps = sums
    one = found("mnist/lenet", "c5")
    assert one.source.name == "s4"
    total = (one.kernels * maps["s4"][..., None]).sum((0, 1, 2)) + opened.weights("c5")["bias"]
    np.testing.assert_allclose(np.tanh(total), maps["c5"], atol=1e-4)


def test_a_depthwise_kernel_is_that_of_its_own_unit() -> None:
    one = found("imagenet/efficientnet_lite0", "block1_depthwise")
    plain = activations.open_network("imagenet/efficientnet_lite0").weights("block1_depthwise")["kernel"]
    assert one.kernels.shape == (3, 3, 1, 32)
    np.testing.assert_array_equal(one.kernels[..., 0, 5], plain[..., 5, 0])


@pytest.fixture(scope="module")
def sums() -> tuple[InspectableNetwork, dict[str, np.ndarray]]:
    opened = activations.open_network("mnist/lenet")
    return opened, opened.maps(np.random.default_rng(0).random((28, 28, 1), np.float32))


def test_what_is_too_much_to_draw_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conv_kernels, "MAX_KERNEL_VALUES", 100)
    assert conv_kernels.read_kernels(activations.open_network("mnist/lenet"), "c1") is None


def test_an_unknown_layer_names_the_known() -> None:
    with pytest.raises(UnknownName, match="c1"):
        conv_kernels.read_kernels(activations.open_network("mnist/lenet"), "c9")
