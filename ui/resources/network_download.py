"""Offer a network that is not on this machine yet, and show how its fetching goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Final

import streamlit as st

from cnn.errors import ConvScopeError
from cnn.zoo import fetch, pretrained
from cnn.zoo.download import INSTEAD
from cnn.zoo.pretrained import ALWAYS_THERE
from ui.resources import network_cache

LOG: Final = logging.getLogger(__name__)
EVERY_S: Final = 1  # between two looks at what goes on
MB: Final = 2**20


@dataclass(slots=True)
class Job:
    """One network on its way, on a thread of its own.

    Attributes:
        name: such as "imagenet/vgg16".
        done, total: bytes that are there, and in all; 0 before the first come.
        error: why it ended without the network, as a sentence.
        stop: set it to cancel.
        ended: set once it ended, this way or that.
    """

    name: str
    done: int = 0
    total: int = 0
    error: str | None = None
    stop: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    _first: tuple[float, int] | None = None  # (seconds, bytes) when the first came: some may be there from before

    def run(self) -> None:
        """Fetch; whatever happens, it is told and it ends."""
        try:
            fetch.fetch(self.name, self.came, self.stop)
        except ConvScopeError as error:
            self.error = str(error)
        except Exception as error:
            LOG.exception("fetching %s", self.name)
            self.error = f"{pretrained.TABLE[self.name].title} could not be fetched ({error!r}). Try again. {INSTEAD}"
        finally:
            self.ended.set()

    def came(self, done: int, total: int) -> None:
        """Note how far it is."""
        self._first = self._first or (time.monotonic(), done)
        self.done, self.total = done, total

    def seconds_left(self) -> float | None:
        """Guess from the pace so far; None before there is one."""
        if self._first is None or self.done <= self._first[1]:
            return None
        spent, came = time.monotonic() - self._first[0], self.done - self._first[1]
        return spent / came * (self.total - self.done)


class Jobs:
    """At most one job a network, shared by all sessions."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()

    def start(self, name: str) -> None:
        """Fetch `name`, unless that goes on already."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None or job.ended.is_set():
                self._jobs[name] = job = Job(name)
                Thread(target=job.run, name=f"fetch {name}", daemon=True).start()

    def last(self, name: str) -> Job | None:
        """Give the job of `name` that was started last."""
        return self._jobs.get(name)


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Give the jobs of this server."""
    return Jobs()


def missing() -> dict[str, str]:
    """List networks that can be fetched: names, and what a picker calls them."""
    there = pretrained.here()
    return {
        name: f"{source.title}, {source.megabytes} MB to fetch"
        for name, source in pretrained.TABLE.items()
        if name not in there
    }


def offer(name: str, use: Callable[[str], None]) -> bool:
    """Say whether a network is there; where it is not, offer to fetch it, or show how that goes on.

    Args:
        name: such as "imagenet/vgg16"; a shipped network is always there.
        use: chooses another network, for those who will not or cannot fetch.
    """
    if name not in missing():
        return True
    job = jobs().last(name)
    if job is not None and not job.ended.is_set():
        _watch(job)
    else:
        _ask(name, job.error if job else None, use)
    return False


def _ask(name: str, error: str | None, use: Callable[[str], None]) -> None:
    """Say how large it is, and let the person decide."""
    source = pretrained.TABLE[name]
    if error:
        st.warning(error)
    disk = source.bytes * (1 + fetch.KEPT) / 2**30
    st.info(
        f"{source.title} is not on this machine yet. {source.megabytes} MB are fetched once and kept; converting them "
        f"takes a minute or two, {disk:.1f} GB of disk and {source.memory_gb} GB of memory. {INSTEAD}"
    )
    with st.container(horizontal=True):
        st.button(
            f"Fetch {source.title} ({source.megabytes} MB)",
            type="primary",
            on_click=jobs().start,
            args=(name,),
            key=f"fetch {name}",
        )
        st.button(
            f"Use {network_cache.card(ALWAYS_THERE).title}",
            on_click=use,
            args=(ALWAYS_THERE,),
            key=f"instead of {name}",
        )


@st.fragment(run_every=EVERY_S)
def _watch(job: Job) -> None:
    """Show how far it is, every second, until it ends."""
    if job.ended.is_set():
        st.rerun(scope="app")
    st.progress(job.done / job.total if job.total else 0.0, text=text(job))
    st.button("Cancel", on_click=job.stop.set, disabled=job.stop.is_set(), key=f"cancel {job.name}")


def text(job: Job) -> str:
    """Say how far a job is."""
    title = pretrained.TABLE[job.name].title
    if job.stop.is_set():
        return f"Cancelling {title}"
    if not job.total:
        return f"Asking for {title}"
    if job.done >= job.total:
        return f"Checking and converting {title}: a minute or two"
    left = job.seconds_left()
    return f"Fetching {title}: {job.done // MB} of {job.total // MB} MB" + (f", {_about(left)} left" if left else "")


def _about(seconds: float) -> str:
    return f"about {round(seconds / 60)} min" if seconds >= 90 else f"about {max(1, round(seconds))} s"
