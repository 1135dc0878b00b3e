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

from cnn.datasets import evaluation_sets
from cnn.datasets.cifar10_files import ARCHIVE, BATCHES
from cnn.datasets.dataset import CIFAR10_CLASSES, FOLDER_VARIABLE, VALIDATION_SIZE, find_data_set
from cnn.errors import MissingData, UnknownName

MNIST = "mnist.npz"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def write_mnist(folder: Path) -> None:
    rng = np.random.default_rng(0)
    parts = {f"x_{part}": rng.integers(0, 256, (n, 28, 28), np.uint8) for part, n in (("train", 30), ("test", 20))}
    np.savez(folder / MNIST, **parts, y_train=np.arange(30) % 10, y_test=np.arange(20) % 10)


def batch(number: int) -> dict[bytes, object]:
    pictures = np.full((4, 3, 32, 32), number, np.uint8)
    pictures[:, 1] = 200  # green
    return {b"data": pictures.reshape(4, -1), b"labels": [number, 1, 2, 3]}


def write_batches(folder: Path) -> None:
    (folder / BATCHES).mkdir(parents=True)
    for number in range(1, 6):
        (folder / BATCHES / f"data_batch_{number}").write_bytes(pickle.dumps(batch(number), 3))
    (folder / BATCHES / "test_batch").write_bytes(pickle.dumps(batch(9), 3))


def test_the_digits_that_come_with_the_app_are_always_there(folder: Path) -> None:
    digits = evaluation_sets.find_picture_set("digits")
    assert digits.here
    split = digits.read()
    assert split.images.shape == (digits.pictures, 28, 28, 1)
    assert np.bincount(split.labels).tolist() == [500] * 10
    assert [
        one.name for data in ("mnist", "cifar10") for one in evaluation_sets.evaluation_sets_for(data) if one.here
    ] == ["digits"]


def test_any_first_digits_hold_every_class() -> None:
    assert set(evaluation_sets.find_picture_set("digits").read().first(100).labels) == set(range(10))


@pytest.mark.skipif(FOLDER_VARIABLE not in os.environ, reason=f"needs {FOLDER_VARIABLE}")
def test_they_are_among_the_pictures_that_networks_are_trained_on() -> None:
    with np.load(evaluation_sets.MNIST_SAMPLE_FILE) as arrays:
        images, labels, places = arrays["images"], arrays["labels"], arrays["places"]
    train = find_data_set("mnist").read("train")
    assert np.array_equal(train.images[places, ..., 0], images)
    assert np.array_equal(train.labels[places], labels)
    assert places.max() < len(train.labels) - VALIDATION_SIZE
    assert "no test" in evaluation_sets.find_picture_set("digits").note


def test_mnist_is_there_where_its_file_is(folder: Path) -> None:
    assert not evaluation_sets.find_picture_set("mnist").here
    write_mnist(folder)
    assert evaluation_sets.find_picture_set("mnist").here
    assert evaluation_sets.find_picture_set("mnist").read().images.shape == (20, 28, 28, 1)
    assert evaluation_sets.find_picture_set("mnist").note == ""


def test_what_keras_downloaded_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv(evaluation_sets.KERAS_VARIABLE, str(tmp_path))
    (tmp_path / "datasets").mkdir()
    assert not evaluation_sets.find_picture_set("mnist").here
    write_mnist(tmp_path / "datasets")
    write_batches(tmp_path / "datasets")
    assert evaluation_sets.find_picture_set("mnist").read().labels.tolist() == [*range(10), *range(10)]
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


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_what_is_not_here_says_how_to_get_it(name: str, folder: Path) -> None:
    with pytest.raises(MissingData, match=f"set {FOLDER_VARIABLE} .* or run `python -m cnn evaluate --data {name}`"):
        evaluation_sets.find_picture_set(name).read()


@pytest.mark.parametrize("content", [b"", b"not a batch", pickle.dumps({b"data": os.system}, 3)])
def test_a_damaged_file_is_told_and_runs_nothing(content: bytes, folder: Path) -> None:
    (folder / BATCHES).mkdir(parents=True)
    (folder / BATCHES / "test_batch").write_bytes(content)
    (folder / MNIST).write_bytes(content)
    for name in ("cifar10", "mnist"):
        with pytest.raises(MissingData, match="could not be read"):
            evaluation_sets.find_picture_set(name).read()


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(UnknownName, match="Choose one of: cifar10, digits, mnist"):
        evaluation_sets.find_picture_set("svhn")
