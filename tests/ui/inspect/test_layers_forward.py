"""The frames of the played forward pass."""

from __future__ import annotations

import numpy as np
import pytest

from cnn import zoo
from cnn.graph.blocks import gather_blocks
from cnn.layers import activations
from ui.inspect.layers_forward import HAPPENS, MAPS, NUMBERS, SIDE_PX, most_active_maps

SILENT = {"Flatten", "Reshape", "Dropout", "Pad", "ZeroPadding2D", "Rescaling", "CaffeInput"}  # nothing is found there


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_layer_that_finds_something_is_told(name: str) -> None:
    kinds = {block.layers[0].kind for block in gather_blocks(activations.open_network(name).graph)}
    assert kinds - SILENT <= set(HAPPENS)


def test_the_most_active_maps_stay_in_their_order() -> None:
    strength = np.random.default_rng(0).permutation(40).astype(np.float32)
    signs = np.where(np.arange(40) % 2, -1, 1).astype(np.float32)
    values = np.ones((4, 6, 1), np.float32) * strength * signs
    shown = most_active_maps(values)
    wanted = [unit for unit in range(40) if strength[unit] >= 40 - MAPS]
    assert shown[0, 0].tolist() == (strength * signs)[wanted].tolist()


def test_large_maps_are_averaged_and_rows_of_numbers_stay_long() -> None:
    values = np.arange(112 * 112, dtype=np.float32).reshape(112, 112, 1)
    shown = most_active_maps(values)
    assert shown.shape == (SIDE_PX, SIDE_PX, 1)
    assert shown[0, 0, 0] == values[:4, :4].mean()
    assert most_active_maps(np.ones((1, 1, 300), np.float32)).shape == (1, 1, NUMBERS)
