"""Work behind a page: told, cancelled, kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from cnn.errors import BadInput, Cancelled
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came


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
