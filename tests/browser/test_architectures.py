"""The Architectures page in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn.case_studies import residual_runs
from tests.browser.conftest import Visits, everywhere, expect_fits_everywhere, on_both_widths

pytestmark = pytest.mark.browser


def line(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Architectures, by year").get_by_role("radio")


def rows(page: Page, which: int) -> Locator:
    return page.locator(".diagram").nth(which).locator(".part")


@everywhere
def test_a_click_tells_another_story(visit: Visits, width: str, scheme: str) -> None:
    page = visit("architectures", width, scheme).page
    expect(line(page)).to_have_count(5)
    expect(page.get_by_role("heading", name="LeNet-5, 1998")).to_be_visible()
    expect(rows(page, 0)).to_have_count(8)
    for flag in page.locator(".eras .flag").all():
        expect(flag).to_have_js_property("complete", True)
        assert flag.evaluate("image => image.naturalWidth") > 0
    line(page).nth(4).click()
    expect(page.get_by_role("heading", name="ResNet, 2015")).to_be_visible()
    expect(rows(page, 0).filter(has_text="the input")).to_have_count(4)
    expect(rows(page, 1).filter(has_text="the input")).to_have_count(3)
    expect(page).to_have_url(re.compile("architecture=resnet"))
    expect_fits_everywhere(page)


def test_the_chosen_one_keeps_its_border_under_the_pointer(visit: Visits) -> None:
    page = visit("architectures").page
    border = "node => getComputedStyle(node).borderTopColor"
    chosen, other = (line(page).nth(at) for at in (0, 1))
    before, idle = chosen.evaluate(border), other.evaluate(border)
    chosen.hover()
    assert chosen.evaluate(border) == before
    other.hover()
    assert other.evaluate(border) not in (before, idle)


def test_the_keyboard_walks_the_line(visit: Visits) -> None:
    page = visit("architectures?architecture=alexnet").page
    expect(line(page).nth(1)).to_be_checked()
    line(page).nth(1).focus()
    page.keyboard.press("ArrowRight")
    expect(line(page).nth(2)).to_be_focused()
    expect(page.get_by_role("heading", name="VGG-16, 2014")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("heading", name="ResNet, 2015")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="LeNet-5, 1998")).to_be_visible()
    expect(line(page).nth(0)).to_be_focused()
    expect(line(page).nth(0)).to_have_accessible_name("1998, LeNet-5, United States: LeCun and others")


@pytest.mark.parametrize(
    ("door", "title", "address"),
    [
        ("Let it read a digit of yours", "Draw a digit", "architecture=vgg"),
        ("Look inside", "Layers: what each one finds", "network=mnist(/|%2F)vgg"),
        ("Compare it with the others", "Compare networks", "/compare"),
    ],
)
def test_it_leads_on_with_the_same_choice(visit: Visits, door: str, title: str, address: str) -> None:
    page = visit("architectures?architecture=vgg").page
    page.get_by_role("link", name=door).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page).to_have_url(re.compile(address))


def test_curves_are_read_by_keyboard_by_pointer_and_as_a_table(visit: Visits) -> None:
    page = visit("architectures").page
    chart = page.locator(".plot").first
    plot = chart.get_by_role("slider")
    expect(plot).to_have_attribute("aria-valuetext", re.compile("^block 0[.] without shortcuts: .*; with shortcuts: "))
    plot.focus()
    page.keyboard.press("End")
    expect(plot).to_have_attribute("aria-valuetext", "block 27. without shortcuts: 1; with shortcuts: 1")
    page.keyboard.press("ArrowLeft")
    expect(chart.locator(".readout")).to_have_text(re.compile("^block 26[.]"))
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + 53, box["y"] + 60)
    expect(chart.locator(".readout")).to_have_text(re.compile("^block 0[.]"))
    chart.get_by_text("As a table").click()
    expect(chart.get_by_role("row")).to_have_count(16)
    expect(chart.get_by_role("row").last).to_have_text(re.compile("^27"))


def test_a_curve_that_ended_earlier_says_where(visit: Visits) -> None:
    found = residual_runs.read_residual_runs()
    assert found, "the lesson is shipped"
    steps = [int(one.steps[-1]) for one in found.values()]
    page = visit("architectures").page
    plot = page.locator(".plot").filter(has_text="Loss while it learns").get_by_role("slider")
    plot.focus()
    page.keyboard.press("End")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^step {max(steps):,}[.] .* \\(at {min(steps):,}\\)"))
    page.keyboard.press("Home")
    expect(plot).to_have_attribute("aria-valuetext", re.compile("^step [0-9]+[.] [^(]*$"))


@on_both_widths
def test_a_moved_slider_draws_anew(visit: Visits, width: str) -> None:
    page = visit("architectures#residual", width).page
    chart = page.locator(".plot").first
    expect(chart.locator("path.curve")).to_have_count(2)
    before = chart.locator("path.curve").first.get_attribute("d")
    page.get_by_role("slider", name="Blocks of two layers").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("through 2 layers")).to_be_visible()
    expect(chart.locator("path.curve").first).not_to_have_attribute("d", before or "")
    expect_fits_everywhere(page)
