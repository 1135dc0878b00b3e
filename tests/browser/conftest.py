"""The running app, and a Chromium that records what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from bench.browser import chromium as window
from bench.server import APP, served

HARMLESS = re.compile(r"/_stcore/(health|host-config)$")  # Streamlit looks for itself below a page's address, too
PATIENCE_MS = 30_000  # a bound on patience, not on speed; a busy machine loads networks slowly
expect.set_options(timeout=PATIENCE_MS)
WIDTHS = {"phone": 390, "desktop": 1280}  # px
HEIGHT = 900  # px
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
CAMERA = "--use-fake-device-for-media-stream"  # Chromium's own picture; a page must still be allowed to see it
SEEN_FIRST = ("phone", "dark")  # most tests see the other corner: a desktop, light
FITS = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return document.documentElement.scrollWidth <= window.innerWidth && main.scrollWidth <= main.clientWidth;
}"""

everywhere = pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(width, scheme, marks=() if (width, scheme) == SEEN_FIRST else pytest.mark.slow)
        for width in WIDTHS
        for scheme in SCHEMES
    ],
)
on_both_widths = pytest.mark.parametrize("width", ["phone", pytest.param("desktop", marks=pytest.mark.slow)])


def expect_fits(page: Page) -> None:
    """Nothing may stick out sideways."""
    page.wait_for_function(FITS, timeout=PATIENCE_MS)


def expect_fits_everywhere(page: Page) -> None:
    """Nothing may stick out sideways at any width, in any scheme; the page stays in the last of them."""
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            expect_fits(page)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test of this folder once more where it fails: several hundred steps of a browser beside another's.

    The summary names it with what went wrong. That is a fault to be found, more than once one of the app's.
    """
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    with served(APP) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with window("--process-per-site", CAMERA) as browser:
        yield browser


@dataclass
class Visit:
    """A page in a session of its own, and what went wrong on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def watch(self, home: str) -> None:
        """Note console errors, uncaught exceptions, and requests that leave the machine."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        self.page.on("request", lambda request: self._request(request.url, home))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not HARMLESS.search(message.location["url"]):
            self.wrong.append(f"console: {message.text} {message.location['url']}")

    def _request(self, url: str, home: str) -> None:
        if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != urlsplit(home).netloc:
            self.wrong.append(f"request to {url}")


Visits = Callable[..., Visit]


@pytest.fixture(scope="session")
def context(app: str, browser: Browser) -> Callable[[str, Scheme], BrowserContext]:
    """Give one context a width and scheme: its pages share cache and process, while each has a session of its own.

    In a context of its own every page fetched Streamlit's JavaScript anew. In a process of its own every page compiled
    it anew: 1.9 instead of 1.1 processor seconds a visit. An empty page keeps the process between visits.
    """

    @cache
    def opened(width: str, scheme: Scheme) -> BrowserContext:
        size = {"width": WIDTHS[width], "height": HEIGHT}
        one = browser.new_context(viewport=size, color_scheme=scheme, has_touch=width == "phone")
        one.new_page().goto(f"{app}/_stcore/health")
        return one

    return opened


@pytest.fixture
def visit(app: str, context: Callable[[str, Scheme], BrowserContext]) -> Iterator[Visits]:
    """Open a page of the app; at the end nothing may have gone wrong on it."""
    visits: list[Visit] = []

    def open_page(path: str = "", width: str = "desktop", scheme: Scheme = "light") -> Visit:
        visits.append(Visit(context(width, scheme).new_page()))
        visits[-1].watch(app)
        visits[-1].page.goto(f"{app}/{path}")
        return visits[-1]

    yield open_page
    for one in visits:
        one.page.close()
    assert [wrong for one in visits for wrong in one.wrong] == []
