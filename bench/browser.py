"""Chromium for the figures that a person would see, with a fresh profile each time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING

from bench.figure import Missing, need
from bench.server import children
from scripts.browser import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

GRACE_S = 20  # for the browser and its driver to end by themselves
FLAGS = (
    "--no-sandbox",  # as root Chromium has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-renderer-backgrounding",  # both pages of a pair stay equally awake
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
)
FIRST_CONTENT = "[data-testid=stMainBlockContainer] [data-testid=stElementContainer]"  # Streamlit 1.67


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Open a browser without a window, with `more` flags.

    Raises: Missing: there is none, or no Playwright to drive it.
    """
    need(["playwright"])
    path = find()
    if path is None:
        raise Missing("There is no browser. Run: python scripts/browser.py")
    from playwright.sync_api import Error

    with _driver() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more])
        except Error as error:
            raise Missing(f"The browser {path.name} does not start: {error.message.splitlines()[0]}") from error
        yield browser


@contextmanager
def _driver() -> Iterator[Playwright]:
    """Start Playwright, and always end it: its driver was seen to stay after it was asked to go."""
    from playwright.sync_api import sync_playwright

    before = children(os.getpid())
    playwright = sync_playwright().start()
    started = children(os.getpid()) - before
    try:
        yield playwright
    finally:
        watch = Timer(GRACE_S, _end, [started])
        watch.start()
        playwright.stop()  # closes its browsers
        watch.cancel()


def _end(processes: set[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
