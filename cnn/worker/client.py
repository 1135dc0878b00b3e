"""The server's end of the process that computes evidence. No TensorFlow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from itertools import count
from queue import SimpleQueue
from threading import Condition, Thread
from time import monotonic
from typing import Any, Final, Generic, TypeVar

from cnn.errors import ConvScopeError
from cnn.paths import ROOT
from cnn.progress import Progress
from cnn.worker.protocol import CancelMessage, Request, RequestMessage, WorkerFailure, receive_message, send_message

T = TypeVar("T")
Outbox = SimpleQueue[RequestMessage | CancelMessage | None]

WORKER_COMMAND: Final = (sys.executable, "-m", "cnn.worker")
SILENCE_TIMEOUT_S: Final = 120.0  # without a word while somebody waits, the start of the process included
WORKER_ENDED: Final = "The process that looks for evidence ended. Ask again: another one starts."


class ComputationFailed(ConvScopeError):
    """Evidence that could not be computed; the text says why."""


class WorkerFuture(Future[T], Generic[T]):
    """What will be answered; `cancel` stops it at any time, also while it is computed."""

    def __init__(self, on_progress: Callable[[Progress], None] | None = None) -> None:
        """Wait, and hand on progress."""
        super().__init__()
        self.progress: Progress | None = None  # how far it is; None before its first step
        self._on_progress = on_progress

    def tell(self, progress: Progress) -> None:
        """Note how far it is."""
        self.progress = progress
        if self._on_progress:
            self._on_progress(progress)


class WorkerClient:
    """One child process for all sessions, started with the first request and anew if it dies."""

    def __init__(self, command: tuple[str, ...] = WORKER_COMMAND, patience: float = SILENCE_TIMEOUT_S) -> None:
        """Start nothing yet."""
        self._command, self._patience = command, patience
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox = Outbox()  # of that process
        self._lock = Condition()
        self._open: dict[int, tuple[RequestMessage, WorkerFuture[Any]]] = {}  # in the order they were asked
        self._numbers = count()
        self._heard = 0.0
        self.ready = False  # the process has loaded TensorFlow

    @property
    def pid(self) -> int | None:
        """Number of the process; None where none runs."""
        with self._lock:  # two threads that wait for one process would not see its end at once
            process = self._process
            return process.pid if process and process.poll() is None else None

    @property
    def askers(self) -> int:
        """Count who has asked and has no answer yet; each gets one turn in so many."""
        with self._lock:
            return len({message.asker for message, _ in self._open.values()})

    def submit(
        self, request: Request[T], on_progress: Callable[[Progress], None] | None = None, asker: Hashable = 0
    ) -> WorkerFuture[T]:
        """Ask.

        Args:
            request: of any kind that `cnn.worker.handlers` answers.
            on_progress: called in another thread; the answer's `progress` tells the same.
            asker: who asks; the process turns to each asker in turn.
        Returns: a future whose result raises ComputationFailed: it cannot be computed, the process was silent for
            longer than the patience allows, or it died of this; the next request starts another.
        """
        answer: WorkerFuture[T] = WorkerFuture(on_progress)
        with self._lock:
            message = RequestMessage(next(self._numbers), request, asker)
            number = message.number
            if not self._open:
                self._heard = monotonic()
                self._lock.notify_all()
            self._open[number] = message, answer
            if self.pid is None:
                self._begin()
            elif self.ready:
                self._send(message)
        answer.add_done_callback(lambda done: self._cancelled(number) if done.cancelled() else None)
        return answer

    def close(self) -> None:
        """End the process; what waits is cancelled, what is being answered fails."""
        with self._lock:
            process, self._process, self.ready = self._process, None, False
            suspects = self._suspects()
            left = {number: answer for number, (_, answer) in self._open.items()}
            self._open.clear()
            self._lock.notify_all()
        if process:
            process.kill()
            process.wait()
        for number, answer in left.items():
            if number in suspects:
                _settle(answer, WorkerFailure(WORKER_ENDED))
            else:
                answer.cancel()

    def _begin(self) -> None:
        """Start a process; its reader sends what waits once it is ready."""
        self.ready = False
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._outbox, self._heard = Outbox(), monotonic()
        for work, args in (
            (self._read, (self._process, self._outbox)),
            (self._watch, (self._process,)),
            (_write, (self._process, self._outbox)),
        ):
            Thread(target=work, args=args, name="evidence", daemon=True).start()

    def _read(self, process: subprocess.Popen[bytes], outbox: Outbox) -> None:
        """Hand out answers until the process ends."""
        assert process.stdout
        with suppress(OSError, ValueError, EOFError):
            if receive_message(process.stdout) is not None:
                self._welcome(process)
            while (told := receive_message(process.stdout)) is not None:
                self._heard = monotonic()
                self._hand_out(told.number, told.content)
        with self._lock:
            process.kill()
            process.wait()
        outbox.put(None)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError, ValueError):  # half a request may still wait in it
                if pipe:
                    pipe.close()
        self._over(process)

    def _welcome(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self.ready = self._process is process
            self._heard = monotonic()
            for ask, _ in list(self._open.values()):
                self._send(ask)

    def _hand_out(self, number: int, content: object) -> None:
        if isinstance(content, Progress):
            if found := self._open.get(number):
                found[1].tell(content)
            return
        with self._lock:
            _, answer = self._open.pop(number, (None, None))
        if answer:
            _settle(answer, content)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """End a process that is silent while somebody waits."""
        with self._lock:
            while self._process is process:
                left = self._heard + self._patience - monotonic() if self._open else None
                if left is not None and left <= 0:
                    process.kill()
                    return
                self._lock.wait(left)

    def _over(self, process: subprocess.Popen[bytes]) -> None:
        """After the end of a process: fail what it may have died of, and ask the rest of another one."""
        with self._lock:
            if self._process is not process:
                return
            self._process, self.ready = None, False
            failed = [self._open.pop(number)[1] for number in self._suspects()]
            if self._open:
                self._begin()
            self._lock.notify_all()
        for answer in failed:
            _settle(answer, WorkerFailure(WORKER_ENDED))

    def _suspects(self) -> list[int]:
        """Say what the process was at: the oldest of those that it told nothing of, else all."""
        unheard = [number for number, (_, answer) in self._open.items() if answer.progress is None]
        return unheard[:1] or list(self._open)

    def _cancelled(self, number: int) -> None:
        with self._lock:
            if self._open.pop(number, None) and self.ready:
                self._send(CancelMessage(number))

    def _send(self, message: RequestMessage | CancelMessage) -> None:
        """Leave it to the writer: a process that is stopped does not read, and nobody may wait for it with the lock."""
        self._outbox.put(message)


def _write(process: subprocess.Popen[bytes], outbox: Outbox) -> None:
    """Write to the process until its end, which the reader notices."""
    assert process.stdin
    while (message := outbox.get()) is not None:
        with suppress(OSError, ValueError):
            send_message(process.stdin, message)


def _settle(answer: WorkerFuture[Any], content: object) -> None:
    with suppress(InvalidStateError):  # cancelled at this moment
        if isinstance(content, WorkerFailure):
            answer.set_exception(ComputationFailed(content.reason))
        else:
            answer.set_result(content)
