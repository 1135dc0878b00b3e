"""From the release of the mouse to five answers on the screen, against a page that only echoes the strokes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.browser import chromium
from bench.figure import Missing, Sample
from bench.hand import ANSWERS, ECHO, READINGS, Hand, hand
from bench.server import APP, served
from bench.server import ECHO as ECHO_APP

ROUNDS = 30


def measure(_folder: Path) -> Iterator[Sample]:
    """Draw on both pages in turns; the browser's own clock measures."""
    with chromium() as browser, served(APP) as app, served(ECHO_APP) as echo:
        ours, theirs = hand(browser, f"{app.url}/draw", ANSWERS), hand(browser, echo.url, ECHO)
        answers = _answers(ours)
        seven(theirs)  # the first time is not measured
        pairs = [(seven(ours), seven(theirs)) for _ in range(ROUNDS)]
    mine, echoes = zip(*pairs, strict=True)
    yield Sample(median(mine), median(echoes), f"{answers} answers, median of {ROUNDS} in turns")


def seven(one: Hand) -> float:
    """Draw, and clear; once more where the last message before the release held the whole seven already."""
    try:
        return one.seven()
    except Missing:
        one.clear()
        return one.seven()
    finally:
        one.clear()


def _answers(ours: Hand) -> int:
    """Count the networks that answer a seven.

    Raises: Missing: one of them does not.
    """
    ours.seven()
    readings = [card.get_attribute("data-reading") for card in ours.page.locator(READINGS).all()]
    if not readings or not all(readings):
        raise Missing(f"The Draw page did not answer for every network: {readings}.")
    ours.clear()
    return len(readings)
