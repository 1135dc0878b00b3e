"""One's own networks: a page of them, and every other page opens them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.bundle import client
from cnn.home import HOME_VARIABLE
from cnn.shelf import Shelf, ShelfEntry, shelf_folder
from tests.pages import driver
from tests.pages.driver import checked, every
from ui.resources import network_export

LENET = zoo.NETWORKS_FOLDER / "mnist" / "lenet"
ENDINGS = (".tflite", ".weights.h5", ".layers.tflite", ".layers.json")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShelfEntry:
    """Put LeNet, as it is shipped, on the shelf under another name."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    card = replace(zoo.read_card("mnist/lenet"), title="Mine", protocol="3 epochs", calibrated_on="500 pictures")
    return Shelf().add(card, {ending: LENET.with_suffix(ending).read_bytes() for ending in ENDINGS}, "A *first* try")


def text(test: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*test.markdown, *test.subheader, *test.warning, *test.info))


def press(test: AppTest, label: str) -> None:
    next(one for one in test.button if one.label == label).click()
    checked(test.run())


def test_an_empty_shelf_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert "Keep this network" in text(driver.opened("networks"))


def test_the_card_is_told_and_the_name_can_be_changed(mine: ShelfEntry) -> None:
    test = driver.opened("networks")
    said = text(test)
    assert "test pictures of MNIST" in said
    assert "95 % interval" in said
    assert "temperature" in said
    assert "`*first*`" in said
    next(one for one in test.text_input if one.label == "Name").set_value("Ours")
    press(test, "Save")
    assert "Ours" in text(test)
    press(test, "Delete")
    assert "Nothing is here yet" in text(test)
    press(test, "Take back Ours")
    assert Shelf().get("Ours").id == mine.id


def test_two_visits_at_once_are_told(mine: ShelfEntry) -> None:
    test = driver.opened("networks")
    Shelf().rename(mine, "Theirs")
    next(one for one in test.text_input if one.label == "Name").set_value("Ours")
    press(test, "Save")
    assert "meanwhile" in text(test)
    assert Shelf().get(mine.name).title == "Theirs"


@pytest.mark.parametrize("page", ["layers", "arithmetic", "lesion"])
def test_it_opens_where_one_looks_inside(mine: ShelfEntry, page: str) -> None:
    test = driver.opened(page, network=mine.name)
    assert next(one for one in test.selectbox if one.label == "Network").value == mine.name
    assert not test.error


@pytest.fixture
def odd(mine: ShelfEntry) -> ShelfEntry:
    """Give it a layer of a kind, and another with an activation, that no page knows."""
    graph = shelf_folder() / f"{mine.name}.layers.json"
    described = json.loads(graph.read_text("utf-8"))
    pool, late = (next(one for one in described["layers"] if one["name"] == name) for name in ("s2", "f6"))
    pool["kind"], late["config"]["activation"] = "Swirl", "swish"
    graph.write_text(json.dumps(described), "utf-8")
    return mine


@pytest.mark.parametrize(
    ("page", "layer", "said"),
    [
        ("layers", "s2", "is not known"),
        ("layers", "c1", "receptive field: 5x5 px"),
        ("arithmetic", "s2", "**Swirl**"),
        ("arithmetic", "f6", "**swish**"),
        ("lesion", "c1", "s2 (Swirl), f6 (swish)"),
    ],
)
def test_a_page_that_does_not_know_a_layer_says_so_by_name(odd: ShelfEntry, page: str, layer: str, said: str) -> None:
    test = driver.opened(page, network=odd.name, layer=layer)
    assert said in text(test)
    assert not test.error


def test_it_answers_beside_the_others(mine: ShelfEntry) -> None:
    drawn = driver.opened("draw", network=mine.name)
    assert [row["title"] for row in every(drawn, "rows")[0]["rows"]].count("Mine") == 1
    assert next(one for one in driver.opened("robustness", beside=mine.name).multiselect).value == [mine.name]
    compared = driver.opened("compare", networks=f"{mine.name},mnist/resnet")
    assert set(compared.multiselect[0].value) == {mine.name, "mnist/resnet"}


def test_a_renamed_network_is_called_so_where_it_was_loaded_before(mine: ShelfEntry) -> None:
    driver.opened("draw", network=mine.name)
    Shelf().rename(mine, "Ours")
    rows = every(driver.opened("draw", network=mine.name), "rows")[0]["rows"]
    assert rows[-1]["title"] == "Ours"


def test_a_network_whose_files_went_can_still_be_deleted(mine: ShelfEntry, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "networks" / "own")
    test = driver.opened("networks")
    assert "No network named" in text(test)
    press(test, "Delete")
    assert Shelf().entries() == []


def _taken_home(test: AppTest, mine: ShelfEntry) -> AppTest:
    """Press the button and wait for the thread."""
    press(test, "Make the zip")
    work = network_export.exports().jobs.last(mine.name)
    assert work is not None and work.ended.wait(30)
    return checked(test.run())


def test_a_network_is_taken_home_with_its_proof(mine: ShelfEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = {"file": "network.onnx", "bytes": 2**20, "pictures": 64, "largest_difference": 2e-6}

    def export(name: str, target: Path, on_step: client.OnStep, stopped: client.Stopped) -> None:
        on_step(0, 8, "Writing ONNX")
        with ZipFile(target, "w") as packed:
            packed.writestr("mine/card.json", json.dumps({"proof": [proof], "missing": {"network.keras": "*no* disk"}}))

    monkeypatch.setattr(client, "export_network", export)
    test = _taken_home(driver.opened("networks"), mine)
    assert "answered 64 pictures" in text(test) and "2e-06" in text(test) and "`*no*`" in text(test)
    (button,) = test.get("download_button")
    assert "Download the zip" in button.proto.label


def test_a_format_that_answers_otherwise_is_told_and_not_handed_over(
    mine: ShelfEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def export(*_: object) -> None:
        raise client.ExportFailed("ONNX does not answer as the pages do")

    monkeypatch.setattr(client, "export_network", export)
    test = _taken_home(driver.opened("networks"), mine)
    assert "ONNX does not answer as the pages do" in text(test)
    assert not test.get("download_button")
    assert any(one.label == "Make the zip" for one in test.button)
