"""Several requests at once in one thread: what is new comes first, long ones take turns. No TensorFlow."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from cnn.errors import ConvScopeError
from cnn.progress import Progress, ProgressSteps
from cnn.worker.protocol import CancelMessage, ReplyMessage, Request, RequestMessage, WorkerFailure

Inbox = SimpleQueue[RequestMessage | CancelMessage | None]


class Scheduler:
    """Works through an inbox.

    A request is worked on at once up to its first progress, so that a quick one waits for one step of
    a long one at most. A long one is stopped between two steps.
    """

    def __init__(
        self, inbox: Inbox, start: Callable[[Request[Any]], ProgressSteps[Any]], tell: Callable[[ReplyMessage], None]
    ):
        """Prepare; `work` begins.

        Args:
            inbox: requests, orders to stop, and None at the end.
            start: begins to answer; what it raises is told.
            tell: sends a message back.
        """
        self._inbox, self._start, self._tell = inbox, start, tell
        self._long: deque[tuple[int, ProgressSteps[Any]]] = deque()

    def run(self) -> None:
        """Answer until None comes."""
        while True:
            try:
                message = self._inbox.get(block=not self._long)
            except Empty:
                self._advance(*self._long.popleft())
                continue
            if message is None:
                return
            if isinstance(message, CancelMessage):
                self._stop(message.number)
            else:
                self._begin(message)

    def _begin(self, message: RequestMessage) -> None:
        try:
            steps = self._start(message.request)
        except Exception as error:  # the next one is still answered
            self._tell(ReplyMessage(message.number, _trouble(error)))
        else:
            self._advance(message.number, steps)

    def _advance(self, number: int, steps: ProgressSteps[Any]) -> None:
        """Do one step, and tell what came of it."""
        try:
            told: object = next(steps)
        except StopIteration as end:
            told = end.value
        except Exception as error:  # TensorFlow raises whatever it likes
            told = _trouble(error)
        self._tell(ReplyMessage(number, told))
        if isinstance(told, Progress):
            self._long.append((number, steps))

    def _stop(self, number: int) -> None:
        for one in [one for one in self._long if one[0] == number]:
            self._long.remove(one)
            one[1].close()


def _trouble(error: Exception) -> WorkerFailure:
    """Put what went wrong in words."""
    if isinstance(error, ConvScopeError):
        return WorkerFailure(str(error))
    return WorkerFailure(f"This could not be computed ({type(error).__name__}).")
