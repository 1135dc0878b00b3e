"""The Help page in a real browser, with the real doctor."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits, everywhere, expect_fits_everywhere

pytestmark = pytest.mark.browser
PATIENCE_MS = 120_000  # the doctor loads TensorFlow, on a machine that may be busy


@everywhere
def test_the_doctor_has_looked_at_this_machine(visit: Visits, width: str, scheme: str) -> None:
    page = visit("help", width, scheme).page
    fine = page.get_by_text("What is fine")
    expect(fine).to_be_visible(timeout=PATIENCE_MS)
    fine.click()
    expect(page.get_by_text("shipped networks are whole")).to_be_visible()
    expect(page.get_by_text("no file hides a package")).to_be_visible()
    expect_fits_everywhere(page)


def test_a_question_opens_by_keyboard(visit: Visits) -> None:
    page = visit("help").page
    title = page.get_by_text("My digit is misread. Why?")
    expect(title).to_be_visible()
    page.locator("summary").filter(has=title).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("it shows what the networks get")).to_be_visible()
    page.locator("[data-testid=stExpander]").get_by_role("link", name="Draw a digit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Draw a digit")
