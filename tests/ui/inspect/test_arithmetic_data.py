"""What the browser gets of one unit: the maps, kernels and settings that its sum needs."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn import zoo
from cnn.layers import activations, unit_arithmetic
from cnn.layers.unit_steps import ConvolutionStep, UnitPlace
from ui.components.sliding_sum import sliding_sum
from ui.inspect import arithmetic_data
from ui.resources import network_cache

NAME = "mnist/lenet"
LARGE = "imagenet/efficientnet_lite0"


@pytest.fixture(autouse=True)
def fresh() -> None:
    arithmetic_data.arithmetic_scene.clear()
    network_cache.activation_maps.clear()


def image(name: str) -> np.ndarray:
    return np.random.default_rng(3).random(activations.open_network(name).graph.layers[0].shape, np.float32)


def scene(name: str, layer: str, unit: int) -> dict[str, Any]:
    return arithmetic_data.arithmetic_scene(name, "noise", layer, unit, image(name))


def numbers(text: str, *shape: int) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f4").reshape(shape)


def test_maps_and_kernels_are_the_networks() -> None:
    data, opened = scene(NAME, "c3", 4), activations.open_network(NAME)
    maps = opened.maps(image(NAME))
    rule, output = data["rule"], data["output"]
    np.testing.assert_array_equal(numbers(output["values"], output["height"], output["width"]), maps["c3"][..., 4])
    assert (rule["others"], rule["rest"], len(data["sources"])) == (0, "", 6)
    kernels = numbers(rule["kernels"], 6, 5, 5)
    for source, channel, kernel in zip(data["sources"], rule["channels"], kernels, strict=True):
        np.testing.assert_array_equal(numbers(source["values"], 14, 14), maps["s2"][..., channel])
        np.testing.assert_array_equal(kernel, opened.weights("c3")["kernel"][:, :, channel, 4])


@pytest.mark.parametrize(("layer", "channels"), [("block1_project", 4), ("block5_project", 24), ("stem", 3)])
def test_of_a_large_layer_only_the_strongest_channels_are_sent(layer: str, channels: int) -> None:
    data = scene(LARGE, layer, 1)
    read = activations.open_network(LARGE).graph.layer(activations.open_network(LARGE).graph.layer(layer).inputs[0])
    assert len(data["sources"]) == channels
    assert data["rule"]["others"] == read.units - channels
    assert len(str(data)) < 1_200_000


@pytest.mark.parametrize("name", [*zoo.network_names("mnist"), LARGE])
def test_the_browser_knows_the_rule_of_every_kind_of_layer(name: str) -> None:
    rules = (Path(sliding_sum.__file__).parent / "sum_rules.js").read_text("utf-8")
    known = set(re.findall(r"^  (\w+)(?:\(view|: \()", rules[rules.index("const WORK") :], re.MULTILINE))
    layers = {layer.kind: layer.name for layer in activations.open_network(name).graph.layers}
    assert len(layers) > 4
    assert {kind: scene(name, layer, 0)["rule"]["name"] for kind, layer in layers.items()}.items() <= {
        (kind, rule) for kind in layers for rule in known
    }


def test_nothing_is_a_list() -> None:
    def walk(value: object) -> None:
        assert not isinstance(value, list)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
            walk(one)

    for layer in activations.open_network(NAME).graph.layers:
        walk(scene(NAME, layer.name, 0))


def test_every_channel_of_a_place_is_told_exactly() -> None:
    opened = activations.open_network(LARGE)
    maps = opened.maps(image(LARGE))
    made = unit_arithmetic.compute_unit(opened, maps, UnitPlace("block5_project", 3, 7, 9))
    assert isinstance(made.step, ConvolutionStep)
    told = arithmetic_data.exact_contributions(made)
    assert (told["y"], told["x"], len(told["channels"])) == (7, 9, arithmetic_data.ROWS)
    for channel, part in zip(told["channels"], told["parts"], strict=True):
        assert part == made.step.partial[made.step.channels.index(channel)]
    assert list(told["parts"]) == sorted(told["parts"], key=lambda part: -abs(part))
    assert (
        arithmetic_data.exact_contributions(
            unit_arithmetic.compute_unit(opened, maps, UnitPlace("block5_project_norm", 3, 7, 9))
        )
        == {}
    )


def test_a_dense_unit_lists_its_strongest_inputs_and_the_rest() -> None:
    data, opened = scene(NAME, "f6", 2), activations.open_network(NAME)
    step = unit_arithmetic.compute_unit(opened, opened.maps(image(NAME)), UnitPlace("f6", 2)).step
    rule = data["rule"]
    listed = [row["given"] * row["weight"] for row in rule["rows"]]
    assert (len(listed), rule["others"]) == (arithmetic_data.ROWS, 120 - arithmetic_data.ROWS)
    assert sum(listed) + rule["rest"] == pytest.approx(step.total)  # type: ignore[union-attr]


@pytest.mark.parametrize("unit", [0, 7])
def test_the_softmax_lists_the_class_that_is_asked(unit: int) -> None:
    data, step = arithmetic_data.softmax_shares(LARGE, "noise", unit, image(LARGE))
    assert [row["own"] for row in data["rule"]["rows"]].count(True) == 1
    assert len(data["rule"]["rows"]) + data["rule"]["others"] == 1000
    assert numbers(data["output"]["values"], 1)[0] == pytest.approx(step.value)
    powers = [np.exp((row["logit"] - data["rule"]["largest"]) / step.temperature) for row in data["rule"]["rows"]]
    assert sum(powers) + data["rule"]["rest"] == pytest.approx(step.powers.sum())


def test_units_have_names() -> None:
    graph = activations.open_network(LARGE).graph
    assert arithmetic_data.unit_name(graph.layers[0], 1) == "image, green"
    assert arithmetic_data.unit_name(graph.layer("stem"), 1) == "stem, channel 1"
    assert arithmetic_data.unit_name(activations.open_network(NAME).graph.layers[0], 0) == "image"
