"""What work elsewhere had come to at one moment: pages show this; the work itself goes on while they do."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from cnn.progress import Progress
from cnn.worker.client import WorkerFuture

T = TypeVar("T")

STOPPED = "Stopped."


@dataclass(frozen=True, slots=True, eq=False)
class JobSnapshot(Generic[T]):
    """What a job had come to when somebody looked.

    Attributes:
        ended: it had, this way or that.
        result: what came out; None while it goes on, and where nothing did.
        failure: why nothing came out, as a sentence; "" while it goes on, and where something did.
        progress: how far it was; None before its first step and after its end.
    """

    ended: bool = False
    result: T | None = None
    failure: str = ""
    progress: Progress | None = None


def snapshot(future: Future[T]) -> JobSnapshot[T]:
    """Look once at what was asked of another process or thread."""
    if not future.done():
        return JobSnapshot(progress=future.progress if isinstance(future, WorkerFuture) else None)
    if future.cancelled():
        return JobSnapshot(True, failure=STOPPED)
    if error := future.exception():
        return JobSnapshot(True, failure=str(error) or repr(error))
    return JobSnapshot(True, future.result())
