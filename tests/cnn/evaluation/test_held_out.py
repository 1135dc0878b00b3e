"""Pictures to measure with that no network was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets import evaluation_sets
from cnn.datasets.dataset import FOLDER_VARIABLE
from cnn.errors import MissingData
from cnn.evaluation import held_out


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    held_out.load_held_out.cache_clear()
    yield tmp_path
    held_out.load_held_out.cache_clear()


def test_mnists_own_test_digits_come_first(folder: Path) -> None:
    rng = np.random.default_rng(0)
    test = {"x_test": rng.integers(0, 256, (1_200, 28, 28), np.uint8), "y_test": np.arange(1_200) % 10}
    np.savez(folder / "mnist.npz", x_train=test["x_test"][:1], y_train=test["y_test"][:1], **test)
    found = held_out.load_held_out("mnist")
    assert (found.title, found.note) == (evaluation_sets.find_picture_set("mnist").title, "")
    assert found.split.images.shape == (held_out.HELD_OUT_COUNT, 28, 28, 1)
    assert len(np.unique(found.split.labels)) == 10


def test_without_them_digits_are_invented(folder: Path) -> None:
    found = held_out.load_held_out("mnist")
    assert found.title == held_out.held_out_title("mnist") == "invented handwriting"
    assert "that no network saw in training" in found.note
    split = held_out.synthetic_digits(100)
    assert np.array_equal(split.images, held_out.synthetic_digits(100).images)
    assert np.bincount(split.labels).tolist() == [10] * 10
    right = zoo.load_network("mnist/resnet").runner(split.images / np.float32(255)).argmax(1) == split.labels
    assert right.mean() > 0.9  # they are the digits that they are said to be


@pytest.mark.parametrize(("data", "why"), [("cifar10", FOLDER_VARIABLE), ("imagenet", "No labelled photos")])
def test_where_there_are_none_it_says_why(data: str, why: str, folder: Path) -> None:
    with pytest.raises(MissingData, match=why):
        held_out.held_out_title(data)
    with pytest.raises(MissingData, match=why):
        held_out.load_held_out(data)
