"""Pictures to measure with that no network was trained on: they come with the app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cnn.datasets import evaluation_sets
from cnn.datasets.dataset import FOLDER_VARIABLE
from cnn.errors import MissingData
from cnn.evaluation import held_out


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    held_out.load_held_out.cache_clear()
    yield
    held_out.load_held_out.cache_clear()


@pytest.mark.parametrize(("data", "of"), [("mnist", "mnist"), ("cifar10", "cifar10-2000")])
def test_they_are_test_pictures_of_the_app(data: str, of: str) -> None:
    found, whole = held_out.load_held_out(data), evaluation_sets.find_picture_set(of)
    assert (found.title, found.note) == (held_out.held_out_title(data), whole.note) == (whole.title, whole.note)
    assert len(found.split.images) == len(found.split.labels) == held_out.HELD_OUT_COUNT
    assert len(np.unique(found.split.labels)) == 10
    assert {picture.tobytes() for picture in found.split.images} <= {one.tobytes() for one in whole.read().images}


def test_where_there_are_none_it_says_why() -> None:
    for ask in (held_out.held_out_title, held_out.load_held_out):
        with pytest.raises(MissingData, match="No labelled photos"):
            ask("imagenet")
