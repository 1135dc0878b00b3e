"""What is measured behind the pages: one job a network and set, results kept, troubles told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnn import over, zoo
from cnn.data import Split
from cnn.errors import MissingData
from cnn.zoo import Network
from ui import behind
from ui.behind import Job, Jobs


@pytest.fixture(scope="module")
def networks() -> tuple[Network, Network]:
    return zoo.load("mnist/lenet"), zoo.load("mnist/resnet")


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = Split(np.zeros((3, 28, 28, 1), np.uint8), np.array([1, 2, 3]))
    monkeypatch.setattr(behind, "split", lambda name: pictures)


class Later:
    """Stands for the thread: it runs what was submitted when told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, job: Callable[[], None]) -> None:
        self.waiting.append(job)

    def go_on(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def last(jobs: Jobs, network: Network) -> Job:
    job = jobs.last("digits", network.name)
    assert job is not None
    return job


def test_each_network_is_asked_once(networks: tuple[Network, Network]) -> None:
    later = Later()
    jobs = Jobs(later.submit)
    jobs.start("digits", networks[:1])
    jobs.start("digits", networks)
    assert len(later.waiting) == 2
    later.go_on()
    jobs.start("digits", networks)
    assert not later.waiting
    answered = last(jobs, networks[0]).answered
    assert answered is not None
    assert answered.count[1] == 3
    assert (last(jobs, networks[0]).done, last(jobs, networks[0]).total) == (3, 3)


def test_what_was_cancelled_can_be_asked_again(networks: tuple[Network, Network]) -> None:
    later = Later()
    jobs = Jobs(later.submit)
    jobs.start("digits", networks)
    last(jobs, networks[0]).stop.set()
    later.go_on()
    assert (last(jobs, networks[0]).answered, last(jobs, networks[0]).error) == (None, "")
    assert last(jobs, networks[1]).answered is not None
    jobs.start("digits", networks)
    later.go_on()
    assert last(jobs, networks[0]).answered is not None


@pytest.mark.parametrize(
    ("trouble", "told"),
    [(MissingData("It is not here."), "It is not here."), (RuntimeError("odd"), "LeNet-5 could not be asked")],
)
def test_troubles_are_told_in_a_sentence(
    trouble: Exception, told: str, networks: tuple[Network, Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(over, "ask", ask)
    job = Job(networks[0], "digits")
    job.run()
    assert job.ended.is_set()
    assert job.error is not None
    assert told in job.error


def test_the_oldest_results_make_room_but_never_what_goes_on(networks: tuple[Network, Network]) -> None:
    later = Later()
    jobs = Jobs(later.submit, most=2)
    jobs.start("first", networks[:1])
    later.go_on()
    jobs.start("second", networks)
    assert jobs.last("first", networks[0].name) is None
    jobs.start("third", networks)
    assert all(jobs.last(of, network.name) for of in ("second", "third") for network in networks)
