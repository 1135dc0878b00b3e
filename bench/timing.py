"""Time several ways of doing the same, in turns, so that what disturbs one disturbs all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter, sleep

REST_S = 0.005  # until another engine's threads, which spin for a while after their work, have gone to sleep


def medians(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Time each of `calls` once a round, after one call that is not timed.

    Returns: the median of each, in ms.
    """
    spent: list[list[float]] = [[] for _ in calls]
    for turn in range(rounds):
        order = range(len(calls)) if turn % 2 else reversed(range(len(calls)))
        for i in order:
            spent[i].append(_warm(calls[i]))
    return [median(times) for times in spent]


def _warm(call: Callable[[], object]) -> float:
    sleep(REST_S)
    call()
    started = perf_counter()
    call()
    return (perf_counter() - started) * 1000
