"""The shelf: nothing is lost where two write, and what was deleted can be taken back for a day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from cnn import zoo
from cnn.errors import BadInput, BrokenNetwork, DiskFull, UnknownName
from cnn.shelf import Shelf, ShelfEntry, load_own_network, read_own_card, shelf, shelf_folder

LENET = zoo.read_card("mnist/lenet")
FILES = {".tflite": (zoo.NETWORKS_FOLDER / "mnist/lenet.tflite").read_bytes()}


class Clock:
    """Tells the time that a test sets."""

    seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def put(on: Shelf, title: str = "Mine") -> ShelfEntry:
    return on.add(replace(LENET, title=title), FILES)


def files() -> list[Path]:
    return sorted((shelf_folder() / zoo.OWN).iterdir())


def test_a_network_answers_under_its_name() -> None:
    entry = put(Shelf())
    network = load_own_network(entry.name)
    assert (network.name, network.card.title) == (entry.name, "Mine")
    assert network.card.sha256 == LENET.sha256
    Shelf().rename(entry, "Yours")
    assert load_own_network(entry.name).card.title == "Yours"
    assert Shelf().get("yours").id == Shelf().get(entry.id).id == Shelf().get(entry.name).id


def test_all_that_are_put_there_at_once_are_kept() -> None:
    with ThreadPoolExecutor(4) as pool:
        entries = list(pool.map(lambda _: put(Shelf()), range(12)))
    assert {one.title for one in entries} == {"Mine", *(f"Mine {number}" for number in range(2, 13))}
    assert {one.id for one in Shelf().entries()} == {one.id for one in entries}
    assert Shelf().entries("cifar10") == []


def test_of_two_who_change_a_network_the_second_is_told() -> None:
    seen = put(Shelf())
    Shelf().rename(seen, "Ours")
    Shelf().describe(seen, "With a cosine.")  # another column: both hold
    for change in (lambda: Shelf().rename(seen, "Theirs"), lambda: Shelf().describe(seen, "Without.")):
        with pytest.raises(BadInput, match="meanwhile"):
            change()
    found = Shelf().get(seen.name)
    assert (found.title, found.description) == ("Ours", "With a cosine.")


def test_a_deleted_network_can_be_taken_back_for_a_day() -> None:
    clock = Clock()
    on = Shelf(clock)
    first, second = put(on), put(on, "Second")
    on.delete(first)
    with pytest.raises(UnknownName):
        read_own_card(first.name)
    assert [one.id for one in on.deleted()] == [first.id]
    clock.seconds += shelf.KEPT_S - 1
    on.restore(first)
    assert load_own_network(first.name).card.title == "Mine"
    on.delete(on.get(first.name))
    clock.seconds += shelf.KEPT_S
    assert on.deleted() == []
    on.delete(second)  # whoever deletes next clears up
    assert {path.name.split(".")[0] for path in files()} == {second.id}
    with pytest.raises(BadInput, match="files are gone"):
        on.restore(first)


def test_a_name_that_went_to_another_meanwhile_is_told() -> None:
    on = Shelf()
    first = put(on)
    on.delete(first)
    put(on, "MINE")
    with pytest.raises(BadInput, match="called Mine by now"):
        on.restore(first)
    with pytest.raises(BadInput, match="called mine already"):
        on.rename(put(on, "Third"), "mine")


@pytest.mark.parametrize("title", ["", "   ", "x" * 61, "![a](b)", "*bold*", "www.example.com", "a:smile:", "<b>"])
def test_names_that_would_do_something_in_a_page_are_refused(title: str) -> None:
    with pytest.raises(BadInput, match="Choose another"):
        put(Shelf(), title)
    assert files() == []


def test_a_disk_that_fills_up_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zoo.networks, "write_text", full)  # the card, which comes last
    with pytest.raises(DiskFull, match="Free some space"):
        put(Shelf())
    assert files() == []
    assert Shelf().entries() == []


def test_no_name_leads_out_of_the_folder_and_damage_is_told() -> None:
    entry = put(Shelf())
    for name in ("own/../../x", "../own/x", f"own/{entry.id}/"):
        with pytest.raises(UnknownName):
            zoo.read_card(name, shelf_folder())
    (shelf_folder() / f"{entry.name}.tflite").write_bytes(b"damaged")
    with pytest.raises(BrokenNetwork, match="damaged"):
        load_own_network(entry.name)
