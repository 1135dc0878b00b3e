"""Links in a real browser: what one copies opens as it was elsewhere, a reload loses nothing, and Back goes back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visits
from tests.browser.files import png
from tests.browser.test_draw import by_mouse
from tests.browser.test_photo import payload, upload

pytestmark = pytest.mark.browser
STROKES = ".surface .ink path"


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Page]:
    """A browser that was never here."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def copied(page: Page) -> str:
    page.get_by_role("button", name="Copy link").click()
    return page.get_by_label("Link to what you see").input_value()


@pytest.mark.parametrize("path", ["", "draw"])
def test_a_drawing_is_carried_by_a_reload_and_by_a_link_which_replays_it(
    visit: Visits, elsewhere: Page, path: str
) -> None:
    page = visit(path).page
    by_mouse(page, 1)
    expect(page).to_have_url(re.compile("drawing="))
    page.reload()
    expect(page.locator(STROKES)).to_have_count(1)
    expect(page.locator('[data-network="mnist/resnet"]')).to_have_attribute("data-reading", "1")
    elsewhere.goto(copied(page))
    expect(elsewhere.locator(STROKES)).to_have_count(1)
    expect(elsewhere.locator(STROKES)).to_have_attribute("style", re.compile("stroke-dasharray"))
    expect(elsewhere.locator('[data-network="mnist/resnet"]')).to_have_attribute("data-reading", "1")


def test_a_link_names_photo_and_network_and_says_what_it_cannot_carry(visit: Visits, elsewhere: Page) -> None:
    page = visit("photo").page
    page.get_by_role("radio", name=re.compile("^Coffee:")).click()
    expect(page).to_have_url(re.compile("input=coffee"))
    elsewhere.goto(copied(page))
    expect(elsewhere.get_by_role("radio", name=re.compile("^Coffee:"))).to_have_attribute("aria-checked", "true")
    upload(page, payload("mine.png", png(1)))
    expect(page).to_have_url(re.compile("input=own-"))
    own = copied(page)
    expect(page.get_by_role("status").filter(has_text="Link copied. Your own picture stays")).to_be_visible()
    elsewhere.goto(own)
    expect(elsewhere.get_by_text("does not carry")).to_be_visible()


def test_back_leads_to_the_page_before(visit: Visits) -> None:
    page = visit("help").page
    page.get_by_role("link", name=re.compile("^Layers")).last.click()
    expect(page).to_have_url(re.compile("layers.*unit="))
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Help")).to_be_visible()
