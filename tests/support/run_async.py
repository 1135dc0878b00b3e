"""What needs a thread without a running loop, in tests that may share a process with Playwright, which leaves one."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def in_own_thread(work: Callable[[], T]) -> T:
    """Do some work in a thread of its own, such as to open a second Playwright."""
    with ThreadPoolExecutor(1) as crew:
        return crew.submit(work).result()


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return in_own_thread(lambda: asyncio.run(work))
