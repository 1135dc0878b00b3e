"""The Ablation page in a real browser: channels go off and on by mouse and by keys."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, everywhere, expect_fits_everywhere

pytestmark = pytest.mark.browser
PATIENCE_MS = 120_000  # for a thousand pictures, on a machine that may be busy


def unit(page: Page, number: int) -> Locator:
    return page.get_by_role("switch", name=f"Channel {number}", exact=True)


def answer(page: Page) -> Locator:
    return page.locator(".contrast").first.get_by_role("listitem")


@everywhere
def test_units_go_off_and_on_by_pointer(visit: Visits, width: str, scheme: str) -> None:
    page = visit("lesion?network=mnist/lenet&layer=c1", width, scheme).page
    expect(page.get_by_role("switch")).to_have_count(6)
    expect(answer(page)).to_have_count(10)
    expect(page.get_by_text(re.compile("^LeNet-5 says 7")).first).to_be_visible()
    unit(page, 3).click()
    expect(unit(page, 3)).not_to_be_checked()
    expect(page.get_by_text(re.compile("^Without channel 3 it")).first).to_be_visible()
    page.wait_for_url("**off=3**")
    unit(page, 3).click()
    expect(unit(page, 3)).to_be_checked()
    expect(page.get_by_text(re.compile("^LeNet-5 says 7")).first).to_be_visible()
    expect_fits_everywhere(page)


def test_units_go_off_by_keyboard_alone(visit: Visits) -> None:
    page = visit("lesion?network=mnist/lenet&layer=c1").page
    unit(page, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(unit(page, 1)).to_be_focused()
    page.keyboard.press("Space")
    expect(unit(page, 1)).not_to_be_checked()
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(unit(page, 5)).not_to_be_checked()
    expect(page.get_by_text(re.compile("^Without channels 1 and 5 it")).first).to_be_visible()
    page.reload()
    expect(unit(page, 1)).not_to_be_checked()
    expect(unit(page, 5)).not_to_be_checked()
    expect(unit(page, 0)).to_be_checked()


def test_many_at_once(visit: Visits) -> None:
    page = visit("lesion?network=mnist/lenet&layer=c3").page
    off = page.get_by_role("switch", checked=False)
    for name, count in (("Strongest off", 1), ("Strongest off", 2), ("Random half off", 8), ("All off", 16)):
        page.get_by_role("button", name=name, exact=True).click()
        expect(off).to_have_count(count)
    expect(page.get_by_text(re.compile("^Without all 16 channels it")).first).to_be_visible()
    page.get_by_role("button", name="All on", exact=True).click()
    expect(off).to_have_count(0)
    expect(page.get_by_text(re.compile("^LeNet-5 says 7")).first).to_be_visible()


def test_the_accuracy_follows_and_each_unit_is_ranked(visit: Visits) -> None:
    page = visit("lesion?network=mnist/lenet&layer=c1&off=0.1").page
    expect(page.get_by_text("answers changed")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Switch each of the 6 channels off alone").click()
    csv_button = page.get_by_role("button", name="Download all 6 channels (CSV)")
    expect(csv_button).to_be_visible(timeout=PATIENCE_MS)
    with page.expect_download() as download:
        csv_button.click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines()))
    assert sorted(row["unit"] for row in rows) == list("012345")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_the_fewest_channels_are_found_and_switched_off(visit: Visits) -> None:
    page = visit("lesion?network=mnist/lenet&layer=s2&input=sample-7").page
    page.get_by_role("button", name="Find the fewest channels that turn the 7").click()
    told = page.get_by_text(re.compile(r"^Without .*instead of 7\."))
    expect(told).to_be_visible()
    found = re.search(r"it says (\d) instead", told.inner_text())
    assert found
    page.get_by_role("button", name=re.compile("^Switch (it|these)")).click()
    expect(page).to_have_url(re.compile("off="))
    expect(page.get_by_text(re.compile(rf"^Without .* it says {found[1]} \(")).first).to_be_visible()
