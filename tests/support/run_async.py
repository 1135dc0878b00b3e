"""Coroutines in tests that may share a process with Playwright."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a thread of its own: Playwright leaves a loop running in the one of the tests."""
    with ThreadPoolExecutor(1) as crew:
        return crew.submit(asyncio.run, work).result()
