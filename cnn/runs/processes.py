"""The server's end of the processes that train: one run a person, two at once, the rest wait. No TensorFlow.

Several servers may share the table, as the replicas behind a proxy do: each begins what was asked of it alone, and
holds a lock on a file for each run that waits. So one that waits while its lock is free was left by a server that has
ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import Any, Final

from cnn.errors import BadInput
from cnn.home import check_room
from cnn.paths import ROOT
from cnn.runs.estimate import estimate, needed_bytes, parameters, refusal
from cnn.runs.settings import RunSettings
from cnn.runs.table import ACTIVE, RESUMABLE, RunRow, RunTable
from cnn.zoo.file_lock import hold_file_lock, is_locked

COMMAND: Final = (sys.executable, "-m", "cnn.runs")
AT_ONCE: Final = 2  # runs on this machine, whoever started them
GRACE_S: Final = 8.0  # between asking a run to stop and ending its process: a step of a large network takes a second
MEASURED_TIMES: Final = 2  # that a speed is measured where the process ends before it can tell
NETWORK_FILES: Final = 3  # about as large as the weights: themselves, and both files that LiteRT runs
NETWORK_SPARE: Final = 2**20  # bytes: the card, the graph
KEEPING_DIED: Final = "The process that exports the network was ended from outside. Try again."
RESTARTED: Final = "The server ended before its turn came."
ELSEWHERE: Final = "{name} goes on at another server, which alone can tell it something. Wait until it is done."


@dataclass(slots=True, eq=False)
class RunProcess:
    """A process that trains or is about to.

    Attributes:
        ready: it has loaded TensorFlow.
        began: it is at its run; what the table says of that is its own word.
        progress: what it told last: `step`, `seconds`, `loss`, `right`; {} before its first step.
        stopping: when it was asked to stop; None while it was not.
        measuring: what it was asked to measure and has not told of yet, in order.
        kept: what it said of the network that it put on the shelf, `name` and `title`, or `why` not; {} before.
    """

    popen: subprocess.Popen[str]
    ready: bool = False
    began: bool = False
    progress: dict[str, Any] = field(default_factory=dict)
    stopping: float | None = None
    measuring: list[RunSettings] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def send(self, message: dict[str, str]) -> None:
        """Tell it something; one that is gone is noticed by its reader."""
        assert self.popen.stdin
        with suppress(OSError, ValueError):
            self.popen.stdin.write(json.dumps(message) + "\n")
            self.popen.stdin.flush()


class RunProcesses:
    """All runs that this server started; any thread may use it."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        """Start nothing yet; what a server that has ended left waiting is told as stopped.

        Raises: DiskFull: nothing can be kept on this machine.
        """
        self.table = RunTable()
        self._command = command
        self._lock = Condition()
        self._spare: RunProcess | None = None
        self._died_measuring: Counter[RunSettings] = Counter()
        self._at: dict[str, RunProcess] = {}
        self._keeping: dict[str, RunProcess] = {}
        self._queued: dict[str, ExitStack] = {}  # runs that wait here, and the lock of each
        for row in self.table.waiting():
            if row.state == "queued" and not is_locked(_queue_lock(row)):
                self.table.note(row.id, state="stopped", why=RESTARTED)

    def warm(self) -> None:
        """Have a process load TensorFlow for the next run, so that it begins at once."""
        with self._lock:
            if self._spare is None or self._spare.popen.poll() is not None:
                self._spare = self._begin()

    def measure(self, settings: RunSettings) -> None:
        """Have that process measure how fast such a network trains; `estimate` then knows it.

        Who waits for it asks again and again: a process that ended, or began a run instead, tells nothing any more.
        """
        if self.unmeasurable(settings):
            return
        self.warm()
        with self._lock:
            if self._spare is not None and settings not in self._spare.measuring:
                self._spare.measuring.append(settings)
                self._spare.send({"measure": settings.to_json()})

    def unmeasurable(self, settings: RunSettings) -> bool:
        """Say whether the process ended each time that it measured this, as for want of memory: nobody tries again."""
        with self._lock:
            return self._died_measuring[settings] >= MEASURED_TIMES

    @property
    def warmed(self) -> bool:
        """Say whether such a process is ready."""
        with self._lock:
            return self._spare is not None and self._spare.ready and self._spare.popen.poll() is None

    def start(
        self, settings: RunSettings, owner: str, name: str = "", parent: str = "", parent_step: int = 0
    ) -> RunRow:
        """Note a run and begin it, as soon as it is its turn.

        Raises: BadInput: this person has a run already, or it would take too long or too much memory.
            DiskFull: its frames would not fit on the disk.
        """
        self._one_a_person(owner)
        if why := refusal(estimate(settings, self.table), self.warmed):
            raise BadInput(why)
        check_room(needed_bytes(settings))
        row = self.table.add(settings, name, owner, parent, parent_step)
        self._wait_here(row)
        self._next()
        return self.table.get(row.id)

    def resume(self, run: str, owner: str) -> None:
        """Go on with a run that was stopped, killed or failed.

        Raises: BadInput: it goes on already, is done, or this person has another run.
        """
        row = self.table.get(run)
        if row.state not in RESUMABLE:
            raise BadInput(f"{row.name} is {row.state}; only one that was stopped, killed or failed can go on.")
        self._one_a_person(owner)
        self._wait_here(row, owner)
        self._next()

    def order(self, run: str, command: str) -> None:
        """Tell a run to play, pause, do one batch or one epoch, or stop; one that waits is taken off the queue.

        Raises: BadInput: another server that shares the table is at it.
        """
        with self._lock:
            process = self._at.get(run)
            if process is None:
                row = self.table.get(run)
                if row.state in ACTIVE:
                    raise BadInput(ELSEWHERE.format(name=row.name))
                if command == "stop" and row.state == "queued":
                    self.table.note(run, state="stopped")
                return
            process.send({"do": command})
            if command == "stop" and process.stopping is None:
                process.stopping = monotonic()
                Thread(target=self._insist, args=(process,), daemon=True).start()
        if command == "stop" and not process.ready:
            process.popen.kill()  # it still loads TensorFlow: there is nothing to lose

    def keep(self, run: str, step: int, title: str, owner: str) -> None:
        """Put a moment of a run on the shelf; `kept` then says what came of it.

        Raises: BadInput: this person, or two others, have a network on its way there already.
            DiskFull: it would not fit on the disk.
        """
        row = self.table.get(run)
        check_room(NETWORK_FILES * 4 * parameters(row.settings) + NETWORK_SPARE, "network")
        with self._lock:
            busy = [one for one, process in self._keeping.items() if process.popen.poll() is None]
            if owner in busy:
                raise BadInput("A network of yours is on its way to the shelf already. Wait until it is there.")
            if len(busy) >= AT_ONCE:
                raise BadInput(f"{AT_ONCE} networks are on their way to the shelf. Try again in half a minute.")
            process, self._spare = self._taken(), None
            self._keeping[owner] = process
            process.send({"keep": run, "step": str(step), "title": title, "owner": owner})

    def keeping(self, owner: str) -> bool:
        """Say whether a network of a person is on its way to the shelf."""
        process = self._keeping.get(owner)
        return process is not None and not process.kept

    def kept(self, owner: str) -> dict[str, str]:
        """Say once what came of it: `name` and `title`, or `why` not; {} where nothing new did."""
        with self._lock:
            process = self._keeping.get(owner)
            if process is None or not process.kept:
                return {}
            del self._keeping[owner]
            return process.kept

    def progress(self, run: str) -> dict[str, Any]:
        """Say what a run told last; {} where it told nothing yet."""
        process = self._at.get(run)
        return dict(process.progress) if process else {}

    def loading(self, run: str) -> bool:
        """Say whether the process of a run still loads TensorFlow."""
        process = self._at.get(run)
        return process is not None and not process.ready

    def stopping(self, run: str) -> bool:
        """Say whether a run was asked to stop and still ends its step."""
        process = self._at.get(run)
        return process is not None and process.stopping is not None

    def place(self, run: str) -> int:
        """Say how many runs come before one that waits, those that are at it included.

        Whoever asks waits: so it is begun where another server made room meanwhile, which tells this one nothing.
        """
        self._next()
        with self._lock:
            rows = self.table.waiting()
            at_work = {row.id for row in rows if row.state in ACTIVE} | self._at.keys()
        rows.sort(key=lambda row: row.id not in at_work)  # one that goes on stands before who began later
        return [row.id for row in rows].index(run)

    def close(self) -> None:
        """End all processes as the end of the server does."""
        with self._lock:
            every = [*self._at.values(), *self._keeping.values(), *([self._spare] if self._spare else [])]
            self._spare = None
            while self._queued:
                self._queued.popitem()[1].close()
        for process in every:
            with suppress(OSError):
                assert process.popen.stdin
                process.popen.stdin.close()
        for process in every:
            with suppress(subprocess.TimeoutExpired):
                process.popen.wait(GRACE_S)
            process.popen.kill()

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds that a process tells; say whether it does."""
        with self._lock:
            return self._lock.wait_for(until, seconds)

    def _one_a_person(self, owner: str) -> None:
        own = next((row for row in self.table.waiting() if row.owner == owner), None)
        if own is not None:
            raise BadInput(f"You have a run already: {own.name} is {own.state}. Stop it, or wait until it is done.")

    def _wait_here(self, row: RunRow, owner: str | None = None) -> None:
        """Put a run into this server's queue; `owner` is who asked last."""
        _queue_lock(row).parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            if row.id not in self._queued:
                self._queued[row.id] = ExitStack()
                self._queued[row.id].enter_context(hold_file_lock(_queue_lock(row), lambda: None))
            self.table.note(row.id, state="queued", owner=owner or row.owner, why="")

    def _next(self) -> None:
        """Begin as many of those that wait here as there is room for."""
        with self._lock:
            rows = self.table.waiting()
            at_work = {row.id for row in rows if row.state in ACTIVE} | self._at.keys()
            for run in self._queued.keys() - {row.id for row in rows if row.state == "queued"}:
                self._queued.pop(run).close()
            for row in rows:
                if len(at_work) >= AT_ONCE:
                    break
                if row.id in self._queued and row.id not in at_work:
                    at_work.add(row.id)
                    process, self._spare = self._taken(), None
                    self._at[row.id] = process
                    process.send({"run": row.id})

    def _taken(self) -> RunProcess:
        spare = self._spare
        return spare if spare is not None and spare.popen.poll() is None else self._begin()

    def _begin(self) -> RunProcess:
        popen = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        process = RunProcess(popen)
        Thread(target=self._read, args=(process,), name="training", daemon=True).start()
        return process

    def _read(self, process: RunProcess) -> None:
        """Listen until the process ends; then it is the next one's turn."""
        assert process.popen.stdout
        with suppress(OSError, ValueError):
            for line in process.popen.stdout:
                self._hear(process, json.loads(line))
        process.popen.wait()
        for pipe in (process.popen.stdin, process.popen.stdout):
            with suppress(OSError, ValueError):
                if pipe:
                    pipe.close()
        self._ended(process)

    def _hear(self, process: RunProcess, told: dict[str, Any]) -> None:
        with self._lock:
            process.ready = True
            process.began = process.began or told["what"] == "state"
            if told["what"] == "speed":
                process.measuring.pop(0)
            if told["what"] == "progress":
                process.progress = told
            if told["what"] in ("kept", "refused"):
                process.kept = {name: value for name, value in told.items() if name != "what"}
            self._lock.notify_all()

    def _ended(self, process: RunProcess) -> None:
        with self._lock:
            if process.measuring:
                self._died_measuring[process.measuring[0]] += 1
            run = next((run for run, one in self._at.items() if one is process), None)
            if run is not None:
                del self._at[run]
                if not process.began and self.table.get(run).state == "queued":
                    self.table.note(run, state="stopped" if process.stopping else "killed")
                elif process.stopping and self.table.get(run).state == "killed":
                    self.table.note(run, state="stopped")
            if process in self._keeping.values() and not process.kept:
                process.kept = {"why": KEEPING_DIED}
            self._lock.notify_all()
        self._next()

    def _insist(self, process: RunProcess) -> None:
        """End a process that does not stop when asked."""
        with suppress(subprocess.TimeoutExpired):
            process.popen.wait(GRACE_S)
        process.popen.kill()


def _queue_lock(row: RunRow) -> Path:
    return row.folder / "queued"
