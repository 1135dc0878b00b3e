"""The running app, and a Chromium that records what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from bench.browser import chromium as window
from bench.server import APP, served

HARMLESS = re.compile(r"/_stcore/(health|host-config)$")  # Streamlit looks for itself below a page's address, too
PATIENCE_MS = 30_000  # on a machine that may be busy
expect.set_options(timeout=PATIENCE_MS)
WIDTHS = {"phone": 390, "desktop": 1280}  # px
Scheme = Literal["light", "dark"]

expect.set_options(timeout=30_000)  # ms: a bound on patience, not on speed; a busy machine loads networks slowly


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    with served(APP) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with window() as browser:
        yield browser


@dataclass
class Visit:
    """A page in a fresh context, and what went wrong on it."""

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


@pytest.fixture
def visit(app: str, browser: Browser) -> Iterator[Visits]:
    """Open a page of the app; at the end nothing may have gone wrong on it."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(path: str = "", width: str = "desktop", scheme: Scheme = "light") -> Visit:
        size = {"width": WIDTHS[width], "height": 900}
        contexts.append(browser.new_context(viewport=size, color_scheme=scheme, has_touch=width == "phone"))
        visits.append(Visit(contexts[-1].new_page()))
        visits[-1].watch(app)
        visits[-1].page.goto(f"{app}/{path}")
        return visits[-1]

    yield open_page
    for context in contexts:
        context.close()
    assert [wrong for one in visits for wrong in one.wrong] == []
