"""Networks and data sets: whole, damaged, missing."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from cnn import zoo
from cnn.datasets import dataset, evaluation_sets
from cnn.doctor import installed_assets
from cnn.doctor.finding import Finding
from cnn.zoo import pretrained

LENET = "mnist/lenet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold a copy of the shipped networks that the pages need."""
    for name in installed_assets.NEEDED_NETWORKS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        for ending in installed_assets.NETWORK_FILE_SUFFIXES:
            shutil.copy(zoo.NETWORKS_FOLDER / f"{name}{ending}", tmp_path / f"{name}{ending}")
    return tmp_path


def bad(folder: Path) -> list[Finding]:
    *others, last = installed_assets.check_shipped_networks(folder)
    needed = len(installed_assets.NEEDED_NETWORKS)
    assert f"{needed - len(others)} of {needed} shipped networks are whole" in last.what
    return others


def test_what_is_shipped_is_whole() -> None:
    (finding,) = installed_assets.check_shipped_networks()
    assert finding.state == "fine"
    assert finding.what.startswith(f"{len(zoo.network_names())} of {len(zoo.network_names())}")


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


@pytest.mark.parametrize("ending", installed_assets.NETWORK_FILE_SUFFIXES)
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
    assert len(bad(tmp_path)) == len(installed_assets.NEEDED_NETWORKS) == 6


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
    (place / "imagenet" / "inception_v3.part.h5").write_bytes(b"half")
    vgg, inception = installed_assets.check_fetched_networks(place)
    assert (vgg.state, "vgg16.weights.h5 and" in vgg.what) == ("bad", True)
    assert "python -m cnn fetch vgg16" in vgg.advice
    assert (inception.state, "in part" in inception.what) == ("note", True)
    (place / "imagenet" / "inception_v3.part.h5").unlink()
    *_, inception = installed_assets.check_fetched_networks(place)
    assert (inception.state, "not fetched" in inception.what) == ("fine", True)


def test_a_whole_fetched_network_is_fine(folder: Path) -> None:
    """One of ours stands for it: the files and the card are of the same form."""
    place = folder / "cache"
    (place / "imagenet").mkdir(parents=True)
    for ending in installed_assets.NETWORK_FILE_SUFFIXES:
        shutil.copy(folder / f"{LENET}{ending}", place / f"imagenet/inception_v3{ending}")
    *_, inception = installed_assets.check_fetched_networks(place)
    assert (inception.state, inception.what) == ("fine", "InceptionV3, fetched, is whole.")


def test_data_sets_by_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(installed_assets.FOLDER_VARIABLE, str(tmp_path))
    with zipfile.ZipFile(tmp_path / "mnist.npz", "w") as archive:
        archive.writestr("x_train.npy", b"")
    mnist, _, cifar = installed_assets.check_data_sets()
    assert (mnist.state, cifar.state) == ("fine", "note")
    (tmp_path / "cifar10-jpeg.zip").write_bytes(b"not a zip")
    assert [finding.state for finding in installed_assets.check_data_sets()] == ["fine", "note", "bad"]


def test_data_sets_in_the_cache_of_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(installed_assets.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    found = list(installed_assets.check_data_sets())
    assert [finding.state for finding in found] == ["fine", "fine", "fine"]
    assert all("is not in" in finding.what and "Keras downloads" in finding.advice for finding in found)
    for file in (installed_assets.DATA["MNIST"][0][0], installed_assets.BATCHES):
        (tmp_path / "datasets" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "datasets" / file).write_bytes(b"")
    mnist, _, cifar = installed_assets.check_data_sets()
    assert (mnist.state, "damaged" in mnist.what) == ("bad", True)
    assert (cifar.state, cifar.advice) == ("fine", "")


def test_the_doctor_looks_where_training_does() -> None:
    assert installed_assets.FOLDER_VARIABLE == dataset.FOLDER_VARIABLE
    assert set(installed_assets.DATA) == {one.title for one in dataset.DATA_SETS.values()}
    one = evaluation_sets.EVALUATION_SETS["cifar10"]
    files, megabytes = installed_assets.DATA[dataset.DATA_SETS[one.data].title]
    assert (tuple(map(Path, files)), megabytes) == (one.files, one.megabytes)
    assert pretrained.SHIPPED_IMAGENET_NETWORK in installed_assets.NEEDED_NETWORKS
