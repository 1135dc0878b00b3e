"""One's own drawing goes along to every page and back, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, expect_fits
from tests.browser.test_draw import by_mouse, expect_reading

pytestmark = pytest.mark.browser
STEPS = (
    ("layers", "Layer by layer"),
    ("arithmetic", "One sum"),
    ("evidence", "Why"),
    ("lesion", "Switch parts off"),
    ("robustness", "Bend it"),
    ("compare", "Compare"),
)


def strip(page: Page) -> Locator:
    return page.locator(".st-key-follow")


def by_key(link: Locator) -> None:
    link.press("Shift")  # from here on the keyboard is at work
    expect(link).to_have_css("outline-style", "solid")  # one sees where one is
    link.press("Enter")


@pytest.mark.parametrize(("take", "width"), [(Locator.click, "desktop"), (by_key, "phone")])
def test_a_drawing_goes_through_all_pages_and_back(visit: Visits, take: Callable[[Locator], None], width: str) -> None:
    page = visit("draw", width).page
    by_mouse(page, 3)
    expect_reading(page, "3")
    expect(page).to_have_url(re.compile("drawing="))  # from the end of the stroke on
    expect(strip(page)).to_contain_text("Follow your 3")
    for done, (name, label) in enumerate(STEPS, 2):
        take(strip(page).get_by_role("link", name=f"{label} →"))  # the next one is the one with the arrow
        expect(page).to_have_url(re.compile(f"/{name}\\?.*drawing="))
        expect(page.get_by_role("radio", name="your drawing")).to_have_attribute("aria-checked", "true")
        expect(strip(page).get_by_role("link", name="✓")).to_have_count(done)
        expect(strip(page)).to_contain_text("Follow your 3")
    expect_fits(page)
    take(strip(page).get_by_role("link", name="What it is"))
    expect(page).to_have_url(re.compile("/draw\\?"))
    expect_reading(page, "3")
    expect(strip(page).get_by_role("link", name="✓")).to_have_count(len(STEPS) + 1)
