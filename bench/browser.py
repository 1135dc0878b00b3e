"""Chromium for the figures that a person would see, with a fresh profile each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.figure import Missing, need
from scripts.browser import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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
def chromium() -> Iterator[Browser]:
    """Open a browser without a window.

    Raises: Missing: there is none, or no Playwright to drive it.
    """
    need(["playwright"])
    path = find()
    if path is None:
        raise Missing("There is no browser. Run: python scripts/browser.py")
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        except Error as error:
            raise Missing(f"The browser {path.name} does not start: {error.message.splitlines()[0]}") from error
        with browser:
            yield browser
