"""The Video page in a real browser: a clip is answered over time; one jumps to where networks disagree."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, everywhere, expect_fits, expect_fits_everywhere
from tests.browser.files import mp4

pytestmark = pytest.mark.browser
FRAMES = 24  # at first
PATIENCE_MS = 30_000  # to read a clip and ask each network


def track(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the clip")


def expect_answered(page: Page, networks: int | None = None, frames: int = FRAMES) -> None:
    expect(track(page)).to_have_attribute("aria-valuemax", str(frames), timeout=PATIENCE_MS)
    expect(page.locator(".timeline .strip img").first).to_be_visible()
    if networks is not None:
        expect(page.locator(".timeline .lane")).to_have_count(networks, timeout=PATIENCE_MS)
        expect(page.locator(".timeline .lane .cell")).to_have_count(networks * frames)


def expect_moment(page: Page, at: int) -> None:
    """The frame `at`, from 1, is chosen: by the slider, in words, and by Python."""
    expect(track(page)).to_have_attribute("aria-valuenow", str(at))
    expect(page.locator(".timeline .moment")).to_contain_text(f"frame {at} of ")


@everywhere
def test_a_sample_is_answered(visit: Visits, width: str, scheme: str) -> None:
    page = visit("video", width, scheme).page
    expect_answered(page)
    expect_moment(page, 1)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect_fits_everywhere(page)


def test_keys_move_the_moment(visit: Visits) -> None:
    page = visit("video").page
    expect_answered(page)
    large, png = page.locator(".timeline .large"), page.get_by_role("button", name=re.compile("^Download the frame"))
    first, said = large.get_attribute("src") or "", png.inner_text()
    track(page).focus()
    page.keyboard.press("ArrowRight")
    expect_moment(page, 2)
    page.keyboard.press("End")
    expect_moment(page, FRAMES)
    expect(large).not_to_have_attribute("src", first)
    expect(png).not_to_have_text(said)  # Python heard of it
    page.keyboard.press("Home")
    expect_moment(page, 1)
    expect(large).to_have_attribute("src", first)


def test_the_pointer_looks_and_a_click_chooses(visit: Visits) -> None:
    page = visit("video").page
    expect_answered(page)
    box = track(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 10)
    expect(page.locator(".timeline .moment")).to_contain_text("frame 19 of ")
    expect(track(page)).to_have_attribute("aria-valuenow", "1")
    page.mouse.down()
    page.mouse.up()
    expect_moment(page, 19)


def test_one_jumps_from_disagreement_to_disagreement(visit: Visits) -> None:
    page = visit("video?networks=cifar10/vgg,cifar10/alexnet").page
    expect_answered(page, networks=2)
    expect(page.locator(".timeline .count")).to_have_text(re.compile(rf"^They disagree in \d+ of {FRAMES} frames"))
    expect(page.locator(".timeline .mark")).not_to_have_count(0)
    track(page).focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Next disagreement").click()  # after the last one, the first
    expect(track(page)).not_to_have_attribute("aria-valuenow", str(FRAMES))
    expect(page.locator(".timeline .moment")).to_contain_text("The networks disagree.")
    first = track(page).get_attribute("aria-valuenow") or ""
    page.keyboard.press("n")
    expect(track(page)).not_to_have_attribute("aria-valuenow", first)
    expect(page.locator(".timeline .moment")).to_contain_text("The networks disagree.")


def test_one_s_own_clip_is_answered(visit: Visits) -> None:
    page = visit("video", "phone").page
    expect_answered(page)
    page.locator("input[type=file]").set_input_files({"name": "own.mp4", "mimeType": "video/mp4", "buffer": mp4()})
    expect_answered(page, frames=20)
    expect(page.get_by_text("own.mp4")).to_be_visible()
    expect_fits(page)


def test_a_damaged_clip_gets_a_sentence_and_the_page_goes_on(visit: Visits) -> None:
    page = visit("video").page
    expect_answered(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "cut.mp4", "mimeType": "video/mp4", "buffer": mp4()[:-200]}
    )
    expect(page.get_by_role("alert").filter(has_text="cut.mp4")).to_contain_text("cut off", timeout=PATIENCE_MS)
    expect(page.locator(".timeline")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^(Remove|Delete) cut.mp4")).click()
    expect_answered(page)
    expect(page.get_by_role("alert")).to_have_count(0)
