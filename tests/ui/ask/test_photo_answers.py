"""What the Photo page says of an answer, and the table that one takes home."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from cnn import zoo
from cnn.datasets import imagenet_labels
from cnn.inference import photo_classification
from cnn.inference.predict import Prediction
from cnn.media.turnstile import Turnstile
from cnn.zoo import Card, Network
from tests.browser.files import png
from ui.ask import photo_answers
from ui.resources import photos
from ui.text.out_of_distribution import UNLIKE

IMAGENET = zoo.read_card("imagenet/efficientnet_lite0")
TABBY, TIGER_CAT = 281, 282


def saying(best: int, share: float = 0.8, known: bool = True) -> Prediction:
    """Answer ImageNet's class `best`; the rest is shared by all others."""
    shares = np.full(len(IMAGENET.classes), (1 - share) / (len(IMAGENET.classes) - 1), np.float32)
    shares[best] = share
    return Prediction(best, shares, np.log(shares), known, 1.0)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    """Put an answer of its own in the place of a real network's, for any photo."""
    caches = photos.cached_prediction, photos.cached_network_input
    for one in caches:
        one.clear()  # another file of tests may have asked the real network about the same bytes
    monkeypatch.setattr(photos, "predict", lambda network, images: [saying(TABBY)])
    yield SimpleNamespace(name=IMAGENET.name, card=IMAGENET, runner=SimpleNamespace(shape=(32, 32, 3)))  # type: ignore[misc]
    for one in caches:
        one.clear()  # made for a network of another size


def rows(network: Network, *names: str) -> list[list[str]]:
    brought = [photos.media_file(name, png(at)) for at, name in enumerate(names)]
    return list(csv.reader(io.StringIO(photo_answers.photos_csv(network, brought))))


def test_a_tile_says_the_answer_or_that_there_is_none(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = photos.media_file("near.png", png(1)), photos.media_file("far.png", png(2))
    monkeypatch.setattr(photos, "cached_prediction", lambda _name, key, *_: saying(TABBY, known=key == near.key))
    tiles = photo_answers.photo_tiles(network, [near, far])
    assert [(tile.key, tile.name) for tile in tiles] == [(near.key, "near.png"), (far.key, "far.png")]
    assert [(tile.answer, tile.sure) for tile in tiles] == [
        (IMAGENET.classes[TABBY], True),
        (UNLIKE, False),
    ]
    assert all(tile.picture.startswith("data:image/jpeg;base64,") for tile in tiles)


def test_the_bars_are_the_most_probable_classes_with_what_else_they_are_called() -> None:
    ranks = photo_answers.top_classes(IMAGENET, saying(TIGER_CAT))
    assert len(ranks) == photo_classification.TOP_CLASSES
    assert (ranks[0].key, ranks[0].name, ranks[0].value) == ("282", IMAGENET.classes[282], "80.0 %")
    assert ranks[0].share == pytest.approx(0.8)
    assert len({rank.key for rank in ranks}) == photo_classification.TOP_CLASSES


def test_a_note_adds_to_the_name_and_never_repeats_it() -> None:
    notes = [photo_answers.top_classes(IMAGENET, saying(label))[0].note for label in range(1000)]
    for one, note in zip(imagenet_labels.imagenet_labels(), notes, strict=True):
        words = note.split(", ") if note else []
        assert one.name.lower() not in [word.lower() for word in words]
        assert set(note.replace(", ", ",").split(",")) <= {*", ".join(one.synonyms).replace(", ", ",").split(","), ""}
    assert sum(map(bool, notes)) > 300


def test_only_imagenet_has_notes() -> None:
    card = Card(**{name: getattr(IMAGENET, name) for name in IMAGENET.__slots__} | {"data": "cifar10"})
    assert {rank.note for rank in photo_answers.top_classes(card, saying(TABBY))} == {""}


def test_the_table_has_a_row_for_each_photo_and_class(network: Network) -> None:
    head, *body = rows(network, "a.png", "b.png")
    assert head == ["photo", "network", "rank", "class", "label", "probability", "known"]
    assert [(row[0], row[2]) for row in body] == [(name, str(at)) for name in ("a.png", "b.png") for at in range(1, 6)]
    assert body[0] == ["a.png", IMAGENET.name, "1", str(TABBY), IMAGENET.classes[TABBY], "0.8", "True"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1).png", "+1.png", "-1.png", "@SUM.png", "\tx.png"])
def test_no_name_becomes_a_formula(name: str, network: Network) -> None:
    assert {row[0] for row in rows(network, name)[1:]} == {f"'{name}"}


@pytest.mark.parametrize("name", ["a=b.png", "my-cat.png", 'say "hi", cat.png', "two\nlines.png"])
def test_other_names_stay_as_they_are(name: str, network: Network) -> None:
    assert {row[0] for row in rows(network, name)[1:]} == {name}


def test_what_cannot_be_read_is_left_out_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "warning", said.append)
    good, bad, empty = (
        photos.media_file("good.png", png(7)),
        photos.media_file("bad.png", png(8)[:40]),
        photos.media_file("empty.png", b""),
    )
    assert photos.readable_photos([bad, good, empty]) == [good]
    assert [sentence.split()[0] for sentence in said] == ["bad.png", "empty.png"]


def test_who_brings_new_photos_waits_for_a_turn_and_is_told_who_comes_first(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fifty at once nobody heard a word until all had been read: they took the processor from each other."""
    said: SimpleQueue[str] = SimpleQueue()
    monkeypatch.setattr(st, "empty", lambda: SimpleNamespace(caption=said.put, empty=lambda: None))
    gate = Turnstile(1)
    monkeypatch.setattr(photos, "_TURNS", gate)
    seen, new = photos.media_file("seen.png", png(21)), photos.media_file("new.png", png(22))
    assert photos.readable_photos([seen], network) == [seen]
    with ThreadPoolExecutor(2) as crew:
        with gate.enter():
            assert crew.submit(photos.readable_photos, [seen], network).result(30) == [seen]  # a click waits for nobody
            later = crew.submit(photos.readable_photos, [new, seen], network)
            assert said.get(timeout=30) == "Waiting to be read: photos of 1 person come first."
            assert not later.done()
        assert later.result(30) == [new, seen]
    assert photos.cached_prediction.holds(network.name, new.key, network, new)  # answered in the same turn
