"""The Arithmetic page without a browser, with real networks."""

from __future__ import annotations

from base64 import b64decode
from functools import partial

import numpy as np
import pytest

from cnn import zoo
from cnn.graph import Layer
from cnn.layers import activations
from tests.pages import driver
from tests.pages.driver import checked
from ui.inspect.arithmetic_state import SOFTMAX

opened = partial(driver.opened, "arithmetic")
shown = partial(driver.shown, part="rule")


def numbers(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f4")


def one_of_each(name: str) -> list[str]:
    """Name a layer of every kind that a network holds, and its softmax."""
    kinds: dict[str, Layer] = {}
    for layer in activations.open_network(name).graph.layers:
        kinds.setdefault(layer.kind, layer)
    return [*(layer.name for layer in kinds.values()), *([SOFTMAX] if zoo.has_classifier(name) else [])]


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_kind_of_layer_of_every_network_is_shown(name: str) -> None:
    test = opened(network=name)
    for layer in one_of_each(name):
        checked(test.selectbox(key="layer").set_value(layer).run())
        data = shown(test)
        assert data["scene"].split()[2] == layer
        assert test.query_params["layer"] == layer
        height, width = data["output"]["height"], data["output"]["width"]
        assert numbers(data["output"]["values"]).size == height * width
        for source in data["sources"]:
            assert numbers(source["values"]).size == source["height"] * source["width"]


def test_at_first_the_window_slides_over_the_first_convolution() -> None:
    data = shown(opened(network="mnist/lenet"))
    assert (data["rule"]["name"], data["playing"], data["output"]["title"][:2]) == ("convolve", True, "c1")


def test_a_link_leads_to_a_number() -> None:
    test = opened(network="mnist/lenet", input="sample-3", layer="c3", unit="7", y="2", x="4")
    data = shown(test)
    assert (data["scene"], data["y"], data["x"]) == ("mnist/lenet sample-3 c3 7", 2, 4)
    assert data["playing"] is False
    assert test.number_input[0].value == 7


@pytest.mark.parametrize(
    "address",
    [
        {"layer": "c9", "unit": "3", "y": "2", "x": "2"},
        {"unit": "999"},
        {"unit": "-1", "y": "x"},
        {"y": "99", "x": "0"},
        {"layer": SOFTMAX, "unit": "x"},
    ],
)
def test_a_bad_address_is_mended(address: dict[str, str]) -> None:
    test = opened(network="mnist/lenet", **address)
    data = shown(test)
    assert data["scene"].startswith("mnist/lenet sample-7 ")
    assert 0 <= data["y"] < data["output"]["height"]


def test_the_place_that_one_takes_goes_to_the_address() -> None:
    test = opened(network="mnist/lenet", unit="1")
    scene = shown(test)["scene"]
    test.session_state["arithmetic"] = {"place": {"value": f"3,5 {scene}", "turn": 1}}
    checked(test.run())
    assert {name: test.query_params[name] for name in ("layer", "unit", "y", "x")} == {
        "layer": "c1",
        "unit": "1",
        "y": "3",
        "x": "5",
    }
    data = shown(test)
    assert (data["y"], data["x"], data["turn"], data["playing"]) == (3, 5, 1, False)


@pytest.mark.parametrize(
    "value", ["3,5", "3,5 other", "99,0 {}", "-1,0 {}", "a,b {}", 7, None, "3,5 {} more", "\u00b2,5 {}", "9" * 300]
)
def test_a_malformed_place_changes_nothing(value: object) -> None:
    test = opened(network="mnist/lenet", unit="1", y="8", x="9")
    scene = shown(test)["scene"]
    message = value.replace("{}", scene) if isinstance(value, str) else value
    test.session_state["arithmetic"] = {"place": {"value": message, "turn": 1}}
    checked(test.run())
    assert (shown(test)["y"], shown(test)["x"]) == (8, 9)


def test_next_and_before_walk_the_layers() -> None:
    test = opened(network="mnist/lenet", layer="c1", unit="1", y="3", x="3")
    checked(next(one for one in test.button if one.label == "Next layer").click().run())
    assert shown(test)["scene"].split()[2] == activations.open_network("mnist/lenet").graph.layers[2].name
    assert "y" not in test.query_params
    checked(next(one for one in test.button if one.label == "Previous layer").click().run())
    assert shown(test)["scene"].split()[2] == "c1"


def test_another_network_begins_anew() -> None:
    test = opened(network="mnist/lenet", layer="c3", unit="15", y="2", x="2")
    checked(test.selectbox(key="any network").set_value("mnist/resnet").run())
    assert shown(test)["scene"].startswith("mnist/resnet sample-7 stem ")
    assert shown(test)["playing"] is True


def test_the_layer_stays_when_one_comes_back() -> None:
    test = opened(network="mnist/lenet")
    checked(test.selectbox(key="layer").set_value("c5").run())
    checked(test.switch_page("pages/help.py").run())
    for name in ("layer", "unit", "y", "x"):
        test.query_params.pop(name, None)
    checked(test.switch_page("pages/arithmetic.py").run())
    assert shown(test)["scene"].split()[2] == "c5"


def test_the_line_and_the_softmax_are_told() -> None:
    test = opened(network="mnist/lenet", layer="c3")
    assert test.code[0].value == 'layers.Conv2D(16, 5, activation="tanh")'
    checked(test.selectbox(key="layer").set_value(SOFTMAX).run())
    assert any("divided by the sum of all such powers" in one.value for one in test.caption)
