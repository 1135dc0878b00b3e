"""From the click on a unit of the Layers page to its map, kernel and field, against a page that only echoes strokes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.browser import chromium
from bench.figure import Missing, Sample
from bench.hand import ECHO, QUIET_MS, SCREEN, WATCH, Hand, hand, settled
from bench.mouse_up import seven
from bench.server import APP, served
from bench.server import ECHO as ECHO_APP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ROUNDS = 20
LAYERS = ("mnist/resnet block2_1_add", "imagenet/efficientnet_lite0 block10_expand_relu6")  # 32 units, and 672
UNITS = ".units"  # of feature_map_grid.html; all that a change of the unit changes stands in it ...
TILES = f"{UNITS} .all [role=slider]"
PAGE = "[data-testid=stMainBlockContainer]"  # ... and whatever else the page might change is watched, too
PLACES = (0.15, 0.85, 0.5)  # of the picture with all units, where one clicks in turns


def measure(_folder: Path) -> Iterator[Sample]:
    """Click units and draw on the echo page in turns; the browser's own clock measures."""
    with chromium() as browser, served(APP) as app, served(ECHO_APP) as echo:
        theirs = hand(browser, echo.url, ECHO)
        seven(theirs)  # the first time is not measured
        for place in LAYERS:
            network, layer = place.split()
            ours = _finger(browser, f"{app.url}/layers?network={network}&layer={layer}")
            yield _against(ours, theirs, layer, network)


def _against(ours: Finger, theirs: Hand, layer: str, network: str) -> Sample:
    units = int(ours.tiles.get_attribute("aria-valuemax") or 0) + 1
    shares = cycle(PLACES)
    ours.click(next(shares))
    mine, echoes = zip(*((ours.click(next(shares)), seven(theirs)) for _ in range(ROUNDS)), strict=True)
    return Sample(median(mine), median(echoes), f"{units} units of {layer}, median of {ROUNDS} in turns", network)


@dataclass(frozen=True, slots=True)
class Finger:
    """Clicks units on `page`, whose picture with all of them is `tiles`."""

    page: Page
    tiles: Locator

    def click(self, share: float) -> float:
        """Click the unit at a share of the picture's width and of what is in sight of its height.

        Returns: ms from the release of the mouse to the last change of the page.
        Raises: Missing: the page did not answer.
        """
        self.page.bring_to_front()
        box = self.tiles.bounding_box()
        assert box is not None, "the units are out of sight"
        seen = min(box["height"], SCREEN["height"] / 3)
        self.page.mouse.click(box["x"] + share * box["width"], box["y"] + share * seen)
        return settled(self.page, QUIET_MS, "a click on a unit")


def _finger(browser: Browser, url: str) -> Finger:
    """Open the page, and watch it once it shows units."""
    page = browser.new_page(viewport=SCREEN)
    page.goto(url)
    tiles = page.locator(TILES)
    try:
        page.locator(f"{UNITS} .said:not(:empty)").wait_for()
    except Exception as error:  # Playwright's own, which is not imported before a browser is needed
        raise Missing(f"{url} shows no units.") from error
    tiles.scroll_into_view_if_needed()
    page.evaluate(
        "top => document.querySelector('[data-testid=stMain]').scrollBy(0, top)",
        (tiles.bounding_box() or {"y": 0})["y"] - 80,
    )
    for watched in (UNITS, PAGE):
        page.locator(watched).first.evaluate(WATCH)
    page.wait_for_timeout(QUIET_MS)  # the page may still be settling
    return Finger(page, tiles)
