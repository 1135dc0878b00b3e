"""What all sessions share: networks are listed, found and loaded once, shipped or fetched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cnn import zoo
from cnn.errors import BrokenNetwork, UnknownName
from cnn.shelf import network_folder
from cnn.zoo import pretrained
from ui.resources import network_cache

FETCHED = "imagenet/vgg16"
LENET = "mnist/lenet"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give every test its own folder of fetched networks and empty caches."""
    monkeypatch.setenv(pretrained.CACHE_VARIABLE, str(tmp_path))
    caches = network_cache._loaded, network_cache._listed, network_cache._card
    for one in caches:
        one.clear()
    yield tmp_path
    for one in caches:
        one.clear()


def fetch(place: Path) -> None:
    """Let a small network stand where VGG16 would have been fetched to."""
    (place / "imagenet").mkdir()
    shutil.copy(zoo.NETWORKS_FOLDER / f"{LENET}.tflite", place / f"{FETCHED}.tflite")
    card = replace(zoo.read_card(LENET), data="imagenet", architecture="vgg16", title="VGG16")
    card.write(place / f"{FETCHED}.json")


def test_shipped_and_fetched_networks_have_their_folders(place: Path) -> None:
    assert network_folder(LENET) == zoo.NETWORKS_FOLDER
    assert network_folder(pretrained.SHIPPED_IMAGENET_NETWORK) == zoo.NETWORKS_FOLDER
    assert {network_folder(name) for name in pretrained.PRETRAINED} == {place}


def test_only_the_shipped_are_listed_before_anything_is_fetched() -> None:
    assert network_cache.available_network_names("imagenet") == zoo.answering_networks("imagenet") != ()
    assert network_cache.available_network_names("mnist") == zoo.network_names("mnist") != ()
    assert network_cache.available_network_names("nothing") == ()


def test_what_was_just_fetched_is_listed_last(place: Path) -> None:
    network_cache.available_network_names("imagenet")
    fetch(place)
    assert network_cache.available_network_names("imagenet") == (*zoo.answering_networks("imagenet"), FETCHED)
    assert FETCHED not in network_cache.available_network_names("mnist")


def test_a_card_is_read_where_its_network_is(place: Path) -> None:
    with pytest.raises(UnknownName, match=FETCHED):
        network_cache.cached_card(FETCHED)
    fetch(place)
    assert network_cache.cached_card(FETCHED).title == "VGG16"
    assert network_cache.cached_card(LENET) == zoo.read_card(LENET)


def test_a_network_is_loaded_once(place: Path) -> None:
    fetch(place)
    one, other = network_cache.cached_network(LENET), network_cache.cached_network(FETCHED)
    assert network_cache.cached_network(LENET) is one
    assert network_cache.cached_network(FETCHED) is other
    assert (one.name, other.name) == (LENET, FETCHED)


def test_an_unknown_network_names_the_known() -> None:
    with pytest.raises(UnknownName, match=r"'mnist/vgg9'.*mnist/lenet"):
        network_cache.cached_network("mnist/vgg9")


def test_a_damaged_network_is_offered_for_fetching_again(place: Path) -> None:
    fetch(place)
    (place / f"{FETCHED}.tflite").write_bytes(b"damaged")
    with pytest.raises(BrokenNetwork, match="Fetch it again"):
        network_cache.cached_network(FETCHED)
    assert network_cache.available_network_names("imagenet") == zoo.answering_networks("imagenet") != ()


def test_all_networks_of_a_data_set_come_in_the_order_of_their_names() -> None:
    assert tuple(
        network.name for network in network_cache.cached_networks("mnist")
    ) == network_cache.available_network_names("mnist")
