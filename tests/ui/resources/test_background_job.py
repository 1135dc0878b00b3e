"""Work behind a page: told, cancelled, kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from cnn.errors import BadInput, Cancelled
from ui.resources import visits
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, Outlasts
from ui.resources.visits import Visit


def five(came: Came, stopped: object) -> int:
    came(5, 5)
    return 5


def never(came: Came, stopped: object) -> int:
    raise Cancelled("given up")


def refused(came: Came, stopped: object) -> int:
    raise BadInput("This cannot be read.")


def broken(came: Came, stopped: object) -> int:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("do", "result", "error"),
    [(five, 5, None), (never, None, ""), (refused, None, "This cannot be read."), (broken, None, "Counting failed")],
)
def test_however_it_ends_it_is_told(do: object, result: int | None, error: str | None) -> None:
    work: BackgroundJob[int] = BackgroundJob("Counting", do)  # type: ignore[arg-type]
    work.run()
    assert work.ended.is_set()
    assert work.result == result
    assert work.error == error if not error else (work.error or "").startswith(error)


def test_it_says_how_far_it_is() -> None:
    work: BackgroundJob[int] = BackgroundJob("Counting", five)
    assert work.text == "Counting: waiting for its turn"
    work.came(1, 4)
    assert work.text == "Counting: 25 %"
    work.stop.set()
    assert work.text == "Stopping Counting"


def test_the_same_is_done_once_and_a_failure_again() -> None:
    done: list[str] = []

    def count(came: Came, stopped: object) -> str:
        done.append("good")
        return "good"

    def fail(came: Came, stopped: object) -> str:
        done.append("bad")
        raise BadInput("bad")

    with ThreadPoolExecutor(1) as thread:
        works: BackgroundJobs[str] = BackgroundJobs(thread.submit)
        for _ in range(3):
            works.start("a", "Counting", count)
            thread.submit(lambda: None).result()
        for _ in range(2):
            works.start("b", "Failing", fail)
            thread.submit(lambda: None).result()
    assert done == ["good", "bad", "bad"]
    assert works.last("a").result == "good"  # type: ignore[union-attr]
    assert works.last("c") is None


def test_old_results_make_room_and_what_goes_on_stays() -> None:
    go = Event()

    def wait(came: Came, stopped: object) -> int:
        go.wait(30)
        return 1

    with ThreadPoolExecutor(2) as thread:
        works: BackgroundJobs[int] = BackgroundJobs(thread.submit, most=2)
        works.start("slow", "Waiting", wait)
        for name in "abc":
            works.start(name, name, five)
            works.last(name).ended.wait(30)  # type: ignore[union-attr]
        works.start("d", "d", five)
        assert works.last("slow") is not None
        assert works.last("a") is None
        go.set()


def test_who_leaves_stops_nobody_elses_work(asking: dict[str, Visit]) -> None:
    """Stop, or the next switch in the Lesion lab, cancelled what others waited for."""
    works: BackgroundJobs[int] = BackgroundJobs(lambda run: None)
    works.start("a", "Counting", five)
    asking["now"] = asking["bob"]
    work = works.last("a")
    assert work is not None
    work.leave()
    assert (work.stop.is_set(), work.left, work.snapshot().ended) == (False, True, True)
    asking["now"] = asking["ann"]
    assert (work.left, work.snapshot().ended) == (False, False)
    work.leave()
    assert work.stop.is_set()


def test_who_left_can_ask_again_and_gets_no_cancelled_work(asking: dict[str, Visit]) -> None:
    works: BackgroundJobs[int] = BackgroundJobs(lambda run: None)
    works.start("a", "Counting", five)
    first = works.last("a")
    assert first is not None
    first.leave()
    assert first.stop.is_set()
    works.start("a", "Counting", five)
    second = works.last("a")
    assert second is not first
    assert second is not None
    assert not second.left


@pytest.mark.parametrize(("outlasts", "ended", "kept"), [("results", 1, 1), ("work", 0, 1), ("nothing", 1, 0)])
def test_work_ends_when_all_have_gone_for_good(
    asking: dict[str, Visit], outlasts: Outlasts, ended: bool, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    works: BackgroundJobs[int] = BackgroundJobs(lambda run: None, outlasts=outlasts)
    works.start("a", "Counting", five)
    work = works.last("a")
    assert work is not None
    works.sweep(expired=True)
    asking.clear()
    works.sweep(expired=False)
    works.sweep(expired=True)  # another's visit has expired; these two may only be loading their pages anew
    assert not work.stop.is_set()
    monkeypatch.setattr(visits, "EXPIRED_S", 0.0)
    works.sweep(expired=True)
    assert (work.stop.is_set(), works.last("a") is not None) == (ended, kept)


def page() -> None:
    import streamlit as st

    from tests.ui.resources.test_background_job import five
    from ui.resources.background_job import BackgroundJob, watch_job

    work = st.session_state.setdefault("work", BackgroundJob("Counting", five))
    if work.ended.is_set():
        st.text("ended")
    else:
        watch_job(work, "test")


def test_one_can_cancel_and_the_end_is_shown() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.button[0].label == "Stop"
    app.button[0].click().run()
    assert app.session_state["work"].stop.is_set()
    app.session_state["work"].run()
    app.run()
    assert app.text[0].value == "ended"
