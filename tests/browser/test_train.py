"""The Train page in a real browser: a network learns while one watches, whatever happens to the tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SEEN_FIRST, Visits, expect_fits_everywhere

pytestmark = pytest.mark.browser
LEARNED_MS = 120_000  # a bound on patience: TensorFlow starts, then seconds


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_it_learns_survives_the_tab_is_scrubbed_and_branched(visit: Visits) -> None:
    page = visit("train", *SEEN_FIRST).page
    press(page, "Start training")
    expect(page).to_have_url(re.compile(r"run=\w{8}"))
    expect(page.get_by_text(re.compile("right: it guesses|of new pictures right")).first).to_be_visible(
        timeout=LEARNED_MS
    )
    path = page.url.split("/", 3)[3]
    page.close()
    page = visit(path, *SEEN_FIRST).page
    expect(page.get_by_text(re.compile(r"is done: \d\d\.\d %"))).to_be_visible(timeout=LEARNED_MS)
    expect(page.get_by_text("it says 7", exact=False).first).to_be_visible()
    slider = page.get_by_role("slider", name=re.compile("time machine"))
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Before its first step", exact=False).first).to_be_visible()
    keep_and_open(page)
    page.go_back()
    press(page, "Branch from here")
    expect(page).not_to_have_url(re.compile(re.escape(path)))
    press(page, "Stop")
    expect(page.get_by_text("was stopped at step", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    expect_fits_everywhere(page)


def keep_and_open(page: Page) -> None:
    """Keep the network of the moment that is shown, and open it on the Layers page."""
    page.get_by_role("button", name="Keep this network").click()
    page.get_by_label("Name", exact=True).fill("Before anything")
    press(page, "Keep it")
    expect(page.get_by_text("Before anything is kept")).to_be_visible(timeout=LEARNED_MS)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Its layers").click()
    expect(page.get_by_role("combobox", name="Network")).to_have_value(re.compile("Before anything, yours"))
    expect(page.get_by_role("img").first).to_be_visible()
