"""A bad day takes no page down: damaged networks are left out and named, and nothing can be kept or is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn import zoo
from cnn.datasets import evaluation_sets
from cnn.home import HOME_VARIABLE
from cnn.paths import ROOT
from cnn.zoo import pretrained
from tests.pages.driver import opened
from ui.resources import network_cache

PAGES = re.findall(r"pages/(\w+)\.py", (ROOT / "app.py").read_text("utf-8"))
DAMAGES = {"mnist/resnet.json": b"{", "mnist/lenet.tflite": b"no network", "cifar10/resnet.weights.h5": b""}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All networks but for three, each with another file damaged."""
    folder = tmp_path_factory.mktemp("networks")
    for data in zoo.NETWORKS_FOLDER.iterdir():
        (folder / data.name).mkdir()
        for file in data.iterdir():
            (folder / data.name / file.name).symlink_to(file)
    for name, content in DAMAGES.items():
        (folder / name).unlink()
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(autouse=True)
def _listed_anew(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    caches = (network_cache._listed, network_cache.damaged_networks, network_cache._card, network_cache._loaded)
    for cache in caches:
        cache.clear()
    monkeypatch.setattr(zoo, "NETWORKS_FOLDER", damaged)
    monkeypatch.setenv(HOME_VARIABLE, "/dev/null/home")  # as on a file system that is read-only, or full
    monkeypatch.setenv(pretrained.CACHE_VARIABLE, "/dev/null/cache")
    for missing in ("HELD_OUT_DIGITS", "HELD_OUT_PHOTOS"):
        monkeypatch.setattr(evaluation_sets, missing, damaged / "nothing")
    yield
    for cache in caches:
        cache.clear()


@pytest.mark.parametrize("page", PAGES)
def test_what_is_damaged_is_left_out_and_every_page_stays(page: str) -> None:
    said = " ".join(one.value for one in opened(page).warning)
    for file in DAMAGES:
        name = file.split(".")[0]
        assert f"{name} is left out" in said.replace("`", "")
        assert name not in network_cache.available_network_names(name.split("/")[0])
