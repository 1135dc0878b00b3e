"""Who is here, and what becomes of the memory when somebody has gone.

Streamlit keeps a session for two minutes after its connection broke, and forgets it when the next one breaks; only as
garbage does it let go of its files, and it hangs in cycles that nothing collects while `runner.postScriptGC` is off.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import perf_counter
from typing import Any, Final, Protocol
from weakref import WeakSet, finalize

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.resources.person import person

EXPIRED_S: Final[float] = st.get_option("server.disconnectedSessionTTL") + 5  # two minutes, and a little


class Holder(Protocol):
    """What keeps something for visits."""

    def sweep(self, expired: bool) -> None:
        """Forget what no visit holds any more.

        Args:
            expired: a visit has not only ended, nobody can come back to it.
        """


class Visit:
    """One session while it is connected.

    Attributes:
        person: whose it is; people who open several pages have several visits.
        holders: keep something for it.
    """

    def __init__(self, person: str) -> None:
        self.person = person
        self.holders: WeakSet[Holder] = WeakSet()


def current_visit() -> Visit | None:
    """Give the visit that this run belongs to; None outside of any, as in a download's own thread."""
    return None if get_script_run_ctx(suppress_warning=True) is None else _visit()


def current_person() -> str:
    """Name the person whose visit this run belongs to; "" outside of any."""
    visit = current_visit()
    return visit.person if visit else ""


@st.cache_resource(scope="session", show_spinner=False)
def _visit() -> Visit:
    visit = Visit(person())
    end = finalize(visit, _ended().put, visit.holders)  # may happen inside of anything: no lock is taken there
    end.atexit = False
    return visit


@st.cache_resource(show_spinner=False)
def _ended() -> SimpleQueue[WeakSet[Holder]]:
    ended: SimpleQueue[WeakSet[Holder]] = SimpleQueue()
    Thread(target=_clean_up, args=(ended,), name="visits", daemon=True).start()
    return ended


def _clean_up(ended: SimpleQueue[WeakSet[Holder]]) -> None:
    """Sweep at once after each visit, and collect when its session has expired; one collection does for many."""
    holders: WeakSet[Holder] = WeakSet()
    last, due = 0.0, None
    while True:
        with suppress(Empty):
            for holder in ended.get(timeout=None if due is None else max(0.0, due - perf_counter())):
                holders.add(holder)
                holder.sweep(expired=False)
            last = perf_counter()
            due = due or last + EXPIRED_S
            continue
        for holder in holders:
            holder.sweep(expired=True)
        collect_expired()
        due = last + EXPIRED_S if last + EXPIRED_S > perf_counter() else None


def collect_expired() -> None:
    """Let go of expired sessions, in the server's own thread where there is a server; then of what hangs in cycles."""
    if runtime.exists():
        server, done = runtime.get_instance(), Event()
        server._get_async_objs().eventloop.call_soon_threadsafe(_free, server._session_mgr, done)
        done.wait()
    else:
        gc.collect()
    _trim()


def _free(manager: Any, done: Event) -> None:
    """Empty the expired sessions of Streamlit's storage, for which it has no public way.

    Its loop holds the last one that has gone until somebody comes: so they are emptied, not only let go.
    """
    try:
        for _, expired in manager._session_storage._cache.expire():
            expired.session.shutdown()
            expired.session.session_state.clear()
        gc.collect()
    finally:
        done.set()


def _trim() -> None:
    """Give the system back what the allocator keeps for later; only glibc has a word for it."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
