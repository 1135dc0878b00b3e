"""The Layers page without a browser, over every network."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.errors import BrokenNetwork
from cnn.layers import ablation, activations
from tests.pages import driver
from tests.pages.driver import checked, shown
from ui.components.feature_map_grid.feature_map_grid import UnitPick
from ui.inspect import layers_data, layers_kernels, layers_state
from ui.resources import network_cache
from ui.selection.input_picker import ChosenInput
from ui.selection.network_and_input import NetworkAndInput

opened = partial(driver.opened, "layers")


def picked(test: AppTest, unit: int, place: list[int] | None = None, turn: int = 1) -> AppTest:
    of = shown(test, "sheet")["of"]
    test.session_state["layers:units"] = {"picked": {"value": {"of": of, "unit": unit, "place": place}, "turn": turn}}
    return checked(test.run())


def address(test: AppTest) -> dict[str, str]:
    return {name: values[0] if isinstance(values, list) else values for name, values in test.query_params.items()}


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_network_opens_with_what_its_first_convolution_finds(name: str) -> None:
    test = opened(network=name)
    drawing, view = shown(test, "blocks"), shown(test, "sheet")
    graph = activations.open_network(name).graph
    names = [layer["name"] for block in drawing["blocks"] for layer in block["layers"]]
    assert sorted(names) == sorted(graph.names)
    first = next(layer.name for layer in graph.layers if layer.kind == "Conv2D")
    assert drawing["chosen"] == ablation.ablation_point(graph, first)
    tanh = name.endswith("lenet")
    assert view["spots"][view["unit"]][0][2] > 0 or tanh
    assert ("black" in test.caption[0].value.lower()) and view["key"].endswith(
        " layer" if name.startswith("mnist") else " unit"
    )
    assert tuple(view["shape"]) == graph.layer(drawing["chosen"]).shape
    assert view["kernel"]["shape"][3] == view["shape"][2]
    assert len(view["sentences"]) == view["shape"][2]
    assert any(drawing["chosen"] in element.value for element in test.markdown)


def test_kernels_in_colour_stand_on_a_wall_and_choose_the_channel() -> None:
    test = opened(network="imagenet/alexnet_features", layer="conv1", unit="3", y="5", x="6")
    wall = shown(test, "kernels")
    assert (wall["shape"], wall["unit"], wall["of"]) == ([11, 11, 64], 3, "imagenet/alexnet_features conv1")
    for turn, (unit, then) in enumerate([(7, 7), (3, 3), (64, 3), ("9", 3)], 1):
        message = {"value": {"of": wall["of"], "unit": unit}, "turn": turn}
        test.session_state["layers:wall"] = {"chosen": message}
        checked(test.run())
        assert (shown(test, "kernels")["unit"], shown(test, "sheet", "")["unit"]) == (then, then)
    picked(test, 12)
    assert shown(test, "kernels")["unit"] == 12


@pytest.mark.parametrize(
    ("name", "layer"), [("mnist/lenet", "c1"), ("cifar10/vgg", "conv1_1"), ("cifar10/alexnet", "conv2")]
)
def test_kernels_that_are_no_pictures_have_no_wall(name: str, layer: str) -> None:
    assert layers_kernels.kernel_wall(name, layer) is None


@pytest.mark.parametrize("name", zoo.answering_networks())
def test_the_last_layer_shows_the_classes(name: str) -> None:
    graph = activations.open_network(name).graph
    view = shown(opened(network=name, layer=graph.logits.name), "sheet")
    assert view["shape"] == [1, 1, graph.logits.units]
    assert view["names"] == list(zoo.read_card(name).classes)
    assert view["sentences"][1].startswith(f"Unit 1 ({view['names'][1]}) is ")


@pytest.mark.parametrize("name", ["mnist/inception", "mnist/resnet"])
def test_every_layer_can_be_looked_at(name: str) -> None:
    graph = activations.open_network(name).graph
    test = opened(network=name)
    for turn, layer in enumerate(graph.layers[::7], 1):
        test.session_state["layers:overview"] = {"chosen": {"value": layer.name, "turn": turn}}
        view = shown(checked(test.run()), "sheet")
        assert view["of"] == f"{name} {layer.name}"
        assert view["shape"][2] == layer.units


def test_a_link_reproduces_what_one_sees() -> None:
    test = opened(network="mnist/lenet", input="sample-3", layer="c3", unit="5", y="2", x="7", scale="network")
    view = shown(test, "sheet")
    assert (view["of"], view["unit"], view["place"]) == ("mnist/lenet c3", 5, [2, 7])
    assert view["key"] == "mnist/lenet c3 sample-3 network"
    assert view["limits"][0][1] > 1  # tanh ends at 1, the logits do not


@pytest.mark.parametrize(
    "wrong",
    [{"layer": "nonsense"}, {"unit": "6"}, {"unit": "-1"}, {"unit": "²"}, {"y": "99", "x": "0"}, {"scale": "x"}],
)
def test_a_bogus_address_is_ignored(wrong: dict[str, str]) -> None:
    right = {"network": "mnist/lenet", "layer": "c1", "unit": "0"}
    view = shown(opened(**right | wrong), "sheet")
    assert view["of"] == "mnist/lenet c1"
    assert view["place"] is None
    assert view["key"].endswith(" layer")


def test_the_address_follows_the_choice() -> None:
    test = picked(opened(network="mnist/lenet"), 3)
    assert (address(test)["layer"], address(test)["unit"]) == ("c1", "3")
    picked(test, 3, [4, 5], 2)
    assert (address(test)["y"], address(test)["x"]) == ("4", "5")
    picked(test, 2, None, 3)
    assert address(test)["unit"] == "2"
    assert "y" not in address(test)


def test_a_unit_stays_while_layers_follow_each_other_unit_by_unit() -> None:
    test = picked(opened(network="mnist/lenet"), 4)
    test.session_state["layers:overview"] = {"chosen": {"value": "s2", "turn": 1}}
    assert shown(checked(test.run()), "sheet")["unit"] == 4
    test.session_state["layers:overview"] = {"chosen": {"value": "c3", "turn": 2}}
    view = shown(checked(test.run()), "sheet")
    assert view["of"] == "mnist/lenet c3"
    assert 0 <= view["unit"] < 16


def test_another_network_begins_anew() -> None:
    test = opened(network="mnist/lenet", layer="c3", unit="5")
    checked(test.selectbox[0].set_value("mnist/resnet").run())
    assert shown(test, "sheet")["of"] == "mnist/resnet stem_relu"
    assert address(test)["network"] == "mnist/resnet"


@pytest.mark.parametrize(
    ("layer", "said"), [("stem", "The ReLU of `stem_relu` makes all blue 0"), ("logits", "speaks against a class")]
)
def test_signs_are_explained_where_they_matter(layer: str, said: str) -> None:
    assert said in opened(network="mnist/resnet", layer=layer).caption[0].value


@pytest.mark.parametrize("of", ["unit", "layer", "network"])
def test_who_shares_the_scale_is_a_choice(of: str) -> None:
    view = shown(opened(network="mnist/vgg", layer="conv2_1_relu", scale=of), "sheet")
    assert len(view["limits"]) == (view["shape"][2] if of == "unit" else 1)
    assert view["limits"][0][0] <= 0


def test_the_receptive_field_comes_with_the_layer() -> None:
    view = shown(opened(network="mnist/lenet", layer="c3"), "sheet")
    assert view["rows"][0] == [0, 11]  # 14 pixels, of which 2 lie above the picture
    assert view["rows"][9] == [16, 27]
    assert len(view["columns"]) == view["shape"][1]


def test_a_network_that_cannot_be_opened_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, folder: Path) -> None:
        raise BrokenNetwork(f"The layers of {name} are damaged. Fetch assets/networks anew.")

    network_cache.opened_network.clear()
    monkeypatch.setattr(activations, "open_network", broken)
    test = opened(network="mnist/lenet")
    assert [error.value for error in test.error] == [
        "The layers of mnist/lenet are damaged. Fetch assets/networks anew."
    ]


def lenet() -> NetworkAndInput:
    network = network_cache.cached_network("mnist/lenet")
    image = activations.open_network("mnist/lenet")
    pixels = image.maps(_seven())["image"]
    return NetworkAndInput(network, ChosenInput("sample-7", "Sample 7", "", pixels), pixels)


def _seven() -> Any:
    from cnn.preprocessing import from_strokes
    from ui.components.drawing_canvas import drawing_canvas
    from ui.selection import sample_digits

    return from_strokes(sample_digits.sample_digits()[7][1], drawing_canvas.PEN).digits[0].pixels


@pytest.mark.parametrize("layer", ["c1", "s2", "c3", "c5", "logits"])
@pytest.mark.parametrize("of", ["unit", "layer", "network"])
def test_pictures_to_keep(layer: str, of: str) -> None:
    view = layers_data.layer_view(lenet(), layer, of)
    whole = Image.open(BytesIO(layers_state.maps_png(lenet(), layer, of)))
    one = Image.open(BytesIO(layers_state.unit_png(lenet(), layer, of, view, UnitPick(1))))
    assert whole.format == one.format == "PNG"
    assert one.width > 2 * 300  # the map, and what it sees
    assert len(whole.convert("RGB").getcolors(whole.width * whole.height)) > 2
