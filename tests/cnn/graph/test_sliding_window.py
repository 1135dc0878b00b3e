"""Where kernels and pools look: by hand, and for every window of every shipped network."""

from __future__ import annotations

import numpy as np
import pytest

from cnn import zoo
from cnn.graph import sliding_window
from cnn.graph.sliding_window import place_window
from cnn.layers import activations

ROW = np.arange(1, 6, dtype=np.float32).reshape(1, 5, 1)  # 1 2 3 4 5


@pytest.mark.parametrize(
    ("length", "size", "stride", "dilation", "padding", "before", "after", "places"),
    [
        (5, 3, 1, 1, "valid", 0, 0, 3),
        (5, 3, 1, 1, "same", 1, 1, 5),
        (5, 2, 1, 1, "same", 0, 1, 5),
        (5, 3, 2, 1, "same", 1, 1, 3),
        (4, 3, 2, 1, "same", 0, 1, 2),
        (5, 1, 2, 1, "same", 0, 0, 3),
        (5, 3, 1, 2, "valid", 0, 0, 1),
        (5, 3, 1, 2, "same", 2, 2, 5),
        (224, 7, 2, 1, "same", 2, 3, 112),
    ],
)
def test_padding_and_places_are_tensorflows(
    length: int, size: int, stride: int, dilation: int, padding: str, before: int, after: int, places: int
) -> None:
    one = place_window((length, length), (size, size), (stride, stride), (dilation, dilation), padding)
    assert (one.before, one.after, one.output) == ((before,) * 2, (after,) * 2, (places,) * 2)


def test_down_and_across_are_told_apart() -> None:
    one = place_window((9, 5), (1, 3), (2, 1), (1, 1), "same")
    assert (one.before, one.after, one.output) == ((0, 1), (0, 1), (5, 5))
    assert one.start(2, 0) == (4, -1)


def test_a_patch_has_zeros_where_there_is_padding() -> None:
    at = place_window(ROW.shape, (1, 3), (1, 2), (1, 1), "same")
    found = [sliding_window.window_patch(ROW, at, 0, x) for x in range(at.output[1])]
    assert [patch.ravel().tolist() for patch, _ in found] == [[0, 1, 2], [2, 3, 4], [4, 5, 0]]
    assert [real.ravel().tolist() for _, real in found] == [[False, True, True], [True] * 3, [True, True, False]]


def test_dilation_leaves_pixels_out() -> None:
    patch, real = sliding_window.window_patch(ROW, place_window(ROW.shape, (1, 3), (1, 1), (1, 2), "valid"), 0, 0)
    assert patch.ravel().tolist() == [1, 3, 5]
    assert real.all()


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (3, 1)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_all_places_at_once_are_the_places_one_by_one(stride: int, dilation: int, padding: str) -> None:
    maps = np.random.default_rng(1).random((9, 7, 2), np.float32)
    at = place_window(maps.shape, (3, 2), (stride, stride), (dilation, dilation), padding)
    spread = sliding_window.pad_maps(maps, at)
    whole = np.stack(
        [[sliding_window.shift_by_tap(spread, at, i, j) for j in range(2)] for i in range(3)]
    )  # (3, 2, y, x, channels)
    for y, x in np.ndindex(at.output):
        np.testing.assert_array_equal(whole[:, :, y, x], sliding_window.window_patch(maps, at, y, x)[0])


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_window_stops_as_often_as_its_layer_has_places(name: str) -> None:
    graph = activations.open_network(name).graph
    sliding = [layer for layer in graph.layers if "strides" in layer.config]
    assert sliding
    for layer in sliding:
        assert sliding_window.layer_window(layer, graph.layer(layer.inputs[0]).shape).output == layer.shape[:2], (
            layer.name
        )
