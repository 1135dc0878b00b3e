"""From the start of the process to the first content in the browser, against a one-line Streamlit app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from bench.browser import FIRST_CONTENT, chromium
from bench.figure import Sample
from bench.server import APP, ONE_LINE, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROUNDS = 5


def measure(_folder: Path) -> Iterator[Sample]:
    """Start both apps in turns, each with an empty browser cache."""
    with chromium() as browser:
        _seconds(browser, ONE_LINE)  # the files of Streamlit and Chromium come from the disk only once
        pairs = [(_seconds(browser, APP), _seconds(browser, ONE_LINE)) for _ in range(ROUNDS)]
    ours, theirs = zip(*pairs, strict=True)
    yield Sample(median(ours), median(theirs), f"median of {ROUNDS} starts in turns")


def _seconds(browser: Browser, script: Path) -> float:
    with served(script) as server, browser.new_context() as context:
        page = context.new_page()
        page.goto(server.url, wait_until="commit")
        page.locator(FIRST_CONTENT).first.wait_for()
        return perf_counter() - server.started
