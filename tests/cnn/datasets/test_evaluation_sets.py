"""Sets of pictures: the one that is always there, and those that are only where their files are."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn.datasets import evaluation_sets, training_sets
from cnn.datasets.cifar10_files import ARCHIVE, BATCHES
from cnn.datasets.dataset import CIFAR10_CLASSES, DATA_SETS, FOLDER_VARIABLE, VALIDATION_SIZE, find_data_set
from cnn.errors import MissingData, UnknownName


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def batch(number: int) -> dict[bytes, object]:
    pictures = np.full((4, 3, 32, 32), number, np.uint8)
    pictures[:, 1] = 200  # green
    return {b"data": pictures.reshape(4, -1), b"labels": [number, 1, 2, 3]}


def write_batches(folder: Path) -> None:
    (folder / BATCHES).mkdir(parents=True)
    for number in range(1, 6):
        (folder / BATCHES / f"data_batch_{number}").write_bytes(pickle.dumps(batch(number), 3))
    (folder / BATCHES / "test_batch").write_bytes(pickle.dumps(batch(9), 3))


@pytest.mark.parametrize(
    ("name", "shape", "a_class"), [("mnist", (28, 28, 1), None), ("cifar10-2000", (32, 32, 3), 200)]
)
def test_held_out_pictures_come_with_the_app(
    name: str, shape: tuple[int, int, int], a_class: int | None, folder: Path
) -> None:
    of = evaluation_sets.find_picture_set(name)
    assert of.here
    split = of.read()
    assert split.images.shape == (of.pictures, *shape)
    assert split.images.dtype == np.uint8
    assert split.labels.dtype == np.int64
    assert set(split.labels[:100]) == set(range(10)), "any first pictures hold every class"
    if a_class:
        assert np.bincount(split.labels).tolist() == [a_class] * 10


def test_offline_each_small_network_has_a_true_test(folder: Path) -> None:
    here = {data: [one.name for one in evaluation_sets.evaluation_sets_for(data) if one.here] for data in DATA_SETS}
    assert here == {"mnist": ["mnist"], "fashion": [], "cifar10": ["cifar10-2000"]}


@pytest.mark.skipif(FOLDER_VARIABLE not in os.environ, reason=f"needs {FOLDER_VARIABLE}")
def test_they_are_test_pictures_and_no_others() -> None:
    digits, test = evaluation_sets.find_picture_set("mnist").read(), find_data_set("mnist").read("test")
    assert np.array_equal(digits.images, test.images)
    assert np.array_equal(digits.labels, test.labels)
    photos, test = evaluation_sets.find_picture_set("cifar10-2000").read(), find_data_set("cifar10").read("test")
    known = {(picture.tobytes(), label) for picture, label in zip(test.images, test.labels, strict=True)}
    assert {(picture.tobytes(), label) for picture, label in zip(photos.images, photos.labels, strict=True)} <= known


@pytest.mark.skipif(FOLDER_VARIABLE not in os.environ, reason=f"needs {FOLDER_VARIABLE}")
def test_the_training_digits_are_among_those_that_networks_are_trained_on() -> None:
    with np.load(training_sets.TRAINING_DIGITS) as arrays:
        images, labels, places = arrays["images"], arrays["labels"], arrays["places"]
    train = find_data_set("mnist").read("train")
    assert np.array_equal(train.images[places, ..., 0], images)
    assert np.array_equal(train.labels[places], labels)
    assert places.max() < len(train.labels) - VALIDATION_SIZE


def test_a_damaged_set_of_the_app_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "held.npz").write_bytes(b"no archive")
    monkeypatch.setattr(evaluation_sets, "HELD_OUT_DIGITS", folder / "held.npz")
    with pytest.raises(MissingData, match="Fetch assets/held_out anew"):
        evaluation_sets.find_picture_set("mnist").read()


def test_what_keras_downloaded_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv(evaluation_sets.KERAS_VARIABLE, str(tmp_path))
    (tmp_path / "datasets").mkdir()
    assert not evaluation_sets.find_picture_set("cifar10").here
    write_batches(tmp_path / "datasets")
    photos = evaluation_sets.find_picture_set("cifar10").read()
    assert photos.labels.tolist() == [9, 1, 2, 3]
    assert photos.images.shape == (4, 32, 32, 3)
    assert (photos.images[..., 1] == 200).all()
    assert (photos.images[..., 0] == 9).all()
    assert evaluation_sets.find_picture_set("cifar10").note == ""


def test_the_training_batches_come_in_order(folder: Path) -> None:
    write_batches(folder)
    assert find_data_set("cifar10").read("train").labels.tolist() == [
        n for first in range(1, 6) for n in (first, 1, 2, 3)
    ]


def test_a_copy_in_jpeg_says_so(folder: Path) -> None:
    with zipfile.ZipFile(folder / ARCHIVE, "w") as archive:
        for name in CIFAR10_CLASSES:
            picture = io.BytesIO()
            Image.new("RGB", (32, 32)).save(picture, "JPEG")
            archive.writestr(f"test/{name}/1.jpg", picture.getvalue())
    photos = evaluation_sets.find_picture_set("cifar10")
    assert sorted(photos.read().labels) == list(range(10))
    assert photos.note == evaluation_sets.JPEG


def test_what_is_not_here_says_how_to_get_it(folder: Path) -> None:
    with pytest.raises(MissingData, match=f"set {FOLDER_VARIABLE} .* or run `python -m cnn evaluate --data cifar10"):
        evaluation_sets.find_picture_set("cifar10").read()


@pytest.mark.parametrize("content", [b"", b"not a batch", pickle.dumps({b"data": os.system}, 3)])
def test_a_damaged_file_is_told_and_runs_nothing(content: bytes, folder: Path) -> None:
    (folder / BATCHES).mkdir(parents=True)
    (folder / BATCHES / "test_batch").write_bytes(content)
    with pytest.raises(MissingData, match="could not be read"):
        evaluation_sets.find_picture_set("cifar10").read()


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(UnknownName, match="Choose one of: cifar10, cifar10-2000, fashion, mnist"):
        evaluation_sets.find_picture_set("svhn")
