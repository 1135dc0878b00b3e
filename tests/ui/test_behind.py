"""Rounds of questions behind the pages: each network once a set, results kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from cnn import over, zoo
from cnn.data import Split
from cnn.zoo import Network
from ui import behind


@pytest.fixture(scope="module")
def networks() -> tuple[Network, Network]:
    return zoo.load("mnist/lenet"), zoo.load("mnist/resnet")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pictures = Split(np.zeros((3, 28, 28, 1), np.uint8), np.array([1, 2, 3]))
    monkeypatch.setattr(behind, "split", lambda name: pictures)
    behind.rounds.clear()
    yield
    behind.rounds.clear()


def ended(of: str, network: Network) -> over.Answered | None:
    work = behind.last(of, network.name)
    assert work is not None
    work.ended.wait()
    return work.result


def test_each_network_answers_every_picture_of_the_set(networks: tuple[Network, Network]) -> None:
    behind.start("digits", networks)
    for network in networks:
        found = ended("digits", network)
        assert found is not None
        assert found.labels.tolist() == over.ask(network, behind.split("digits")).labels.tolist()


def test_what_is_known_is_not_asked_again(networks: tuple[Network, Network], monkeypatch: pytest.MonkeyPatch) -> None:
    behind.start("digits", networks[:1])
    first = ended("digits", networks[0])
    asked: list[str] = []
    monkeypatch.setattr(over, "ask", lambda network, *_: asked.append(network.name))
    behind.start("digits", networks)
    assert ended("digits", networks[0]) is first
    ended("digits", networks[1])
    assert asked == ["mnist/resnet"]


def test_another_set_is_another_round(networks: tuple[Network, Network]) -> None:
    behind.start("digits", networks[:1])
    assert behind.last("mnist", networks[0].name) is None
    assert behind.last("digits", networks[1].name) is None
