"""The server's end of the process that computes evidence. No TensorFlow."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Final

from cnn.errors import ConvScopeError
from cnn.explain.jobs import Heat, Job, receive, send

ROOT: Final = Path(__file__).resolve().parent.parent.parent
COMMAND: Final = (sys.executable, "-m", "cnn.explain.worker")
PATIENCE_S: Final = 120.0  # for one job, the start of the process included


class NoEvidence(ConvScopeError):
    """Evidence that could not be computed; the text says why."""


class Client:
    """One child process for all sessions; it answers in turn, and is started anew if it dies.

    A queued job is dropped by `cancel` on its future.
    """

    def __init__(self, command: tuple[str, ...] = COMMAND, patience: float = PATIENCE_S) -> None:
        """Start nothing yet: the first job starts the process."""
        self._command, self._patience = command, patience
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = ThreadPoolExecutor(1, "evidence")
        self.ready = False  # the process has loaded TensorFlow

    @property
    def pid(self) -> int | None:
        """Number of the process; None where none runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def submit(self, job: Job) -> Future[Heat]:
        """Queue a job.

        Returns: a future whose result raises NoEvidence: it cannot be computed, took longer than
            the patience allows, or the process died on it; the next job starts another.
        """
        return self._thread.submit(self._answer, job)

    def close(self) -> None:
        """End the process; queued jobs are dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._end()

    def _answer(self, job: Job) -> Heat:
        watch = Timer(self._patience, self._end)
        watch.start()
        try:
            answer = self._exchange(job)
        except (OSError, ValueError):  # its pipes are broken, or closed by the watch
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            self._end()
            raise NoEvidence("The process that looks for evidence ended. Ask again: another one starts.")
        if isinstance(answer, str):
            raise NoEvidence(answer)
        return answer

    def _exchange(self, job: Job) -> Heat | str | None:
        process = self._alive()
        assert process.stdin and process.stdout
        if not self.ready:
            self.ready = receive(process.stdout) is not None
        send(process.stdin, job)
        answer: Heat | str | None = receive(process.stdout)
        return answer

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def _end(self) -> None:
        self.ready = False
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # half a job may still wait in it
                    if pipe:
                        pipe.close()
