"""The home page in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from bench.server import APP, served
from tests.browser.conftest import Visits, everywhere, expect_fits_everywhere
from tests.browser.test_draw import by_mouse

pytestmark = pytest.mark.browser


@everywhere
def test_home_explains_and_leads_on(visit: Visits, width: str, scheme: str) -> None:
    page = visit("", width, scheme).page
    expect(page.get_by_role("heading", name="A convolutional network in one minute")).to_be_visible()
    pictures = page.locator("[data-testid=stMain] img")
    expect(pictures).not_to_have_count(0)
    assert all(pictures.nth(i).get_attribute("alt") for i in range(5))
    expect_fits_everywhere(page)
    page.locator("[data-testid=stMain]").get_by_role("link", name="Draw a digit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draw a digit")


def test_a_digit_draws_itself_until_somebody_takes_the_pen(visit: Visits) -> None:
    page = visit("").page
    read = page.locator('[data-network="mnist/resnet"]')
    expect(read).to_have_attribute("data-reading", "3")
    expect(page.locator(".surface .ink path")).not_to_have_count(0)
    by_mouse(page, 1)
    expect(read).to_have_attribute("data-reading", "1")
    expect(page.locator(".surface .ink path")).to_have_count(1)
    page.get_by_role("button", name="Follow this digit through a network").click()
    expect(page.get_by_role("radio", name="your drawing")).to_have_attribute("aria-checked", "true")
    expect(page).to_have_url(re.compile("drawing="))
    page.reload()
    expect(page.get_by_role("radio", name="your drawing")).to_have_attribute("aria-checked", "true")


def test_a_link_to_a_page_is_inside_the_app_from_the_first_visit_on(browser: Browser) -> None:
    """Streamlit would serve pages/ by itself, without app.py, until somebody has been on the first page."""
    with served(APP) as server:
        page = browser.new_page()
        page.goto(f"{server.url}/draw")
        expect(page.get_by_role("heading", level=1)).to_have_text("Draw a digit")
        expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="app", exact=True)).to_have_count(0)
        page.close()
