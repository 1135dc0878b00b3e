"""One piece of long work at a time: people take turns, and everybody is told where they stand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from cnn.errors import Cancelled
from ui.resources import waiting_line
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, Do
from ui.resources.visits import Visit
from ui.resources.waiting_line import WaitingLine, working_clock


class Bench:
    """A line whose work is done in threads; what was worked on is kept in order."""

    def __init__(self, asking: dict[str, Visit], threads: int = 4) -> None:
        self.asking, self.steps, self.asked = asking, list[str](), list[BackgroundJob[None]]()
        self.crew, self.all_asked = ThreadPoolExecutor(threads), Event()
        self.line = WaitingLine(self.crew.submit, threads)
        self.jobs: BackgroundJobs[None] = BackgroundJobs(self.line)

    def ask(self, who: str, name: str, steps: int, first: Callable[[], object] = lambda: None) -> BackgroundJob[None]:
        """Have somebody ask for work of so many steps; `first` is done in the first of them."""
        self.asking["now"] = self.asking[who]

        def do(came: Came, stopped: Callable[[], bool]) -> None:
            for step in range(steps):
                if stopped():
                    raise Cancelled("Stopped.")
                self.steps.append(f"{name}{step}")
                if step == 0:
                    self.all_asked.wait(30)  # "now" is one for all threads
                    first()
                came(step + 1, steps)

        self.jobs.start(name, name, do)
        work = self.jobs.last(name)
        assert work is not None
        self.asked.append(work)
        return work

    def finish(self) -> None:
        """Wait until all is done that was asked for."""
        self.all_asked.set()
        for work in self.asked:  # grows meanwhile
            assert work.ended.wait(30)
        self.crew.shutdown()


@pytest.fixture
def bench(asking: dict[str, Visit], monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(waiting_line, "TURN_S", 0.0)
    return Bench(asking)


def test_long_work_of_one_person_does_not_hold_up_anothers(bench: Bench) -> None:
    """Five networks over 10,000 digits, then robustness curves: whoever came next waited for minutes."""

    def come() -> None:
        bench.ask("ann", "second ", 2)
        bench.ask("bob", "other ", 2)

    bench.ask("ann", "first ", 3, come)
    bench.finish()
    assert bench.steps == ["first 0", "other 0", "first 1", "other 1", "first 2", "second 0", "second 1"]


def test_a_turn_lasts_a_while(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else they would only get into each other's caches."""
    monkeypatch.setattr(waiting_line, "TURN_S", 1000.0)
    bench.ask("ann", "first ", 2, lambda: bench.ask("bob", "other ", 1))
    bench.finish()
    assert bench.steps == ["first 0", "first 1", "other 0"]


def test_what_is_stopped_while_others_have_their_turn_ends(bench: Bench) -> None:
    """Its thread waits for a turn: it must get one, to give up in it."""

    def leave() -> None:
        bench.asking["now"] = bench.asking["ann"]
        first.leave()

    first = bench.ask("ann", "first ", 100, lambda: bench.ask("bob", "other ", 3, leave))
    bench.finish()
    assert (first.cancelled, bench.steps) == ("Stopped.", ["first 0", "other 0", "other 1", "other 2"])


def test_no_more_is_begun_than_there_are_threads(asking: dict[str, Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that has begun keeps a thread and what it has found so far."""
    monkeypatch.setattr(waiting_line, "TURN_S", 0.0)
    bench = Bench(asking, threads=1)
    bench.ask("ann", "first ", 2, lambda: bench.ask("bob", "other ", 1))
    bench.finish()
    assert bench.steps == ["first 0", "first 1", "other 0"]


def test_the_turns_of_others_do_not_count_for_the_pace(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the next round would be expected to take as long as all that others did meanwhile."""
    clock = [0.0]
    monkeypatch.setattr(waiting_line, "perf_counter", lambda: clock[0])
    spent: list[float] = []

    def others(came: Came, stopped: object) -> None:
        clock[0] += 500
        came(1, 1)

    def mine(came: Came, stopped: object) -> None:
        begun = working_clock()
        bench.asking["now"] = bench.asking["bob"]
        bench.jobs.start("other", "other", others)
        for step in (1, 2, 3):
            clock[0] += 10
            came(step, 5)
        spent.append(working_clock() - begun)
        left.append(work.seconds_left)

    left: list[float | None] = []
    work: BackgroundJob[None] = BackgroundJob("mine", mine, line=bench.line)
    bench.asked.append(work)
    bench.line.join(work)
    bench.finish()
    assert (spent, left) == ([30.0], [20.0])


def nothing(came: Came, stopped: object) -> None:
    came(1, 1)


def waiting(line: WaitingLine, name: str, expected: float | None, do: Do[None] = nothing) -> BackgroundJob[None]:
    jobs: BackgroundJobs[None] = BackgroundJobs(line)
    jobs.start(name, name, do, expected=expected)
    found = jobs.last(name)
    assert found is not None
    return found


def test_everybody_is_told_their_place_and_how_long_it_takes(asking: dict[str, Visit]) -> None:
    begun: list[Callable[[], None]] = []
    line = WaitingLine(begun.append)
    first, second = waiting(line, "First", 20), waiting(line, "Second", 30)
    assert first.text == "First: waiting for its turn, about 20 s left"
    assert second.text == "Second: waiting for its turn, place 2 in the queue, about 50 s left"
    asking["now"] = asking["bob"]
    assert line.seconds_until(10) == 20  # as long again for the other, who needs more
    other = waiting(line, "Other", 10)
    assert other.text == "Other: waiting, in turn with 1 other person, about 20 s left"
    assert first.standing.seconds == 30
    assert second.text.endswith("place 2 in the queue, in turn with 1 other person, about 60 s left")
    begun.pop()()
    assert (second.standing.place, other.standing.place) == (1, 0)  # the turn is the other's
    second.stop.set()
    assert (second.standing.seconds, line.seconds_until(5)) == (0, 15)


def test_nothing_is_guessed_behind_what_nobody_knows(asking: dict[str, Visit]) -> None:
    line = WaitingLine(lambda run: None)
    waiting(line, "First", None)
    second = waiting(line, "Second", 30)
    assert second.text == "Second: waiting for its turn, place 2 in the queue"
    asking["now"] = asking["bob"]
    assert waiting(line, "Other", 7).standing.seconds == 14  # it has as many turns as the other at most


def test_who_comes_when_all_threads_are_taken_is_told_who_comes_before(asking: dict[str, Visit]) -> None:
    line = WaitingLine(lambda run: None, most_begun=1)
    waiting(line, "First", 5)
    waiting(line, "Second", 5)
    asking["now"] = asking["bob"]
    assert waiting(line, "Other", 5).standing.place == 2
