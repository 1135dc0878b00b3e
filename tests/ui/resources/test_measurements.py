"""Rounds of questions behind the pages: each network once a set, results kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.evaluation import dataset_predictions
from cnn.zoo import Network
from ui.resources import measurements


@pytest.fixture(scope="module")
def networks() -> tuple[Network, Network]:
    return zoo.load_network("mnist/lenet"), zoo.load_network("mnist/resnet")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pictures = Split(np.zeros((3, 28, 28, 1), np.uint8), np.array([1, 2, 3]))
    monkeypatch.setattr(measurements, "cached_split", lambda name: pictures)
    measurements.dataset_jobs.clear()
    yield
    measurements.dataset_jobs.clear()


def ended(of: str, network: Network) -> dataset_predictions.DatasetPredictions | None:
    work = measurements.last_dataset_run(find_picture_set(of), network.name)
    assert work is not None
    work.ended.wait()
    return work.result


def test_each_network_answers_every_picture_of_the_set(networks: tuple[Network, Network]) -> None:
    measurements.start_dataset_run(find_picture_set("mnist"), networks)
    for network in networks:
        found = ended("mnist", network)
        assert found is not None
        assert (
            found.y_pred.tolist()
            == dataset_predictions.predict_dataset(network, measurements.cached_split("mnist")).y_pred.tolist()
        )


def test_what_is_known_is_not_asked_again(networks: tuple[Network, Network], monkeypatch: pytest.MonkeyPatch) -> None:
    measurements.start_dataset_run(find_picture_set("mnist"), networks[:1])
    first = ended("mnist", networks[0])
    asked: list[str] = []
    monkeypatch.setattr(dataset_predictions, "predict_dataset", lambda network, *_: asked.append(network.name))
    measurements.start_dataset_run(find_picture_set("mnist"), networks)
    assert ended("mnist", networks[0]) is first
    ended("mnist", networks[1])
    assert asked == ["mnist/resnet"]


def test_another_set_is_another_round(networks: tuple[Network, Network]) -> None:
    measurements.start_dataset_run(find_picture_set("mnist"), networks[:1])
    assert measurements.last_dataset_run(find_picture_set("cifar10-2000"), networks[0].name) is None
    assert measurements.last_dataset_run(find_picture_set("mnist"), networks[1].name) is None
