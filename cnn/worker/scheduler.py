"""Several requests at once in one thread: what is new comes first, long ones take turns. No TensorFlow."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from cnn.errors import ConvScopeError
from cnn.progress import Progress, ProgressSteps
from cnn.worker.protocol import CancelMessage, ReplyMessage, Request, RequestMessage, WorkerFailure
from cnn.worker.turns import Turns

Inbox = SimpleQueue[RequestMessage | CancelMessage | None]


@dataclass(slots=True)
class _Line:
    """What one asker waits for: requests that are new, and long ones that have begun."""

    new: deque[RequestMessage] = field(default_factory=deque)
    long: deque[tuple[int, ProgressSteps[Any]]] = field(default_factory=deque)


class Scheduler:
    """Works through an inbox.

    Askers take turns, however much one of them asks. Of one asker's requests a new one is worked on at once up to its
    first progress, so that a quick one waits for one step of a long one at most. A long one is stopped between two
    steps.
    """

    def __init__(
        self, inbox: Inbox, start: Callable[[Request[Any]], ProgressSteps[Any]], tell: Callable[[ReplyMessage], None]
    ):
        """Prepare; `run` begins.

        Args:
            inbox: requests, orders to stop, and None at the end.
            start: begins to answer; what it raises is told.
            tell: sends a message back.
        """
        self._inbox, self._start, self._tell = inbox, start, tell
        self._lines: dict[Hashable, _Line] = {}  # by asker
        self._turns: Turns[Hashable] = Turns()

    def run(self) -> None:
        """Answer until None comes."""
        while self._take_in():
            line = self._lines[self._turns.next(self._lines)]
            if line.new:
                self._begin(line.new.popleft(), line)
            else:
                self._advance(*line.long.popleft(), line)
            self._leave_out_idle()

    def _take_in(self) -> bool:
        """Read all that has come, and wait where there is nothing to do; False at the end."""
        with suppress(Empty):
            while True:
                message = self._inbox.get(block=not self._lines)
                if message is None:
                    return False
                if isinstance(message, CancelMessage):
                    self._stop(message.number)
                else:
                    self._lines.setdefault(message.asker, _Line()).new.append(message)
        return True

    def _leave_out_idle(self) -> None:
        for asker in [asker for asker, line in self._lines.items() if not line.new and not line.long]:
            del self._lines[asker]

    def _begin(self, message: RequestMessage, line: _Line) -> None:
        try:
            steps = self._start(message.request)
        except Exception as error:  # the next one is still answered
            self._tell(ReplyMessage(message.number, _trouble(error)))
        else:
            self._advance(message.number, steps, line)

    def _advance(self, number: int, steps: ProgressSteps[Any], line: _Line) -> None:
        """Do one step, and tell what came of it."""
        try:
            told: object = next(steps)
        except StopIteration as end:
            told = end.value
        except Exception as error:  # TensorFlow raises whatever it likes
            told = _trouble(error)
        self._tell(ReplyMessage(number, told))
        if isinstance(told, Progress):
            line.long.append((number, steps))

    def _stop(self, number: int) -> None:
        for line in self._lines.values():
            line.new = deque(message for message in line.new if message.number != number)
            for one in [one for one in line.long if one[0] == number]:
                line.long.remove(one)
                one[1].close()
        self._leave_out_idle()


def _trouble(error: Exception) -> WorkerFailure:
    """Put what went wrong in words."""
    if isinstance(error, ConvScopeError):
        return WorkerFailure(str(error))
    return WorkerFailure(f"This could not be computed ({type(error).__name__}).")
