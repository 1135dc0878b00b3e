"""Looking now and then, until all is there."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from ui.resources import poll


class Rerun(Exception):
    """The page runs once more."""


@pytest.fixture(autouse=True)
def no_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    def rerun(scope: str) -> None:
        assert scope == "app"
        raise Rerun

    def fragment(tick: Callable[[], None], run_every: float) -> Callable[[], None]:
        return tick

    monkeypatch.setattr(poll.st, "fragment", fragment)
    monkeypatch.setattr(poll.st, "rerun", rerun)


def test_an_end_that_is_near_is_waited_for() -> None:
    looks, asked = count(), count()
    with pytest.raises(Rerun):
        poll.poll_until(lambda: next(asked) >= 3, lambda: next(looks), 60, lambda: 0.1)
    assert (next(looks), next(asked)) == (1, 4)


@pytest.mark.parametrize("left", [None, 61.0], ids=["unknown", "far"])
def test_an_end_that_is_far_is_not_waited_for(left: float | None) -> None:
    looks, asked = count(), count()
    poll.poll_until(lambda: bool(next(asked)), lambda: next(looks), 60, lambda: left)
    assert (next(looks), next(asked)) == (1, 1)


def test_an_end_that_does_not_come_as_guessed_is_not_waited_for_longer_than_to_the_next_look() -> None:
    poll.poll_until(lambda: False, lambda: None, 0.001, lambda: 0.0)
