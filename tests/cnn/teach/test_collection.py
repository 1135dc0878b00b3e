"""A person's pictures on the disk: what comes in, what is changed, what goes; and how a network sees them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.errors import BadInput, Cancelled
from cnn.home import HOME_VARIABLE
from cnn.teach.collection import Collection, class_of_path, delete_untouched
from cnn.teach.intake import TOGETHER, Brought, take_in
from cnn.teach.photo_classes import MOST_PICTURES
from cnn.zoo import load_network

PERSON = "0123456789abcdef"
COLOURS = {"red": (200, 40, 40), "blue": (40, 40, 200)}


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return Collection(PERSON)


def png(seed: int, colour: tuple[int, int, int] = (128, 128, 128), side: int = 32) -> bytes:
    rng = np.random.default_rng(seed)
    pixels = np.clip(np.array(colour) + rng.normal(0, 30, (side, side, 3)), 0, 255).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


def brought(count: int) -> list[Brought]:
    return [(name, f"{name}/{i}.png", png(i, colour)) for name, colour in COLOURS.items() for i in range(count)]


def counts(collection: Collection) -> dict[str, int]:
    return {one.name: one.pictures for one in collection.classes()}


def test_pictures_come_in_are_seen_and_are_there_after_a_reload(collection: Collection) -> None:
    """A damaged file is noted and takes nothing down; what was seen is not looked at again."""
    told: list[tuple[int, int]] = []
    files = [*brought(6), ("red", "red/broken.png", png(0)[:50])]
    take_in(collection, load_network("cifar10/lenet"), files, len(files), lambda *count: told.append(count))
    again = Collection(PERSON)
    assert counts(again) == {"red": 6, "blue": 6}
    assert told[-1] == (13, 13)
    assert not again.unseen("cifar10/lenet")
    assert len(again.unseen("cifar10/vgg")) == 12
    seen = again.embedded("cifar10/lenet")
    assert seen.classes == ("red", "blue")
    assert seen.labels.tolist() == [0] * 6 + [1] * 6
    assert seen.features.shape == (12, 84)
    [(name, why)] = again.skipped()
    assert name == "red/broken.png"
    assert "damaged" in why


def test_stopping_keeps_what_came(collection: Collection) -> None:
    asked = iter([False] * 3 + [True] * 100)
    with pytest.raises(Cancelled):
        take_in(collection, load_network("cifar10/lenet"), brought(6), 12, stopped=lambda: next(asked))
    assert counts(collection) == {"red": 3}
    take_in(collection, load_network("cifar10/lenet"), (), 0)
    assert len(collection.embedded("cifar10/lenet").ids) == 3


def test_a_kill_loses_no_more_than_the_last_batch(collection: Collection) -> None:
    """What another process finds meanwhile is what a kill would leave; a step a picture took most of the time."""
    files = brought(TOGETHER + 10)
    there: list[int] = []

    def coming() -> Iterator[Brought]:
        for file in files:
            there.append(sum(counts(Collection(PERSON)).values()))
            yield file

    take_in(collection, load_network("cifar10/lenet"), coming(), len(files))
    assert all(kept > at - TOGETHER - 1 for at, kept in enumerate(there))
    assert sum(counts(collection).values()) == len(files)
    assert collection.revision < len(files) / 4


def test_a_file_that_is_there_is_not_read_again_and_is_told_in_another_class(collection: Collection) -> None:
    """Also twice in one batch."""
    red, again = ("red", "a/1.png", png(1)), ("blue", "b/2.png", png(1))
    take_in(collection, load_network("cifar10/lenet"), [red, red, again], 3)
    take_in(collection, load_network("cifar10/lenet"), [red, again], 2)
    assert counts(collection)["red"] == 1
    assert [name for name, _ in collection.skipped()] == ["b/2.png"] * 2
    assert "is in the class red already" in collection.skipped()[0][1]


def test_classes_are_renamed_merged_and_deleted(collection: Collection) -> None:
    red, blue = collection.add_class("red"), collection.add_class("blue")
    for i in range(4):
        collection.add_picture(red if i < 3 else blue, f"{i}.png", png(i))
    before = collection.revision
    collection.rename(red, "Rot")
    assert counts(collection) == {"Rot": 3, "blue": 1}
    collection.move(collection.first_pictures(red, 1), blue)
    assert counts(collection) == {"Rot": 2, "blue": 2}
    collection.rename(blue, "ROT")
    assert counts(collection) == {"Rot": 4}
    assert collection.revision > before
    collection.delete(collection.first_pictures(red, 1))
    assert counts(collection) == {"Rot": 3}
    collection.delete_class(red)
    assert not collection.classes()


def test_the_same_file_is_one_picture(collection: Collection) -> None:
    """Also after its class was renamed; in another class it is told, not taken."""
    red, blue = collection.add_class("red"), collection.add_class("blue")
    collection.add_picture(red, "a.png", png(1))
    collection.add_picture(red, "b.png", png(1))
    assert counts(collection)["red"] == 1
    with pytest.raises(BadInput, match="in the class red already"):
        collection.add_picture(blue, "c.png", png(1))


def test_everything_goes_when_asked(collection: Collection) -> None:
    """No byte of a picture stays in the file."""
    red = collection.add_class("red")
    collection.add_picture(red, "secret.png", png(1))
    content = collection.picture(collection.first_pictures(red, 1)[0])[1]
    collection.delete_everything()
    assert not collection.classes()
    kept = b"".join(path.read_bytes() for path in collection.path.parent.iterdir())
    assert content[100:200] not in kept
    assert b"secret" not in kept


def test_a_large_photo_is_kept_reduced_and_a_small_one_as_it_is(collection: Collection) -> None:
    red = collection.add_class("red")
    collection.add_picture(red, "large.png", png(1, side=600))
    collection.add_picture(red, "small.png", png(2))
    large, small = (Image.open(io.BytesIO(collection.picture(i)[1])) for i in collection.first_pictures(red, 2))
    assert large.size == (256, 256)
    assert np.array_equal(np.asarray(small), np.asarray(Image.open(io.BytesIO(png(2)))))


def test_bounds(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_PICTURES == 20_000
    monkeypatch.setattr("cnn.teach.collection.MOST_PICTURES", 1)
    monkeypatch.setattr("cnn.teach.collection.MOST_CLASSES", 1)
    red = collection.add_class("red")
    collection.add_picture(red, "1.png", png(1))
    with pytest.raises(BadInput, match="no more are taught"):
        collection.add_picture(red, "2.png", png(2))
    with pytest.raises(BadInput, match="no more are taught"):
        collection.add_class("blue")


@pytest.mark.parametrize("person", ["", "../../etc", "0123", "0123456789ABCDEF", "a" * 65])
def test_a_person_is_no_path(person: str, collection: Collection) -> None:
    with pytest.raises(BadInput):
        Collection(person)


@pytest.mark.parametrize(
    ("path", "name"),
    [("pets/cat/1.jpg", "cat"), ("cat\\1.jpg", "cat"), ("1.jpg", "else"), ("cat/1.jpg", "cat")],
)
def test_a_folder_names_the_class(path: str, name: str) -> None:
    assert class_of_path(path, "else") == name


def test_a_class_name_has_no_control_characters_and_an_end(collection: Collection) -> None:
    collection.add_class("a\nb\x00c " + "d" * 100)
    assert collection.classes()[0].name == ("a b c " + "d" * 100)[:60]
    with pytest.raises(BadInput):
        collection.add_class(" \n ")


def test_on_a_shared_server_what_nobody_touches_goes(collection: Collection) -> None:
    collection.add_picture(collection.add_class("red"), "1.png", png(1))
    written = collection.path.stat().st_mtime
    delete_untouched(3600, written + 3000)
    assert counts(collection) == {"red": 1}
    delete_untouched(3600, written + 4000)
    assert not list(collection.path.parent.glob("*"))
