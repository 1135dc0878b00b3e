"""A layer of a kind that is not known: what lies at and behind it is told as not known, what lies before is right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnn import graph, zoo
from cnn.graph import Graph
from cnn.graph.receptive_field import (
    UnknownReceptiveField,
    known_receptive_fields,
    receptive_fields,
    visible_pixels,
    visible_pixels_if_known,
)
from cnn.layers.batched_ops import layers_not_computed
from cnn.layers.unit_arithmetic import unknown_in

RESNET = graph.read_graph(zoo.NETWORKS_FOLDER / "mnist" / "resnet.layers.json")[0]


def swirled(name: str) -> Graph:
    return Graph(tuple(replace(one, kind="Swirl") if one.name == name else one for one in RESNET.layers))


def test_only_what_lies_behind_it_is_not_known() -> None:
    whole = receptive_fields(RESNET)
    assert known_receptive_fields(RESNET) == whole
    middle = next(one for one in RESNET.layers if one.kind == "Conv2D" and len(RESNET.readers(one.inputs[0])) == 2)
    odd = swirled(middle.name)
    found = known_receptive_fields(odd)
    behind = {middle.name}
    for layer in odd.layers:
        if behind & set(layer.inputs):
            behind.add(layer.name)
    assert len(behind) > 10
    assert found == {name: None if name in behind else field for name, field in whole.items()}
    with pytest.raises(UnknownReceptiveField):
        visible_pixels(odd, middle.name)
    hidden = visible_pixels_if_known(odd, middle.name)
    assert hidden.rows.shape == (middle.shape[0], 2)
    assert hidden.box(0, 0)[2:] == (0, 0)
    first = RESNET.layers[1].name
    assert np.array_equal(visible_pixels_if_known(odd, first).rows, visible_pixels(RESNET, first).rows)
    assert layers_not_computed(odd) == (f"{middle.name} (Swirl)",)
    assert layers_not_computed(RESNET) == ()
    assert unknown_in(odd.layer(middle.name)) == "Swirl"
    assert {unknown_in(one) for one in RESNET.layers} == {""}
