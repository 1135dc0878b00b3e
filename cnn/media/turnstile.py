"""So many at once, the rest in the order in which they came, and each is told how many come before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

OnWait = Callable[[int], object]


class Turnstile:
    """Bounds what many threads do at the same time, such as what takes much memory."""

    def __init__(self, at_once: int) -> None:
        """Let `at_once` threads in."""
        self._at_once, self._free = at_once, at_once
        self._waiting: deque[object] = deque()
        self._moved = Condition()

    @contextmanager
    def enter(self, on_wait: OnWait = lambda before: None) -> Iterator[None]:
        """Wait for one's turn, and be inside until the end of the block.

        Args:
            on_wait: told how many come before, those inside included, whenever that changes; it may raise to leave.
        """
        ticket, told = object(), -1
        with self._moved:
            self._waiting.append(ticket)
        try:
            while (before := self._before(ticket, told)) > 0:
                told = before
                on_wait(before)
        except BaseException:
            with self._moved:
                self._waiting.remove(ticket)
                self._moved.notify_all()
            raise
        try:
            yield
        finally:
            with self._moved:
                self._free += 1
                self._moved.notify_all()

    def _before(self, ticket: object, told: int) -> int:
        """Wait until another number comes before than was `told`, and give it; 0 lets in."""
        with self._moved:
            while True:
                place = self._waiting.index(ticket)
                before = 0 if place < self._free else place + self._at_once - self._free
                if before == 0:
                    self._waiting.remove(ticket)
                    self._free -= 1
                    self._moved.notify_all()
                if before != told:
                    return before
                self._moved.wait()
