"""A hand that draws on a page and a watch that stops when the page has answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.figure import Missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize

# The only places that know the pages' markup: drawing_canvas.html, answer_cards.js and bench/echo_app.py.
SURFACE = "[aria-label='Drawing canvas']"
CLEAR = "button.clear"
ANSWERS = ".answers"  # on the Draw page
READINGS = f"{ANSWERS} [data-reading]"  # one a network; empty while there is no answer
ECHO = "[data-testid=stMainBlockContainer]"  # on the echo page; the canvas's shadow tree is not watched

SEVEN = ((0.36, 0.25), (0.64, 0.25), (0.45, 0.80))  # corners, as shares of the canvas
MOVES = 16  # of the mouse along the bar of the seven
PACE_MS = 15  # between two of them: a quarter of a second, as by hand
PATIENCE_MS = 5000  # for an answer
QUIET_MS = 400  # without a change: the page has said all that it will

SCREEN: ViewportSize = {"width": 1280, "height": 900}  # px

WATCH = """element => {
  const watch = (window.convscopeWatch ??= { up: 0, seen: 0 }); // several elements may be watched
  const note = () => { watch.up = performance.now(); watch.seen = 0; };
  window.addEventListener("pointerup", note, true);
  const see = () => { watch.seen = performance.now(); };
  new MutationObserver(see).observe(element, { subtree: true, childList: true, characterData: true });
}"""
SETTLED = """quiet => {
  const { up, seen } = window.convscopeWatch;
  return seen > up && performance.now() - seen > quiet && { milliseconds: seen - up };
}"""


@dataclass(frozen=True, slots=True)
class Hand:
    """Draws on `page`, where a canvas stands; waits until nothing has changed for `quiet` ms."""

    page: Page
    surface: Locator
    quiet: int

    def seven(self) -> float:
        """Draw a seven: its bar as a hand does, its stem at once.

        So whatever the page said before the release was about another drawing, and it must say something new.

        Returns: ms from the release of the mouse to the last change of what is watched.
        Raises: Missing: the page did not answer.
        """
        self.page.bring_to_front()
        (left, top), (right, _), foot = self._corners()
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        for i in range(1, MOVES + 1):
            self.page.mouse.move(left + (right - left) * i / MOVES, top)
            self.page.wait_for_timeout(PACE_MS)
        self.page.mouse.move(*foot)
        self.page.mouse.up()
        return settled(self.page, self.quiet, "a drawing")

    def clear(self) -> None:
        """Empty the canvas and wait until the page has seen it."""
        self.page.locator(CLEAR).click()
        settled(self.page, self.quiet, "a drawing")

    def _corners(self) -> list[tuple[float, float]]:
        box = self.surface.bounding_box()
        assert box is not None, "the canvas is out of sight"
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]


def settled(page: Page, quiet: int, what: str) -> float:
    """Wait until nothing of what is watched has changed for `quiet` ms.

    Returns: ms from the release of the mouse to the last change.
    Raises: Missing: the page did not answer; `what` says to what.
    """
    from playwright.sync_api import TimeoutError as TooLate

    try:
        handle = page.wait_for_function(SETTLED, arg=quiet, polling=50, timeout=PATIENCE_MS)
    except TooLate as error:
        raise Missing(f"{page.url} did not answer {what}.") from error
    return float(handle.json_value()["milliseconds"])


def hand(browser: Browser, url: str, watched: str, quiet: int = QUIET_MS) -> Hand:
    """Open `url`, wait for its canvas, and watch the element `watched`."""
    page = browser.new_page(viewport=SCREEN)
    page.goto(url)
    surface = page.locator(SURFACE)
    surface.scroll_into_view_if_needed()
    page.locator(watched).first.evaluate(WATCH)
    page.wait_for_timeout(QUIET_MS)  # the page may still be settling
    return Hand(page, surface, quiet)
