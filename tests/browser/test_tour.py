"""The tour in a real browser: twelve live pages, a question each; left, and taken up again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits, expect_fits
from ui.guide.tour_steps import TOUR

pytestmark = pytest.mark.browser


def answer(page: Page, at: int, place: int) -> None:
    page.get_by_role("radiogroup", name=TOUR[at].question).get_by_role("radio").nth(place).click()


def test_twelve_steps_lead_from_pixels_to_the_answer(visit: Visits) -> None:
    page = visit("").page
    page.get_by_role("link", name="Take the tour").click()
    for at, step in enumerate(TOUR):
        expect(page.get_by_text(f"Tour, step {at + 1} of {len(TOUR)}")).to_be_visible()
        expect(page).to_have_url(re.compile(f"/{step.page}\\?.*tour={at + 1}(&|$)"))
        if "layer" in step.address:
            expect(page).to_have_url(re.compile(f"layer={step.address['layer']}(&|$)"))
        answer(page, at, step.right)
        expect(page.get_by_text(f"Yes. {step.because}")).to_be_visible()
        if at + 1 < len(TOUR):
            page.get_by_role("link", name=f"Next: {TOUR[at + 1].title}").click()
    expect(page.get_by_role("link", name="Train a network →")).to_be_visible()


def test_it_is_left_and_taken_up_again(visit: Visits) -> None:
    page = visit("layers?tour=3&network=mnist/vgg&layer=image", "phone").page
    step = TOUR[2]
    wrong = (step.right + 1) % len(step.options)
    answer(page, 2, wrong)
    expect(page.get_by_text(f"Not quite: {step.options[step.right]}.")).to_be_visible()
    expect_fits(page)
    page.locator(".st-key-follow").get_by_role("link", name="One sum").click()
    expect(page.get_by_text("The tour waits at step 3 of 12.")).to_be_visible()
    page.locator("canvas").first.evaluate("one => { one.dataset.kept = 'yes' }")
    page.get_by_role("button", name="Leave the tour").click()
    expect(page.get_by_text("The tour waits")).to_have_count(0)
    expect(page.locator("canvas[data-kept]")).to_have_count(1)  # the page below keeps its place, and what is set in it
    page.locator(".st-key-follow").get_by_role("link", name="Layer by layer").click()
    expect(page).to_have_url(re.compile("/layers"))
    expect(page.get_by_text("Tour, step")).to_have_count(0)
    page.goto(f"{page.evaluate('location.origin')}/help?tour=3")  # a link takes it up, from any page
    page.get_by_role("link", name=f"Back to it: {step.title}").click()
    expect(page.get_by_text("Tour, step 3 of 12")).to_be_visible()
