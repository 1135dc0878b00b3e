"""When somebody has gone, what was kept for them goes, and the memory of the session with it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any, cast
from weakref import WeakSet, ref

import pytest
from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state.session_state import SessionState
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.testing.v1 import AppTest

from ui.resources import visits
from ui.resources.visits import Visit


class Session:
    """Hangs in a cycle, as Streamlit's do."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.itself = self
        self.session_state = {"photos": bytes(1000)}
        self.files = [bytes(1000)]

    def shutdown(self) -> None:
        self.files.clear()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    runs = Thread(target=made.run_forever, daemon=True)
    runs.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    runs.join()
    made.close()


def test_an_expired_session_leaves_nothing(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemorySessionStorage(ttl_seconds=0)
    nothing: Any = None
    manager = WebsocketSessionManager(storage, nothing, nothing, nothing)
    server = SimpleNamespace(_session_mgr=manager, _get_async_objs=lambda: SimpleNamespace(eventloop=loop))
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    session, held = Session("gone"), Session("last")  # Streamlit's loop holds the last one while nobody is here
    gone = ref(session)
    gc.disable()
    try:
        for one in (session, held):
            storage.save(SessionInfo(client=None, session=cast(AppSession, one)))
        del session, one
        assert gone() is not None
        visits.collect_expired()
        assert gone() is None
        assert not held.files
        assert not held.session_state
    finally:
        gc.enable()


def test_streamlit_still_has_what_that_is_built_on() -> None:
    assert callable(Runtime._get_async_objs)
    assert callable(AppSession.shutdown)
    assert callable(SessionState.clear)
    assert isinstance(AppSession.session_state, property)


class Keeper:
    def __init__(self) -> None:
        self.swept, self.let_go = Event(), Event()

    def sweep(self, expired: bool) -> None:
        (self.let_go if expired else self.swept).set()


def test_at_the_end_of_a_visit_all_is_swept_and_later_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    collected, keeper = Event(), Keeper()
    monkeypatch.setattr(visits, "EXPIRED_S", 0.0)
    monkeypatch.setattr(visits, "collect_expired", collected.set)
    ended: SimpleQueue[WeakSet[Any]] = SimpleQueue()
    Thread(target=visits._clean_up, args=(ended,), daemon=True).start()
    monkeypatch.setattr(visits, "_ended", lambda: ended)
    visit = visits._visit.__wrapped__()
    visit.holders.add(keeper)
    assert not keeper.swept.is_set()
    del visit
    assert keeper.swept.wait(60)
    assert keeper.let_go.wait(60)
    assert collected.wait(60)


def test_every_run_of_a_session_belongs_to_one_visit() -> None:
    def page() -> None:
        import streamlit as st

        from ui.resources import visits

        st.session_state.setdefault("visits", []).append(visits.current_visit())

    test = AppTest.from_function(page).run().run()
    first, second = test.session_state["visits"]
    assert isinstance(first, Visit)
    assert first is second
    assert visits.current_visit() is None
