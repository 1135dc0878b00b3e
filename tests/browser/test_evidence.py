"""The Evidence page in a real browser, by mouse and by keyboard alone, with the real process behind it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, expect_fits

pytestmark = pytest.mark.browser
PATIENCE_MS = 120_000  # for the first evidence: TensorFlow starts, on a machine that may be busy
LENET = "evidence?network=mnist/lenet&input=sample-7"


def heats(page: Page) -> Locator:
    return page.locator(".overlay .heat:not([hidden])")


def bars(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name=re.compile("^Confidence")).get_by_role("radio")


@pytest.mark.parametrize(("width", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_a_click_on_a_class_shows_what_speaks_for_it(visit: Visits, width: str, scheme: str) -> None:
    page = visit(LENET, width, scheme).page
    expect(heats(page)).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.locator(".overlay .caption")).to_contain_text("for 7", timeout=PATIENCE_MS)
    expect(page.get_by_text("Faithfulness: does the answer follow the map?")).to_be_visible(timeout=PATIENCE_MS)
    bars(page).nth(1).click()
    other = bars(page).nth(1).get_attribute("data-name") or "?"
    expect(page).to_have_url(re.compile(rf"label={other}\b"), timeout=PATIENCE_MS)
    expect(page.locator(".overlay .caption")).not_to_contain_text("for 7", timeout=PATIENCE_MS)
    expect_fits(page)


def test_methods_stand_side_by_side_and_a_link_brings_them_back(visit: Visits) -> None:
    page = visit(LENET).page
    expect(heats(page)).to_have_count(1, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Gradient saliency").click()
    expect(heats(page)).to_have_count(2, timeout=PATIENCE_MS)
    expect(page).to_have_url(re.compile(r"method=grad-cam(,|%2C)saliency"))
    again = visit(page.url.split("/", 3)[3]).page
    expect(heats(again)).to_have_count(2, timeout=PATIENCE_MS)
    expect(again.get_by_role("cell", name="Gradient saliency").first).to_be_visible(timeout=PATIENCE_MS)
    with again.expect_download() as kept:
        again.get_by_role("button", name="Download PNG").first.click()
    assert kept.value.suggested_filename == "evidence.png"
    assert kept.value.path().read_bytes().startswith(b"\x89PNG")


def test_by_keyboard_alone(visit: Visits) -> None:
    page = visit(LENET).page
    expect(heats(page)).to_have_count(1, timeout=PATIENCE_MS)
    bars(page).first.focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"label=\d"), timeout=PATIENCE_MS)
    page.get_by_role("button", name="Occlusion").focus()
    page.keyboard.press("Enter")
    expect(heats(page)).to_have_count(2, timeout=PATIENCE_MS)
    page.get_by_role("button", name=re.compile("^Shuffle the weights")).focus()
    page.keyboard.press("Enter")
    left = page.get_by_role("list", name="Maps while the weights are shuffled").get_by_role("listitem")
    expect(left).to_have_count(6, timeout=PATIENCE_MS)
    page.get_by_role("button", name=re.compile("^Make a picture")).focus()
    page.keyboard.press("Enter")
    made = page.get_by_role("img", name=re.compile("^A picture made for the class"))
    expect(made).to_be_visible(timeout=PATIENCE_MS)


def test_a_nudge_turns_the_answer(visit: Visits) -> None:
    page = visit("evidence?network=mnist/lenet&input=sample-7").page
    page.get_by_role("button", name="Nudge the pixels until it says something else").click()
    told = page.get_by_text(re.compile("^LeNet-5 said 7, .* of 255 shades on average"))
    expect(told).to_be_visible()
    assert "it says 7" not in told.inner_text()
    expect(page.get_by_role("list", name="The picture before, the change, and after").get_by_role("img")).to_have_count(
        3
    )


def test_pictures_like_this_one_are_found(visit: Visits) -> None:
    page = visit("evidence?network=mnist/lenet&input=sample-7").page
    page.get_by_role("button", name="Look among 6,000 pictures").click()
    expect(page.get_by_text(re.compile("^The 8 nearest of 5,000 training digits are labelled: . 7"))).to_be_visible()
    expect(page.get_by_role("list", name="The nearest of training digits").get_by_role("img")).to_have_count(8)
