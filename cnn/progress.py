"""Work in steps: between two of them others are answered, progress is told, and it can be stopped. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from cnn.array_types import Pixels

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a long job is.

    Attributes:
        share: in [0, 1].
        picture: what there is so far, uint8 (height, width, channels); None where there is nothing to see.
    """

    share: float
    picture: Pixels | None = None


ProgressSteps = Generator[Progress, None, T]


def run_steps(steps: ProgressSteps[T], on_progress: Callable[[Progress], None] = lambda _: None) -> T:
    """Do all steps one after the other and return what they came to."""
    try:
        while True:
            on_progress(next(steps))
    except StopIteration as end:
        result: T = end.value
        return result


def timed_steps(steps: ProgressSteps[T]) -> ProgressSteps[tuple[T, float]]:
    """Do the same steps; also return the milliseconds that they took, pauses between them left out."""
    spent = 0.0
    while True:
        started = perf_counter()
        try:
            progress = next(steps)
        except StopIteration as end:
            return end.value, spent + (perf_counter() - started) * 1000
        spent += (perf_counter() - started) * 1000
        yield progress
