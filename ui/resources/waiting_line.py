"""Long work, one piece at a time: people take turns, so that nobody's long one holds up what another asks for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from threading import Condition, Event, local
from time import monotonic, perf_counter
from typing import Any, Final, Protocol

from cnn.worker.turns import Turns
from ui.resources import visits

TURN_S: Final = 1.0  # that one's work goes on before another's turn comes
MOST_BEGUN: Final = 16  # pieces that are under way, one of them at work: each keeps what it has found so far
_thread = local()


class Work(Protocol):
    """What stands in a line."""

    ended: Event

    def run(self) -> None:
        """Do it, and call the line's `pass_on` now and then."""

    @property
    def people(self) -> frozenset[Hashable]:
        """Say who waits for it; at least one."""

    @property
    def seconds_left(self) -> float | None:
        """Guess how long it takes, without the turns of others; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a piece of work stands.

    Attributes:
        place: in the queue, from 1; 0 once it has begun.
        others: people who take turns with those who wait for it.
        seconds: until it ends, a guess that counts the turns of others; None where nobody knows.
    """

    place: int
    others: int
    seconds: float | None

    @property
    def text(self) -> str:
        """Put it in words, to stand behind a title; "" where there is nothing to say."""
        place = f", place {self.place} in the queue" if self.place > 1 else ""
        if not self.others:
            return place
        return f"{place}, in turn with {self.others} other {'person' if self.others == 1 else 'people'}"


def working_clock() -> float:
    """Give the seconds of this thread, without those in which others had their turn; differences mean something."""
    return perf_counter() - getattr(_thread, "paused", 0.0)


class WaitingLine:
    """What is to be done, one piece at a time; several tables of jobs may share it.

    The pieces of one person are done in their order. Of several people each has a turn of TURN_S, after which the work
    waits, wherever it tells how far it is, until it has its next one; who had nothing to wait for comes first.
    """

    def __init__(self, submit: Callable[[Callable[[], None]], object], most_begun: int = MOST_BEGUN) -> None:
        """Begin with nothing to do.

        Args:
            submit: runs a function on another thread, of which there are `most_begun`.
            most_begun: pieces that are under way; with 1 each is done to its end once it has begun.
        """
        self._submit, self._most_begun = submit, most_begun
        self._jobs: list[Work] = []  # unfinished, in the order in which they were asked for
        self._begun: list[Work] = []  # of those
        self._at_work: Work | None = None
        self._since = 0.0  # when its turn began
        self._turns: Turns[Hashable] = Turns()
        self._lock = Condition()

    def join(self, job: Work) -> None:
        """Put a piece of work behind its people's other ones."""
        with self._lock:
            self._jobs.append(job)
            if self._at_work is None:
                self._turn()

    def pass_on(self, job: Work) -> None:
        """Let others have their turn when that of `job`, which this thread does, is over; return at its next one."""
        with self._lock:
            if job is not self._at_work or monotonic() - self._since < TURN_S:
                return
            paused = perf_counter()
            self._turn()
            self._lock.wait_for(lambda: self._at_work is job)
            _thread.paused = getattr(_thread, "paused", 0.0) + perf_counter() - paused

    def _turn(self) -> None:
        """Choose what is done next, and begin it or wake its thread; the lock is held."""
        can = self._jobs if len(self._begun) < self._most_begun else self._begun
        waiting = dict.fromkeys(person for job in can for person in job.people)
        self._at_work, self._since = None, monotonic()
        if not waiting:
            return
        person = self._turns.next(waiting)
        job = next(job for job in can if person in job.people)
        self._at_work = job
        if job not in self._begun:
            self._begun.append(job)
            self._submit(partial(self._do, job))
        self._lock.notify_all()

    def _do(self, job: Work) -> None:
        try:
            job.run()
        finally:
            with self._lock:
                self._jobs.remove(job)
                self._begun.remove(job)
                self._turn()

    def standing(self, job: Work) -> Standing:
        """Say where a piece of work stands."""
        with self._lock:
            jobs, begun = list(self._jobs), list(self._begun)
        if job not in jobs:
            return Standing(0, 0, job.seconds_left)
        people, before = job.people, jobs[: jobs.index(job)]
        own = [one for one in before if one.people & people]
        strangers = [one for one in jobs if not one.people & people]
        place = 0 if job in begun else 1 + len(own)
        if place and len(begun) >= self._most_begun:
            place += sum(one not in begun for one in strangers if one in before)
        seconds = _known_sum(one.seconds_left for one in (*own, job))
        others = _by_person(strangers)
        return Standing(place, len(others), _shared(seconds, others.values()))

    def seconds_until(self, seconds: float) -> float:
        """Guess how long work of so many seconds takes until it ends, if this session's person asks for it now."""
        person = visits.current_person()
        with self._lock:
            jobs = list(self._jobs)
        own = sum(one.seconds_left or 0.0 for one in jobs if person in one.people)
        return _shared(own + seconds, _by_person(one for one in jobs if person not in one.people).values()) or 0.0


def _by_person(jobs: Iterable[Work]) -> dict[Hashable, float | None]:
    """Add up what is left of each person's work; what several wait for counts for one of them."""
    found: dict[Hashable, list[float | None]] = {}
    for job in jobs:
        found.setdefault(min(job.people, key=str), []).append(job.seconds_left)
    return {person: _known_sum(seconds) for person, seconds in found.items()}


def _known_sum(seconds: Iterable[Any]) -> float | None:
    every = list(seconds)
    return None if None in every else float(sum(every))


def _shared(own: float | None, others: Iterable[float | None]) -> float | None:
    """Add the turns of others to what takes `own` seconds: each has as long as oneself, or as long as they need."""
    if own is None:
        return None
    return own + sum(own if one is None else min(one, own) for one in others)
