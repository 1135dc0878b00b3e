"""What is measured behind the pages, one thing after the other, for all sessions: whole sets, time and memory."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock
from typing import Final

import streamlit as st

from cnn import over, sets, weigh
from cnn.data import Split
from cnn.errors import ConvScopeError
from cnn.over import Answered
from cnn.weigh import Weight
from cnn.zoo import Network

LOG: Final = logging.getLogger(__name__)
MOST_JOBS: Final = 48  # of which the results are kept: under 0.3 MB each


@dataclass(slots=True, eq=False)
class Job:
    """One network, asked about one set of pictures.

    Attributes:
        network: that is asked.
        of: name of the set.
        done, total: pictures that were asked, and all of them; 0 before it begins.
        answered: what it said, once it ended well.
        error: why it ended without, as a sentence; "" where it was cancelled.
        stop: set it to cancel.
        ended: set once it ended, this way or that.
    """

    network: Network
    of: str
    done: int = 0
    total: int = 0
    answered: Answered | None = None
    error: str | None = None
    stop: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)

    def run(self) -> None:
        """Ask; whatever happens, it is told and it ends."""
        try:
            self.answered = over.ask(self.network, split(self.of), self.came, self.stop.is_set)
        except over.Stopped:
            self.error = ""
        except ConvScopeError as error:
            self.error = str(error)
        except Exception as error:
            LOG.exception("asking %s about %s", self.network.name, self.of)
            self.error = f"{self.network.card.title} could not be asked ({error!r}). Try again."
        finally:
            self.ended.set()

    def came(self, done: int, total: int) -> None:
        """Note how far it is."""
        self.done, self.total = done, total


class Jobs:
    """Who was asked about what: at most one job a network and set; the oldest results make room."""

    def __init__(self, run: Callable[[Callable[[], None]], object], most: int = MOST_JOBS) -> None:
        """Take how a job is run, such as the `submit` of a thread."""
        self._run, self._most = run, most
        self._jobs: OrderedDict[tuple[str, str], Job] = OrderedDict()
        self._lock = Lock()

    def start(self, of: str, networks: Iterable[Network]) -> None:
        """Ask `networks` about the set `of`, unless that goes on or is known already."""
        with self._lock:
            for network in networks:
                job = self._jobs.get((of, network.name))
                if job is None or (job.ended.is_set() and job.answered is None):
                    self._jobs[of, network.name] = job = Job(network, of)
                    self._run(job.run)
                self._jobs.move_to_end((of, network.name))
            self._make_room()

    def last(self, of: str, network: str) -> Job | None:
        """Give the job that was started last."""
        return self._jobs.get((of, network))

    def _make_room(self) -> None:
        old = [key for key, job in self._jobs.items() if job.ended.is_set()]
        for key in old[: max(0, len(self._jobs) - self._most)]:
            del self._jobs[key]


@st.cache_resource(show_spinner=False)
def thread() -> ThreadPoolExecutor:
    """Hold the one thread: what is measured must not be disturbed by what else is."""
    return ThreadPoolExecutor(1, "behind")


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Give the jobs of this server."""
    return Jobs(thread().submit)


@lru_cache(maxsize=3)
def split(name: str) -> Split:
    """Read a set of pictures once for all sessions, 4 to 31 MB each; nobody changes it. From any thread.

    Raises: UnknownName, MissingData.
    """
    return sets.picture_set(name).read()


@st.cache_resource(max_entries=64, show_spinner=False)
def weighed(name: str, _folder: Path) -> Future[Weight]:
    """Measure once for all sessions what an answer of a network costs; the result raises NotWeighed."""
    return thread().submit(weigh.weigh, name, _folder)
