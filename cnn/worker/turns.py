"""Whose turn it is when several people wait for one thing. No TensorFlow."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Generic, TypeVar

Asker = TypeVar("Asker")


class Turns(Generic[Asker]):
    """Of those who wait, the turn is of who was served longest ago; who had nothing to wait for comes first."""

    def __init__(self) -> None:
        """Nobody has been served."""
        self._numbers = count(1)
        self._served: dict[Asker, int] = {}  # of those who still wait, and of the last one: not twice in a row
        self._last = 0

    def next(self, waiting: Collection[Asker]) -> Asker:
        """Choose one of those who wait, at least one; of several newcomers the first."""
        self._served = {one: at for one, at in self._served.items() if at == self._last or one in waiting}
        chosen = min(waiting, key=lambda one: self._served.get(one, 0))
        self._served[chosen] = self._last = next(self._numbers)
        return chosen
