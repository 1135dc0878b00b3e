"""The most memory that the server has had after 100 answers, against a one-line Streamlit app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.browser import FIRST_CONTENT, chromium
from bench.figure import Sample
from bench.hand import ANSWERS, hand
from bench.server import APP, ONE_LINE, served

ANSWERED = 100
QUIET_MS = 150  # without a change: enough here, where no time is measured


def measure(_folder: Path) -> Iterator[Sample]:
    """Draw ANSWERED times on one page; open the other."""
    with chromium() as browser, served(APP) as app, served(ONE_LINE) as one_line:
        page = browser.new_page()
        page.goto(one_line.url)
        page.locator(FIRST_CONTENT).first.wait_for()
        ours = hand(browser, f"{app.url}/draw", ANSWERS, QUIET_MS)
        for _ in range(ANSWERED):
            ours.seven()
            ours.clear()
        yield Sample(app.peak_megabytes(), one_line.peak_megabytes(), f"after {ANSWERED} answers")
