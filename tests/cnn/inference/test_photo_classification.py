"""Files in, rows out: in order, the good ones answered and the bad ones named, however they are read."""

from __future__ import annotations

import json
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from threading import Event, Lock, get_ident
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from cnn.array_types import Array
from cnn.inference import photo_classification
from cnn.inference.photo_classification import (
    PHOTOS_AHEAD,
    TOP_CLASSES,
    WORKERS,
    classify_photo_files,
    photo_input,
    prediction_row,
)
from cnn.inference.predict import Prediction, predict
from cnn.media import image_decoding
from cnn.zoo import Card, Network
from cnn.zoo.litert_runner import LiteRTRunner

CLASSES = ("dark", "red", "green", "blue", "bright", "odd", "even")
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


class Colours:
    """An engine that names the strongest colour of a photo, and remembers in which threads it was asked."""

    def __init__(self, side: int, size: int = 1000) -> None:
        self.shape = side, side, 3
        self.model = bytes(size)
        self.asked: list[int] = []
        self.others: list[Colours] = []

    def clone(self) -> Colours:
        self.others.append(Colours(self.shape[0], len(self.model)))
        return self.others[-1]

    def run_timed(self, inputs: Array) -> tuple[Array, float]:
        self.asked.append(get_ident())
        logits = np.zeros((len(inputs), len(CLASSES)), np.float32)
        logits[:, 1:4] = inputs.mean((1, 2)) * 9
        return logits, 0.123456


def network(name: str = "lenet", side: int = 32, size: int = 1000) -> Network:
    known: dict[str, Any] = {field.name: 0 for field in fields(Card)}
    known |= {"architecture": name, "data": "cifar10", "classes": CLASSES, "temperature": 1.0, "threshold": 0.0}
    return Network(Card(**known | {"familiarity": "energy", "looks": None}), cast(LiteRTRunner, Colours(side, size)))


def photo(folder: Path, name: str, colour: str) -> Path:
    path = folder / name
    Image.new("RGB", (40, 30), COLOURS[colour]).save(path)
    return path


def named(found: list[dict[str, Any]]) -> list[str]:
    return [one["top"][0]["label"] if "top" in one else "error" for one in found]


def test_a_row_has_the_form_of_the_command_line() -> None:
    probabilities = np.array([0.1, 0.5, 0.05, 0.15, 0.02, 0.08, 0.1], np.float32)
    made = prediction_row(network().card, Prediction(1, probabilities, np.log(probabilities), True, 1.23456))
    assert json.loads(json.dumps(made)) == {
        "network": "cifar10/lenet",
        "top": [
            {"class": 1, "label": "red", "probability": 0.5},
            {"class": 3, "label": "blue", "probability": 0.15},
            {"class": 0, "label": "dark", "probability": 0.1},
            {"class": 6, "label": "even", "probability": 0.1},
            {"class": 5, "label": "odd", "probability": 0.08},
        ],
        "known": True,
        "milliseconds": 1.2346,
    }


def test_a_file_gives_its_top_five(tmp_path: Path) -> None:
    path = photo(tmp_path, "a.png", "green")
    (found,) = classify_photo_files([path], [network()])
    assert list(found) == ["input", "network", "top", "known", "milliseconds"]
    assert found["input"] == str(path)
    assert found["top"][0]["label"] == "green"
    shares = [entry["probability"] for entry in found["top"]]
    assert len(shares) == TOP_CLASSES
    assert shares == sorted(shares, reverse=True)


def test_an_unreadable_file_gives_its_row_and_the_others_go_on(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.jpg", tmp_path / "text.png"
    empty.touch()
    text.write_text("Dear photo", encoding="utf-8")
    good = [photo(tmp_path, f"{colour}.png", colour) for colour in COLOURS]
    found = list(
        classify_photo_files([good[0], empty, good[1], text, tmp_path / "gone.jpg", tmp_path, good[2]], [network()])
    )
    assert named(found) == ["red", "error", "green", "error", "error", "error", "blue"]
    assert found[1] == {"input": str(empty), "error": "empty.jpg is empty. Choose another file."}
    assert found[3]["error"].startswith("text.png is no picture that can be read")
    assert found[4]["error"].startswith("gone.jpg could not be read (")


@pytest.mark.parametrize("count", [0, 1, PHOTOS_AHEAD, PHOTOS_AHEAD + 1, 5 * PHOTOS_AHEAD + 3])
def test_all_are_answered_in_order_by_engines_that_no_threads_share(tmp_path: Path, count: int) -> None:
    order = [list(COLOURS)[k * k % 3] for k in range(count)]
    paths = [photo(tmp_path, f"{k}.png", colour) for k, colour in enumerate(order)]
    one = network()
    found = list(classify_photo_files(iter(paths), [one]))
    assert named(found) == order
    assert [entry["input"] for entry in found] == [str(path) for path in paths]
    engines = cast(Colours, one.runner).others
    assert sum(len(engine.asked) for engine in engines) == count
    assert len(engines) <= WORKERS
    assert all(len(set(engine.asked)) <= 1 for engine in engines)


def test_large_networks_are_in_memory_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_classification, "LIGHT_BYTES", 5000)
    both = [network("lenet", size=2000), network("vgg", size=3001)]
    assert named(list(classify_photo_files([photo(tmp_path, "a.png", "blue")] * 20, both))) == ["blue"] * 40
    for one in both:
        assert cast(Colours, one.runner).others == []
        assert len(set(cast(Colours, one.runner).asked)) == 1


def test_nothing_but_bad_files_asks_no_network(tmp_path: Path) -> None:
    one = network()
    assert named(list(classify_photo_files([tmp_path / "gone.jpg"] * (PHOTOS_AHEAD + 1), [one]))) == ["error"] * (
        PHOTOS_AHEAD + 1
    )
    assert all(engine.asked == [] for engine in cast(Colours, one.runner).others)


def test_networks_take_turns_on_each_file_in_their_own_size(tmp_path: Path) -> None:
    paths = [photo(tmp_path, f"{colour}.png", colour) for colour in COLOURS]
    found = list(classify_photo_files([*paths, tmp_path / "gone.jpg"], [network("lenet", 32), network("vgg", 224)]))
    assert [entry.get("network") for entry in found] == ["cifar10/lenet", "cifar10/vgg"] * 3 + [None]
    assert named(found) == ["red", "red", "green", "green", "blue", "blue", "error"]


def test_rows_are_what_the_page_answers(tmp_path: Path) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (50, 70, 3)).astype(np.uint8)
    path = tmp_path / "noise.png"
    Image.fromarray(pixels).save(path)
    one = network()
    (found,) = classify_photo_files([path], [one])
    assert found == {"input": str(path)} | prediction_row(one.card, photo_classification.classify_photo(one, pixels))
    assert (
        photo_classification.classify_photo(one, pixels).logits.tolist()
        == predict(one, photo_input(one, pixels)[None])[0].logits.tolist()
    )


def test_no_more_of_a_file_is_held_than_a_photo_may_have(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.symlink_to("/dev/zero")  # has no size, and no end
    (found,) = classify_photo_files([path], [network()])
    assert found == {"input": str(path), "error": "huge.jpg has over 20 MB, more than are read. Save it smaller."}


def test_few_photos_are_held_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    lock, read = Lock(), image_decoding.decode_image

    def counted(data: bytes, name: str, *how: Any) -> image_decoding.Photo:
        with lock:
            started.append(name)
        return read(data, name)

    monkeypatch.setattr(image_decoding, "decode_image", counted)
    found = classify_photo_files([photo(tmp_path, f"{k}.png", "red") for k in range(40)], [network()])
    for taken in range(1, 25):
        next(found)
        with lock:
            assert len(started) <= taken + PHOTOS_AHEAD
    found.close()


def test_the_next_photos_are_read_while_one_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first photo waits for the second: one by one, neither would ever be read."""
    second, read = Event(), image_decoding.decode_image

    def entangled(data: bytes, name: str, *how: Any) -> image_decoding.Photo:
        if name == "1.png":
            second.set()
        elif name == "0.png":
            assert second.wait(60)
        return read(data, name)

    monkeypatch.setattr(image_decoding, "decode_image", entangled)
    monkeypatch.setattr(photo_classification, "WORKERS", 2)
    paths = [photo(tmp_path, f"{k}.png", colour) for k, colour in enumerate(COLOURS)]
    assert named(list(classify_photo_files(paths, [network()]))) == list(COLOURS)


@pytest.mark.parametrize(("side", "resize"), [(32, 32), (224, 256), (299, 342)])
def test_a_network_is_shown_the_middle(side: int, resize: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (90, 120, 3)).astype(np.uint8)
    np.testing.assert_array_equal(
        photo_input(network(side=side), pixels), image_decoding.resize_for_network(pixels, side, resize)
    )


def test_a_photo_is_answered_the_same_in_every_lossless_format(tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    paths = []
    for form in ("PNG", "BMP", "TIFF"):
        file = BytesIO()
        Image.fromarray(pixels).save(file, form)
        paths.append(tmp_path / f"same.{form.lower()}")
        paths[-1].write_bytes(file.getvalue())
    found = [entry["top"] for entry in classify_photo_files(paths, [network()])]
    assert found == [found[0]] * 3
