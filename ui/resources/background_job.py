"""Long work behind a page, on a thread: progress, cancel, and a result that is there when one comes back."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic
from typing import Any, Final, Generic, Literal, NoReturn, TypeVar
from weakref import WeakSet

import streamlit as st

from cnn.errors import Cancelled, ConvScopeError
from ui.resources import visits
from ui.resources.job_snapshot import JobSnapshot
from ui.resources.poll import poll_until
from ui.resources.visits import Visit
from ui.resources.waiting_line import Standing, WaitingLine, working_clock
from ui.text.duration import still

T = TypeVar("T")
Came = Callable[[int, int], None]
Do = Callable[[Came, Callable[[], bool]], T]  # told how to report progress, and how to ask whether to give up

Outlasts = Literal["results", "work", "nothing"]

LOG: Final = logging.getLogger(__name__)
MOST: Final = 32  # results that are kept, the newest
FAILED: Final = "{title} failed ({error!r}). Try again."


@dataclass(slots=True, eq=False)
class BackgroundJob(Generic[T]):
    """One piece of work.

    Attributes:
        title: what people call it.
        do: does it; raises Cancelled where it gave up.
        counts: how much is done, and of how much; 0 before it begins. One pair: another thread never sees half of it.
        result: what came out, once it ended well.
        error: why it ended without, as a sentence; "" where it was cancelled.
        cancelled: what is said when it was cancelled.
        failed: what is said of an error that nobody foresaw.
        expected: seconds that it takes once its turn comes; None where nobody knows.
        owner: the person who asked for it first.
        line: in which it takes turns with others; None where it has a thread of its own.
        stop: set it to cancel, for everybody.
        ended: set once it ended, this way or that.
    Several sessions may look at one: it is cancelled when all who did have left.
    """

    title: str
    do: Do[T]
    counts: tuple[int, int] = (0, 0)
    result: T | None = None
    error: str | None = None
    cancelled: str = ""
    failed: str = FAILED
    expected: float | None = None
    owner: str = field(default_factory=visits.current_person)
    line: WaitingLine | None = None
    stop: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    _waiting: WeakSet[Visit] = field(default_factory=WeakSet)
    _left: WeakSet[Visit] = field(default_factory=WeakSet)
    _lonely_since: float | None = None  # when it was first seen that nobody waits any more
    _pace: tuple[float, int, float] | None = None  # working_clock() and how much was done at the first word of how far
    # it is, for some may be from before; and that clock at the last
    _lock: Lock = field(default_factory=Lock)  # who waits changes in one thread while another looks

    def run(self) -> None:
        """Do it; whatever happens, it is told and it ends."""
        try:
            self.result = self.do(self.came, self.stop.is_set)
        except Cancelled as error:
            self.error, self.cancelled = "", str(error)
        except ConvScopeError as error:
            self.error = str(error)
        except Exception as error:
            LOG.exception("%s", self.title)
            self.error = self.failed.format(title=self.title, error=error)
        finally:
            self.do = _nothing  # what it held, such as a person's photos, need not stay with the result
            self.ended.set()

    def join(self) -> None:
        """Wait for it in this session, unless this session has left."""
        visit = visits.current_visit()
        with self._lock:
            if visit is not None and visit not in self._left:
                self._waiting.add(visit)

    def leave(self) -> None:
        """Wait no longer in this session; where nobody else does, it is cancelled."""
        visit = visits.current_visit()
        if visit is not None:
            with self._lock:
                self._left.add(visit)
                self._waiting.discard(visit)
        if not self.wanted:
            self.stop.set()

    def rejoin(self) -> None:
        """Wait for it in this session, also where it had left."""
        visit = visits.current_visit()
        if visit is not None:
            with self._lock:
                self._left.discard(visit)
                self._waiting.add(visit)

    @property
    def wanted(self) -> bool:
        """Say whether anybody who waits for it is still here."""
        return next(iter(self._waiting), None) is not None

    @property
    def people(self) -> frozenset[str]:
        """Say who waits for it; where nobody does any more, who asked for it."""
        with self._lock:
            return frozenset(visit.person for visit in self._waiting) or frozenset((self.owner,))

    def lonely(self, now: float) -> bool:
        """Say whether nobody has waited for so long that nobody comes back: who only reloads the page does."""
        self._lonely_since = None if self.wanted else now if self._lonely_since is None else self._lonely_since
        return self._lonely_since is not None and now - self._lonely_since >= visits.EXPIRED_S

    @property
    def left(self) -> bool:
        """Say whether this session waits no longer, while it goes on for others."""
        return not self.stop.is_set() and visits.current_visit() in self._left

    @property
    def over(self) -> bool:
        """Say whether there is nothing more to wait for in this session."""
        return self.ended.is_set() or self.left

    def came(self, done: int, total: int) -> None:
        """Note how far it is, and let others have their turn; in the thread that does it."""
        now = working_clock()
        self._pace = (*(self._pace or (now, done))[:2], now)
        self.counts = done, total
        if self.line is not None:
            self.line.pass_on(self)

    def snapshot(self) -> JobSnapshot[T]:
        """Look once at what it came to."""
        if not self.ended.is_set():  # asked first: it is set last
            return JobSnapshot(self.left)
        return JobSnapshot(True, self.result, self.error or self.cancelled)

    @property
    def seconds_left(self) -> float | None:
        """Guess from the pace so far, before there is one from what was expected; None where that is not known."""
        if self.ended.is_set() or self.stop.is_set():
            return 0.0
        done, total = self.counts
        if self._pace is None or done <= self._pace[1]:
            return self.expected
        first, before, last = self._pace
        return (last - first) / (done - before) * (total - done)

    @property
    def standing(self) -> Standing:
        """Say where it stands in its line, and how long until it ends, the turns of others included."""
        return self.line.standing(self) if self.line is not None else Standing(0, 0, self.seconds_left)

    @property
    def text(self) -> str:
        """Say how far it is, and how long it still takes."""
        if self.stop.is_set():
            return f"Stopping {self.title}"
        (done, total), standing = self.counts, self.standing
        waits = ": waiting" if standing.others else ": waiting for its turn"
        share = f": {done / total:.0%}".replace("%", " %") if total else waits
        return f"{self.title}{share}{standing.text}{still(standing.seconds)}"


def _nothing(came: Came, stopped: Callable[[], bool]) -> NoReturn:
    raise Cancelled("")


_all: WeakSet[BackgroundJobs[Any]] = WeakSet()


class BackgroundJobs(Generic[T]):
    """Work by name, shared by all sessions: each is done once, and the oldest results make room."""

    def __init__(
        self,
        where: Callable[[Callable[[], None]], object] | WaitingLine,
        most: int = MOST,
        outlasts: Outlasts = "results",
    ) -> None:
        """Keep nothing yet.

        Args:
            where: runs a function on another thread, such as an executor's `submit`; or a line, in which people
                take turns.
            most: results that are kept, the newest.
            outlasts: what stays when all who asked have gone for good: results, unfinished work too, or neither,
                since they tell of a person's own pictures.
        """
        self._where, self._most, self._outlasts = where, most, outlasts
        self._works: OrderedDict[Hashable, BackgroundJob[T]] = OrderedDict()
        self._lock = Lock()
        _all.add(self)

    def start(self, key: Hashable, title: str, do: Do[T], failed: str = FAILED, expected: float | None = None) -> None:
        """Do it, unless that goes on or is done already; `expected` is how many seconds it takes."""
        with self._lock:
            work = self._works.get(key)
            if work is None or (work.result is None and (work.ended.is_set() or work.stop.is_set())):
                self._works[key] = work = BackgroundJob(title, do, failed=failed, expected=expected)
                self._begin(work)
            self._held(work).rejoin()
            self._works.move_to_end(key)
            old = [key for key, work in self._works.items() if work.ended.is_set()]
            for one in old[: max(0, len(self._works) - self._most)]:
                del self._works[one]

    def _begin(self, work: BackgroundJob[T]) -> None:
        if isinstance(self._where, WaitingLine):
            work.line = self._where
            self._where.join(work)
        else:
            self._where(work.run)

    def last(self, key: Hashable) -> BackgroundJob[T] | None:
        """Give what was started last under that name; whoever looks waits for it, too."""
        work = self._works.get(key)
        if work is not None:
            self._held(work).join()
        return work

    def forget(self, key: Hashable) -> None:
        """Forget a result, so that `start` does it anew; what goes on stays."""
        with self._lock:
            work = self._works.get(key)
            if work is not None and work.ended.is_set():
                del self._works[key]

    def _held(self, work: BackgroundJob[T]) -> BackgroundJob[T]:
        visit = visits.current_visit()
        if visit is not None:
            visit.holders.add(self)
        return work

    def unfinished(self) -> list[BackgroundJob[T]]:
        """List what has not ended."""
        with self._lock:
            return [work for work in self._works.values() if not work.ended.is_set()]

    def sweep(self, expired: bool) -> None:
        """Cancel what all have left for good."""
        if self._outlasts == "work":
            return
        with self._lock:
            for key, work in list(self._works.items()):
                if not work.lonely(monotonic()):
                    continue
                if not work.ended.is_set():
                    work.stop.set()
                if self._outlasts == "nothing":
                    del self._works[key]


def count_jobs() -> tuple[int, int]:
    """Count the jobs of this server that are under way, and those that wait for their turn."""
    going = [work for jobs in list(_all) for work in jobs.unfinished()]
    running = sum(work.counts[1] > 0 for work in going)
    return running, len(going) - running


def watch_job(work: BackgroundJob[T], key: str) -> None:
    """Show how far it is until it ends; then the page runs once more.

    Args:
        work: that has not ended yet.
        key: of the button, unique on the page.
    """
    poll_until(
        lambda: work.over,
        lambda: show_progress(work, work.text, f"{key} cancel"),
        seconds_left=lambda: work.standing.seconds,
    )


def show_progress(work: BackgroundJob[T], text: str, key: str) -> None:
    """Show how far it is, and a button of that `key` to cancel it."""
    done, total = work.counts
    st.progress(min(1.0, done / total) if total else 0.0, text=text)
    st.button("Stop", on_click=work.leave, disabled=work.stop.is_set(), key=key)
