"""The Architectures page without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.case_studies import residual_runs
from cnn.case_studies.milestones import DATA_SET_STORIES, MILESTONES
from tests.pages import driver
from tests.pages.driver import every
from tests.support import fake_residual_runs
from ui.guide import architecture_story

LIVE = (  # charts of the live experiment
    "How strong the gradient is in front of each block",
    "What the input is told, without shortcuts",
    "What the input is told, with shortcuts",
)


def opened(chosen: str = "", **address: str) -> AppTest:
    session = {"eras": {"chosen": {"value": chosen, "turn": 1}}} if chosen else None
    return driver.opened("architectures", session, **address)


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in (*test.markdown, *test.subheader, *test.info, *test.caption))


def charts(test: AppTest) -> dict[str, dict[str, Any]]:
    return {one["title"]: one for one in every(test, "lines")}


def test_it_begins_with_the_first() -> None:
    test = opened()
    assert test.title[0].value == "Architectures"
    assert test.subheader[0].value == "LeNet-5, 1998"
    assert test.query_params["architecture"] == "lenet"


@pytest.mark.parametrize("name", MILESTONES)
def test_each_tells_its_story(name: str) -> None:
    test, one = opened(architecture=name), MILESTONES[name]
    text = said(test)
    for fact in (one.people, one.place.town, one.idea, one.won, one.right, one.corrected, one.parameters, one.link):
        assert fact in text
    card = zoo.read_card(f"mnist/{name}")
    assert f"{card.parameters:,}" in text
    full, small = every(test, "sum")
    assert (full["title"], small["title"]) == (one.full, f"{card.title} for digits, as shipped here")
    assert small["sum"].startswith(f"{card.parameters:,} parameters")


def test_a_click_goes_to_the_address() -> None:
    test = opened("vgg", architecture="lenet")
    assert test.query_params["architecture"] == "vgg"
    assert test.subheader[0].value == "VGG-16, 2014"


@pytest.mark.parametrize("name", ["plain", "bogus"])
def test_an_address_that_has_no_story_begins_with_the_first(name: str) -> None:
    assert opened(architecture=name).subheader[0].value == "LeNet-5, 1998"


def test_it_says_who_collected_the_pictures() -> None:
    text = said(opened())
    assert all(one.people in text for one in DATA_SET_STORIES)


def test_only_pages_that_there_are_get_a_door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text("")
    monkeypatch.setattr(architecture_story, "PAGES", tmp_path)
    assert list(architecture_story.page_links("vgg")) == [
        ("pages/layers.py", architecture_story.DOORS[1][1], {"network": "mnist/vgg"}),
        ("pages/layers.py", architecture_story.FULL_SIZE["vgg"][1], {"network": "imagenet/vgg16_features"}),
    ]
    monkeypatch.setattr(zoo, "network_names", lambda: ("mnist/vgg",))  # as in the small image
    assert [label for _, label, _ in architecture_story.page_links("vgg")] == [architecture_story.DOORS[1][1]]


def test_the_networks_at_full_size_are_here_and_their_sources_are_told() -> None:
    assert {name for name, _ in architecture_story.FULL_SIZE.values()} <= set(zoo.network_names())
    text = said(opened())
    assert all(zoo.read_card(name).licence in text for name in zoo.network_names("imagenet"))


def test_the_depth_decides_what_arrives() -> None:
    test = opened()
    first = said(test)
    assert "54 layers" in first
    assert set(charts(test)) >= set(LIVE)
    test.slider[0].set_value(3).run()
    assert not test.exception
    assert "6 layers" in said(test)
    strength = charts(test)["How strong the gradient is in front of each block"]
    assert [len(line["points"]) for line in strength["lines"]] == [4, 4]


def test_another_beginning_and_other_weights_give_other_curves() -> None:
    test = opened()
    before = charts(test)
    test.button[0].click().run()
    again = charts(test)
    assert all(before[title]["lines"] != again[title]["lines"] for title in LIVE)
    test.radio[0].set_value(False).run()
    assert "weaker **without shortcuts**" in said(test)


def test_our_trainings_show_once_they_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(residual_runs.read_residual_runs, "__defaults__", (tmp_path / "shortcut.json",))
    assert "56 layers, trained on CIFAR-10" not in [one.value for one in opened().subheader]
    fake_residual_runs.write(tmp_path / "shortcut.json")
    test = opened()
    assert "56 layers, trained on CIFAR-10" in [one.value for one in test.subheader]
    shown = charts(test)
    assert [line["name"] for line in shown["Accuracy"]["lines"]] == [
        "without shortcuts",
        "with shortcuts",
        "without shortcuts, held out",
        "with shortcuts, held out",
    ]
    assert [line["hue"] for line in shown["Accuracy"]["lines"]] == [0, 1, 0, 1]
    assert shown["The gradient of each convolution, untrained"]["lines"][0]["points"] == [[1, 8], [2, 4], [3, 2]]
    assert shown["Loss while it learns"]["lines"][1]["points"][-1] == [200, 0.2]
    assert "**Plain-20**, its twin without shortcuts" in said(test)


def test_a_damaged_file_of_our_trainings_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "shortcut.json").write_text("{")
    monkeypatch.setattr(residual_runs.read_residual_runs, "__defaults__", (tmp_path / "shortcut.json",))
    test = opened()
    assert "cannot be read" in test.warning[0].value
    assert test.subheader[0].value == "LeNet-5, 1998"
