"""So many at once; who waits is told how many come before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest

from cnn.media.turnstile import Turnstile


class Visitor:
    """Somebody who goes in on a thread, and stays inside until they are told to leave."""

    def __init__(self, crew: ThreadPoolExecutor, gate: Turnstile, impatient: bool = False, fails: bool = False) -> None:
        self.told: SimpleQueue[int] = SimpleQueue()
        self.impatient, self.fails = impatient, fails
        self.inside, self.leave = Event(), Event()
        self.end = crew.submit(self.go, gate)

    def go(self, gate: Turnstile) -> Any:
        with gate.enter(self.wait):
            self.inside.set()
            self.leave.wait(30)
            if self.fails:
                raise ValueError("inside")

    def wait(self, before: int) -> None:
        self.told.put(before)
        if self.impatient:
            raise ValueError("outside")


def test_so_many_are_inside_at_once_and_the_rest_know_their_place() -> None:
    gate = Turnstile(2)
    with ThreadPoolExecutor(5) as crew:
        first, second = Visitor(crew, gate), Visitor(crew, gate, fails=True)
        assert first.inside.wait(30)
        assert second.inside.wait(30)
        third = Visitor(crew, gate)
        assert third.told.get(timeout=30) == 2
        fourth = Visitor(crew, gate)
        assert fourth.told.get(timeout=30) == 3
        assert not third.inside.is_set()
        second.leave.set()  # whatever happens inside, the next one comes in
        assert third.inside.wait(30)
        assert fourth.told.get(timeout=30) == 2
        for one in (first, third, fourth):
            one.leave.set()
        for one in (first, third, fourth):
            one.end.result(30)
        with pytest.raises(ValueError, match="inside"):
            second.end.result(30)


def test_who_gives_up_waiting_leaves_the_queue() -> None:
    """A session that runs anew while it waits: its place would stop all who come later."""
    gate = Turnstile(1)
    with ThreadPoolExecutor(3) as crew:
        first = Visitor(crew, gate)
        assert first.inside.wait(30)
        second = Visitor(crew, gate, impatient=True)
        with pytest.raises(ValueError, match="outside"):
            second.end.result(30)
        third = Visitor(crew, gate)
        assert third.told.get(timeout=30) == 1
        first.leave.set()
        third.leave.set()
        third.end.result(30)
