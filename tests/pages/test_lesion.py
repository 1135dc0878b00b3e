"""The Ablation page without a browser, over every network."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from io import BytesIO, StringIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.datasets.dataset import Split
from cnn.evaluation import held_out
from cnn.inference.predict import calibrated_probabilities
from cnn.layers import ablation, activations
from cnn.layers.ablation import AblationCost
from cnn.zoo import pretrained
from tests.pages import driver
from tests.pages.driver import TIMEOUT, checked, shown
from tests.pages.test_layers import lenet
from ui.inspect import lesion_data, lesion_measure
from ui.resources import network_cache
from ui.text.layer_text import channel_word

opened = partial(driver.opened, "lesion")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Measure on a handful of pictures."""

    def pictures(data: str) -> held_out.HeldOutSet:
        shape = activations.open_network(f"{data}/lenet").graph.layers[0].shape
        rng = np.random.default_rng(1)
        return held_out.HeldOutSet(
            "a few pictures", "", Split(rng.integers(0, 256, (8, *shape), np.uint8), np.arange(8))
        )

    monkeypatch.setattr(held_out, "load_held_out", pictures)
    return


def switched(test: AppTest, off: str, turn: int = 1) -> AppTest:
    of = shown(test, "sheet")["of"]
    test.session_state["lesion:switches"] = {"off": {"value": {"of": of, "off": off}, "turn": turn}}
    return checked(test.run())


def address(test: AppTest) -> dict[str, str]:
    return {name: values[0] if isinstance(values, list) else values for name, values in test.query_params.items()}


def said(test: AppTest) -> str:
    return " ".join(element.value for element in test.markdown)


@pytest.mark.parametrize("name", zoo.answering_networks())
def test_every_network_opens_intact_and_loses_units(name: str) -> None:
    test = opened(network=name)
    view, bars = shown(test, "sheet"), shown(test, "rows", "Confidence")
    layer = ablation.ablatable_layers(activations.open_network(name).graph)[0]
    assert (view["of"], view["shape"][2], view["off"]) == (f"{name} {layer.name}", layer.units, [])
    assert all(row["shares"][0] == row["shares"][1] for row in bars["rows"])
    assert "Switch channels off" in said(test)
    switched(test, ".".join(map(str, range(layer.units))))
    assert f"Without all {layer.units} {channel_word(layer)}s it" in said(test)
    bars = shown(test, "rows", "Confidence")
    assert any(abs(row["shares"][0] - row["shares"][1]) > 0.01 for row in bars["rows"])


def test_a_link_reproduces_what_is_seen() -> None:
    test = opened(network="mnist/lenet", input="sample-3", layer="c3", off="2.5")
    assert shown(test, "sheet")["off"] == [2, 5]
    assert "Without channels 2 and 5 it" in said(test)
    switched(test, "5")
    assert address(test)["off"] == "5"
    switched(test, "", 2)
    assert "off" not in address(test)
    assert address(test)["layer"] == "c3"


@pytest.mark.parametrize(("layer", "off"), [("c3", "99"), ("c3", "a.b"), ("c3", "1..2"), ("nowhere", "1"), ("s2", "1")])
def test_a_bogus_address_is_ignored(layer: str, off: str) -> None:
    assert shown(opened(network="mnist/lenet", layer=layer, off=off), "sheet")["off"] == []


@pytest.mark.parametrize("value", [None, 3, {"of": "x", "off": "1"}, {"of": "mnist/lenet c1", "off": [1]}])
def test_a_malformed_message_changes_nothing(value: object) -> None:
    test = opened(network="mnist/lenet", layer="c1", off="2")
    test.session_state["lesion:switches"] = {"off": {"value": value, "turn": 1}}
    assert shown(checked(test.run()), "sheet")["off"] == [2]


def test_another_layer_begins_with_all_on() -> None:
    test = opened(network="mnist/lenet", layer="c1", off="2")
    checked(test.selectbox[1].set_value("c3").run())
    assert shown(test, "sheet")["of"] == "mnist/lenet c3"
    assert shown(test, "sheet")["off"] == []
    assert address(test)["layer"] == "c3"
    assert "off" not in address(test)


def test_another_input_keeps_the_units_off() -> None:
    test = opened(network="mnist/lenet", layer="c1", off="2")
    test.session_state["lesion digits"] = {"chosen": {"value": "sample-3", "turn": 1}}
    assert shown(checked(test.run()), "sheet")["off"] == [2]
    assert address(test)["input"] == "sample-3"


def test_a_layer_from_another_page_leads_to_where_its_units_are_switched() -> None:
    assert shown(opened(network="mnist/resnet", layer="stem"), "sheet")["of"] == "mnist/resnet stem_relu"


def test_photos_without_labels_say_why() -> None:
    test = opened(network="imagenet/efficientnet_lite0")
    assert any("no accuracy can be measured" in info.value for info in test.info)


def test_the_accuracy_comes_and_tells_how_many_changed() -> None:
    test = opened(network="mnist/lenet", layer="c3", off="0.1.2")
    key = ("mnist/lenet", "c3", frozenset({0, 1, 2}))
    work = lesion_measure.accuracy_jobs().last(key)
    assert work is not None
    assert work.ended.wait(TIMEOUT)
    assert isinstance(work.result, AblationCost)
    checked(test.run())
    bars = shown(test, "rows", "Accuracy on 8 of a few pictures")
    assert bars["rows"][0]["shares"] == [work.result.before / 8, work.result.after / 8]
    assert f"**{work.result.changed}** of 8 answers changed" in said(test)


def test_the_ranking_names_the_unit_that_is_needed_most() -> None:
    test = opened(network="mnist/lenet", layer="c1")
    button = next(one for one in test.button if one.label.startswith("Switch each of the 6 channels"))
    checked(button.click().run())
    work = lesion_measure.ranking_jobs().last(("mnist/lenet", "c1", "sample-7"))
    assert work is not None
    assert work.ended.wait(TIMEOUT)
    bars = shown(checked(test.run()), "rows", "without each channel")
    left = [row["shares"][1] for row in bars["rows"]]
    assert len(left) == 6
    assert left == sorted(left)


def test_the_table_has_a_row_a_unit() -> None:
    subject = lenet()
    found = lesion_data.predict_ablated(subject, "c1", frozenset())
    forward = network_cache.forward_pass("mnist/lenet")
    each = calibrated_probabilities(
        subject.network.card, ablation.ablate_each_unit(forward, lesion_data.intact_maps(subject), "c1")
    )
    rows = list(csv.DictReader(StringIO(lesion_data.ranking_csv(found, each))))
    assert sorted(int(row["unit"]) for row in rows) == list(range(6))
    changes = [float(row["change"]) for row in rows]
    assert changes == sorted(changes)
    for row in rows:
        alone = lesion_data.predict_ablated(subject, "c1", frozenset({int(row["unit"])}))
        assert abs(float(row["probability_without"]) - alone.after[found.labels[0]]) < 1e-4


def test_the_ranking_in_words() -> None:
    card = zoo.read_card("mnist/lenet")
    before = np.eye(10, dtype=np.float32)[7]
    found = lesion_data.AblationOutcome(card, before, before)
    each = np.zeros((3, 10), np.float32)
    each[:, 7], each[:, 1] = [0.9, 0.6, 0.8], [0.1, 0.4, 0.2]
    assert lesion_data.ranking_sentence(found, each, "channel").endswith(
        "still says **7**; least sure without channel 1: 60.0 %."
    )
    each[2, [7, 1]] = [0.3, 0.7]
    assert (
        lesion_data.ranking_sentence(found, each, "channel")
        == "One channel can turn the answer alone: without channel 2 it says **1**."
    )


@pytest.mark.parametrize(
    ("off", "wanted"),
    [
        ({3}, "channel 3"),
        ({7, 3}, "channels 3 and 7"),
        ({1, 2, 3}, "channels 1, 2 and 3"),
        (set(range(6)), "6 of 16 channels"),
    ],
)
def test_units_are_named(off: set[int], wanted: str) -> None:
    assert lesion_data.units_text(activations.open_network("mnist/lenet").graph.layer("c3"), frozenset(off)) == wanted


@pytest.mark.parametrize("layer", ["c1", "c5"])
def test_a_picture_to_keep(layer: str) -> None:
    subject, off = lenet(), frozenset({1})
    one = activations.open_network("mnist/lenet").graph.layer(layer)
    found = lesion_data.predict_ablated(subject, layer, off)
    picture = Image.open(BytesIO(lesion_data.ablation_figure(subject, one, off, found))).convert("RGB")
    intact = Image.open(BytesIO(lesion_data.ablation_figure(subject, one, frozenset(), found))).convert("RGB")
    grey = (200, 200, 200)
    assert dict(map(reversed, picture.getcolors(2**20)))[grey] > dict(map(reversed, intact.getcolors(2**20))).get(
        grey, 0
    )


@pytest.mark.parametrize("name", sorted(set(zoo.network_names()) - set(zoo.answering_networks())))
def test_a_network_without_a_classifier_says_why(name: str) -> None:
    test = opened(network=name)
    assert "no answer to lose" in test.info[0].value
    checked(test.button("take one that answers").click().run())
    assert shown(test, "sheet")["of"].startswith(pretrained.SHIPPED_IMAGENET_NETWORK)
