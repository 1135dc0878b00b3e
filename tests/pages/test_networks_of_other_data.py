"""Networks of Fashion-MNIST and of one's own pictures: on every page, with samples of theirs; and whose they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cnn import zoo
from cnn.datasets.dataset import FOLDER_VARIABLE, find_data_set
from cnn.home import HOME_VARIABLE
from cnn.shelf import Shelf, ShelfEntry
from tests.pages import driver
from tests.pages.driver import checked, every
from tests.pages.evidence_client import client
from tests.support.fake_clothes import write_clothes
from tests.support.own_pictures import keep_colored
from ui.resources import person, photos

__all__ = ["client"]  # the fixture, which pytest finds by its name here
LENET = zoo.NETWORKS_FOLDER / "mnist" / "lenet"
ENDINGS = (".tflite", ".weights.h5", ".layers.tflite", ".layers.json")


def of_other_data(data: str, classes: tuple[str, ...], shipped: str) -> ShelfEntry:
    """Put a shipped network on the shelf as if it had learned from other pictures of the same form."""
    stem = zoo.NETWORKS_FOLDER / shipped
    card = replace(zoo.read_card(shipped), title="Mine", data=data, classes=classes, looks=None)
    return Shelf().add(card, {ending: stem.with_suffix(ending).read_bytes() for ending in ENDINGS}, owner="me")


@pytest.fixture
def clothes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShelfEntry:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    write_clothes(tmp_path)
    return of_other_data("fashion", find_data_set("fashion").classes, "mnist/lenet")


@pytest.fixture
def things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShelfEntry:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    kept = keep_colored([f"thing {letter}" for letter in "abcdefghij"])
    return of_other_data(kept.name, kept.classes, "cifar10/lenet")


@pytest.mark.parametrize("kind", ["clothes", "things"])
@pytest.mark.usefixtures("client")
def test_networks_of_other_pictures_open_with_their_own_samples(kind: str, request: pytest.FixtureRequest) -> None:
    photos.test_photos.clear()
    entry: ShelfEntry = request.getfixturevalue(kind)
    first = find_data_set(entry.data).classes[0]
    for page in ("layers", "arithmetic", "evidence", "lesion", "photo", "robustness"):
        test = checked(driver.opened(page, network=entry.name, data=entry.data))
        assert not test.error, page
        tiles = [tile for one in every(test, "tiles") for tile in one["tiles"]]
        assert first in {tile.get("answer") or tile.get("alt") for tile in tiles} or page == "photo", page
        assert any(tile["key"] == f"test-{entry.data}-0" for tile in tiles), page
    test = checked(driver.opened("compare", networks=f"{entry.name},cifar10/vgg"))
    assert "Mine" in str(every(test, "cards"))
    assert "Mine" in str([one.value for one in checked(driver.opened("networks")).subheader])


def test_only_who_made_it_may_change_it_once_the_app_is_opened_to_others(
    things: ShelfEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Shelf().add(
        replace(zoo.read_card("mnist/lenet"), title="Digits"),
        {ending: LENET.with_suffix(ending).read_bytes() for ending in ENDINGS},
        owner="somebody else",
    )
    assert [one.label for one in driver.opened("networks").button].count("Delete") == 2
    monkeypatch.setattr(person, "opened_to_others", lambda: True)
    test = checked(driver.opened("networks"))
    assert [one.value for one in test.subheader] == [mine.title]  # that of one's own pictures is listed for one alone
    assert "Delete" not in {one.label for one in test.button}
    monkeypatch.setattr(person, "person", lambda: "somebody else")
    assert "Delete" in {one.label for one in checked(driver.opened("networks")).button}
