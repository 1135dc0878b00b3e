"""Looking now and then, until all is there."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from ui.resources import poll


class Rerun(Exception):
    """The page runs once more."""


@pytest.fixture
def no_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    def rerun(scope: str) -> None:
        assert scope == "app"
        raise Rerun

    def fragment(tick: Callable[[], None], run_every: float) -> Callable[[], None]:
        return tick

    monkeypatch.setattr(poll.st, "fragment", fragment)
    monkeypatch.setattr(poll.st, "rerun", rerun)


@pytest.mark.usefixtures("no_streamlit")
def test_an_end_that_is_near_is_waited_for() -> None:
    looks, asked = count(), count()
    with pytest.raises(Rerun):
        poll.poll_until(lambda: next(asked) >= 3, lambda: next(looks), 60, lambda: 0.1)
    assert (next(looks), next(asked)) == (1, 4)


@pytest.mark.usefixtures("no_streamlit")
@pytest.mark.parametrize("left", [None, 61.0], ids=["unknown", "far"])
def test_an_end_that_is_far_is_not_waited_for(left: float | None) -> None:
    looks, asked = count(), count()
    poll.poll_until(lambda: bool(next(asked)), lambda: next(looks), 60, lambda: left)
    assert (next(looks), next(asked)) == (1, 1)


@pytest.mark.usefixtures("no_streamlit")
def test_an_end_that_does_not_come_as_guessed_is_not_waited_for_longer_than_to_the_next_look() -> None:
    poll.poll_until(lambda: False, lambda: None, 0.001, lambda: 0.0)


def show_a_result() -> None:
    import streamlit as st

    from ui.resources.poll import show_until

    st.session_state.ended = show_until(lambda: st.session_state.done, lambda: st.caption("the result"))


def places(node: Node) -> list[tuple[int, ...]]:
    """Find the places of captions in the tree of a page."""
    if not isinstance(node, Block):
        return [()] if node.type == "caption" else []
    return [(at, *place) for at, child in node.children.items() for place in places(child)]


def test_the_whole_stands_where_its_pieces_stood() -> None:
    found = []
    for done in (False, True):
        page = AppTest.from_function(show_a_result, default_timeout=60)
        page.session_state.done = done
        page.run()
        assert page.session_state.ended is done
        found.append(places(page.main))
    assert len(found[0]) == 1
    assert found[0] == found[1]
