"""What each channel adds to a unit, at every place at once."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.layers import activations, channel_contributions, unit_arithmetic
from cnn.layers.unit_steps import ConvolutionStep, UnitPlace


@pytest.mark.parametrize(("name", "layer"), [("mnist/resnet", "block2_1_conv1"), ("mnist/lenet", "c3")])
def test_the_strongest_and_the_rest_add_up_to_the_whole(name: str, layer: str) -> None:
    opened = activations.open_network(name)
    maps = opened.maps(np.random.default_rng(3).random((28, 28, 1), np.float32))
    one = opened.graph.layer(layer)
    read = maps[one.inputs[0]]
    found = channel_contributions.strongest_channels(one, opened.weights(layer)["kernel"], read, 4, 3)
    assert (len(found.chosen), found.others) == (3, read.shape[-1] - 3)
    for y, x in ((0, 0), (3, 5), (one.shape[0] - 1, one.shape[1] - 1)):
        step = unit_arithmetic.compute_unit(opened, maps, UnitPlace(layer, 4, y, x)).step
        assert isinstance(step, ConvolutionStep)
        parts = {channel: step.partial[step.channels.index(channel)] for channel in found.chosen}
        assert sum(parts.values()) + found.rest[y, x] == pytest.approx(step.total, abs=1e-5)
        for kernel, channel in zip(found.kernels, found.chosen, strict=True):
            assert np.array_equal(kernel, step.kernel[..., step.channels.index(channel)])


def test_the_strongest_come_first() -> None:
    opened = activations.open_network("mnist/lenet")
    maps = opened.maps(np.random.default_rng(3).random((28, 28, 1), np.float32))
    kernel, read = opened.weights("c3")["kernel"], maps[opened.graph.layer("c3").inputs[0]]
    found = channel_contributions.strongest_channels(opened.graph.layer("c3"), kernel, read, 0, 6)
    parts = channel_contributions.convolve_each_channel(kernel[..., 0], read, found.window)
    strength = np.abs(parts).mean((0, 1))
    assert list(found.chosen) == sorted(range(6), key=lambda channel: -strength[channel])
    assert found.others == 0
    assert not found.rest.any()


def test_a_depthwise_unit_has_one_channel() -> None:
    opened = activations.open_network("imagenet/efficientnet_lite0")
    layer = opened.graph.layer("block2_depthwise")
    read = np.random.default_rng(3).random(opened.graph.layer(layer.inputs[0]).shape, np.float32)
    found = channel_contributions.strongest_channels(layer, opened.weights(layer.name)["kernel"], read, 5, 8)
    assert (found.chosen, found.others) == ((5,), 0)


def test_the_largest_are_those_farthest_from_zero() -> None:
    assert channel_contributions.largest_indices([1, -3, 2, 0], 3) == [1, 2, 0]
