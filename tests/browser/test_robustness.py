"""The Robustness page in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits, everywhere, expect_fits_everywhere

pytestmark = pytest.mark.browser


@everywhere
def test_it_fits_and_says_what_changed(visit: Visits, width: str, scheme: str) -> None:
    page = visit("robustness?change=turn&strength=90", width, scheme).page
    expect(page.get_by_role("heading", level=1)).to_have_text("Robustness: how far can it bend?")
    expect(page.get_by_text("Changed its mind").first).to_be_visible()
    expect_fits_everywhere(page)


def test_the_slider_by_keyboard_alone(visit: Visits) -> None:
    page = visit("robustness?input=sample-7").page
    expect(page.get_by_text("No answer has changed").first).to_be_visible()
    slider = page.get_by_role("slider", name="Turn")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_value("90")
    expect(page.get_by_text("Changed its mind").first).to_be_visible()
    page.wait_for_url("**strength=90**")


@pytest.mark.slow
def test_curves_come_over_the_digits_of_the_app(visit: Visits) -> None:
    page = visit("robustness?change=brightness").page
    page.get_by_role("button", name="Ask 5 networks").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    plot = page.locator(".plot .field")
    expect(plot).to_be_visible(timeout=240_000)
    plot.focus()
    page.keyboard.press("Home")
    expect(page.locator(".plot .readout")).to_contain_text("ResNet-20")
    page.reload()
    expect(page.locator(".plot .field")).to_be_visible()


def test_the_whole_range_plays(visit: Visits) -> None:
    page = visit("robustness?input=sample-7&change=turn").page
    place = page.get_by_role("slider", name="Strength of the change")
    expect(place).to_have_attribute("aria-valuetext", re.compile("Turn 0 degrees, strength 16 of 31"))
    expect(page.get_by_text(re.compile("says 7 from -.* degrees"))).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(place).to_have_attribute("aria-valuetext", re.compile("strength 31 of 31"))
    expect(page.get_by_role("button", name="Play")).to_be_visible()
