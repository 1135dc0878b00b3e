"""Networks and data sets: whole, damaged, missing."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from cnn import data, large, sets, zoo
from cnn.doctor import stock
from cnn.doctor.finding import Finding

LENET = "mnist/lenet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold a copy of the shipped networks that the pages need."""
    for name in stock.NEEDED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        for ending in stock.ENDINGS:
            shutil.copy(zoo.FOLDER / f"{name}{ending}", tmp_path / f"{name}{ending}")
    return tmp_path


def bad(folder: Path) -> list[Finding]:
    *others, last = stock.shipped(folder)
    assert f"{len(stock.NEEDED) - len(others)} of {len(stock.NEEDED)} shipped networks are whole" in last.what
    return others


def test_what_is_shipped_is_whole() -> None:
    (finding,) = stock.shipped()
    assert finding.state == "fine"
    assert finding.what.startswith(f"{len(zoo.names())} of {len(zoo.names())}")


@pytest.mark.parametrize("ending", [".tflite", ".weights.h5", ".layers.tflite"])
def test_one_wrong_bit_is_found(folder: Path, ending: str) -> None:
    file = folder / f"{LENET}{ending}"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    (finding,) = bad(folder)
    assert finding.state == "bad"
    assert finding.what.startswith(f"{LENET}: {ending} damaged")
    assert "git checkout" in finding.advice


@pytest.mark.parametrize("ending", stock.ENDINGS)
def test_a_missing_file_is_named(folder: Path, ending: str) -> None:
    (folder / f"{LENET}{ending}").unlink()
    (finding,) = bad(folder)
    assert finding.what == f"{LENET}: lenet{ending} missing."


@pytest.mark.parametrize("ending", [".json", ".layers.json"])
def test_a_broken_card_is_named(folder: Path, ending: str) -> None:
    (folder / f"{LENET}{ending}").write_text("{")
    (finding,) = bad(folder)
    assert "cannot be read" in finding.what


def test_an_empty_folder_lacks_every_network_that_the_pages_need(tmp_path: Path) -> None:
    assert len(bad(tmp_path)) == len(stock.NEEDED) == 6


def test_other_files_beside_the_networks_are_no_networks(folder: Path) -> None:
    (folder / "mnist" / "notes.txt").write_text("notes")
    (folder / "mnist" / "beside-vgg.tflite").write_bytes(b"half")
    assert bad(folder) == []


def test_a_fetched_network_is_checked_and_an_unfetched_one_is_no_fault(folder: Path) -> None:
    place = folder / "cache"
    name = "imagenet/vgg16"
    (place / "imagenet").mkdir(parents=True)
    (place / f"{name}.json").write_text("{")
    (place / f"{name}.tflite").write_bytes(b"half")
    (place / "imagenet" / "resnet50.part.h5").write_bytes(b"half")
    vgg, inception, resnet = stock.fetched(place)
    assert (vgg.state, "vgg16.weights.h5 and" in vgg.what) == ("bad", True)
    assert "python -m cnn fetch vgg16" in vgg.advice
    assert (inception.state, "not fetched" in inception.what) == ("fine", True)
    assert (resnet.state, "in part" in resnet.what) == ("note", True)


def test_a_whole_fetched_network_is_fine(folder: Path) -> None:
    """One of ours stands for it: the files and the card are of the same form."""
    place = folder / "cache"
    (place / "imagenet").mkdir(parents=True)
    for ending in stock.ENDINGS:
        shutil.copy(folder / f"{LENET}{ending}", place / f"imagenet/resnet50{ending}")
    *_, resnet = stock.fetched(place)
    assert (resnet.state, resnet.what) == ("fine", "ResNet50, fetched, is whole.")


def test_data_sets_by_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(stock.FOLDER_VARIABLE, str(tmp_path))
    with zipfile.ZipFile(tmp_path / "mnist.npz", "w") as archive:
        archive.writestr("x_train.npy", b"")
    mnist, cifar = stock.data_sets()
    assert (mnist.state, cifar.state) == ("fine", "note")
    (tmp_path / "cifar10-jpeg.zip").write_bytes(b"not a zip")
    assert [finding.state for finding in stock.data_sets()] == ["fine", "bad"]


def test_data_sets_in_the_cache_of_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(stock.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    found = list(stock.data_sets())
    assert [finding.state for finding in found] == ["fine", "fine"]
    assert all("is not in" in finding.what and "Keras downloads" in finding.advice for finding in found)
    for file in (stock.DATA["MNIST"][0][0], stock.BATCHES):
        (tmp_path / "datasets" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "datasets" / file).write_bytes(b"")
    mnist, cifar = stock.data_sets()
    assert (mnist.state, "damaged" in mnist.what) == ("bad", True)
    assert (cifar.state, cifar.advice) == ("fine", "")


def test_the_doctor_looks_where_training_does() -> None:
    assert stock.FOLDER_VARIABLE == data.FOLDER_VARIABLE
    assert set(stock.DATA) == {one.title for one in data.DATA_SETS.values()}
    for one in (sets.SETS["mnist"], sets.SETS["cifar10"]):
        files, megabytes = stock.DATA[data.DATA_SETS[one.data].title]
        assert (tuple(map(Path, files)), megabytes) == (one.files, one.megabytes)
    assert large.ALWAYS_THERE in stock.NEEDED
