"""Scenes as links: written, read back, and what is no scene."""

from __future__ import annotations

import pytest

from tests.test_words import menu
from ui.classroom import scenes
from ui.classroom.scenes import Scene


def test_every_page_may_be_a_scene() -> None:
    assert {scene or "home" for scene in scenes.PAGES} == set(menu())


def test_six_ship_and_fit_into_a_short_link() -> None:
    assert len(scenes.SHIPPED) == 6
    packed = scenes.encode_scenes(scenes.SHIPPED)
    assert len(packed) < 400
    assert scenes.decode_scenes(packed) == scenes.SHIPPED


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("http://10.0.0.7:8501/layers?network=mnist/lenet&present=1&teacher=x", "layers"),
        ("https://school.example/convscope/layers?network=mnist/lenet", "layers"),
        ("/layers?network=mnist%2Flenet", "layers"),
    ],
)
def test_a_copied_link_is_a_scene_without_what_is_its_owners(address: str, page: str) -> None:
    assert scenes.read_scene(address) == Scene(page, {"network": "mnist/lenet"})


@pytest.mark.parametrize("address", ["", "  ", "nonsense", "http://localhost:8501/nowhere?x=1", "/pages/home.py"])
def test_what_is_no_page_is_no_scene(address: str) -> None:
    assert scenes.read_scene(address) is None


def test_home_is_a_scene() -> None:
    assert scenes.read_scene("/") == scenes.read_scene("http://localhost:8501/") == Scene("", {})


@pytest.mark.parametrize("text", ["", "x", "A" * 5000, "_" * 8, "eJw"])
def test_nothing_that_is_no_scenes_is_taken_for_some(text: str) -> None:
    assert scenes.decode_scenes(text) == ()


def test_a_bomb_is_not_unpacked() -> None:
    many = [Scene("layers", {"x": "0" * 100_000})]
    assert scenes.encode_scenes(many), "it packs well"
    assert scenes.decode_scenes(scenes.encode_scenes(many)) != tuple(many)
    assert scenes.encode_scenes([Scene("help", {})] * (scenes.MOST_SCENES + 1)) == ""
