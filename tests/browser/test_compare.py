"""The Compare page in a real browser: by mouse, finger and keys; what is asked is kept; nothing sticks out."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, everywhere, expect_fits, expect_fits_everywhere

pytestmark = pytest.mark.browser
PATIENCE_MS = 120_000  # for a whole set, or TensorFlow's start, on a machine that may be busy
TWO = "compare?networks=mnist/lenet,mnist/resnet"
DIGITS = "set=MNIST%27s+test+digits+%2810%2C000%29"


def cards(page: Page) -> Locator:
    return page.locator(".lineup").first.get_by_role("listitem")


def heads(page: Page) -> Locator:
    return page.locator(".ledger").first.get_by_role("columnheader")


def column(page: Page, at: int) -> list[str]:
    return page.locator(".ledger").first.locator(f"tbody tr > :nth-child({at + 1}) .text").all_inner_texts()


def asked(page: Page) -> None:
    """Have MNIST's test digits asked; a set that was asked in another test is there at once."""
    ask = page.get_by_role("button", name=re.compile("^Ask .+ pictures"))
    known = page.get_by_role("radiogroup", name="Look at", exact=True)
    expect(ask.or_(known).first).to_be_visible(timeout=PATIENCE_MS)
    if ask.is_visible():
        ask.click()
    expect(known).to_be_visible(timeout=PATIENCE_MS)


@everywhere
def test_five_networks_answer_and_look_side_by_side(visit: Visits, width: str, scheme: str) -> None:
    page = visit("compare", width, scheme).page
    expect(page.get_by_text("All 5 say 7")).to_be_visible(timeout=PATIENCE_MS)
    expect(cards(page)).to_have_count(5)
    for at in range(5):
        expect(cards(page).nth(at).locator(".heat")).to_be_visible(timeout=PATIENCE_MS)
        expect(cards(page).nth(at).locator(".caption")).to_contain_text("The evidence for 7 lies")
    slider = page.get_by_role("slider", name="Opacity of the evidence").first
    slider.press("Home")
    expect(cards(page).first.locator(".heat")).to_have_css("opacity", "0")
    expect_fits_everywhere(page)


def test_another_input_is_answered_by_keys(visit: Visits) -> None:
    page = visit(TWO).page
    seven = page.get_by_role("radio", name="Sample 7")
    expect(seven).to_be_checked(timeout=PATIENCE_MS)
    seven.press("ArrowRight")
    expect(page.get_by_text("Both say 8")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Both say 8")).to_be_visible()


def test_the_table_sorts_by_mouse_and_by_keys(visit: Visits) -> None:
    page = visit("compare").page
    parameters = heads(page).nth(2).get_by_role("button")
    expect(parameters).to_have_accessible_name("Parameters", timeout=PATIENCE_MS)
    parameters.click()
    expect(heads(page).nth(2)).to_have_attribute("aria-sort", "ascending")
    numbers = [int(text.replace(",", "")) for text in column(page, 2)]
    assert numbers == sorted(numbers)
    parameters.press("Enter")
    expect(heads(page).nth(2)).to_have_attribute("aria-sort", "descending")
    assert [int(text.replace(",", "")) for text in column(page, 2)] == numbers[::-1]
    accuracy = heads(page).nth(1).get_by_role("button")
    accuracy.press("Space")
    expect(heads(page).nth(1)).to_have_attribute("aria-sort", "descending")
    assert page.locator(".ledger").first.evaluate("one => one.scrollWidth <= one.clientWidth"), "nothing is cut off"


def test_what_is_measured_comes_into_the_table_and_leaves_as_csv(visit: Visits) -> None:
    page = visit(TWO).page
    times = page.locator(".ledger").first.locator("tbody tr > :nth-child(7) .text")
    expect(times.first).to_have_text(re.compile(r"^[\d.]+ ms$"), timeout=PATIENCE_MS)
    expect(times.last).to_have_text(re.compile(r"^[\d.]+ ms$"), timeout=PATIENCE_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this table (CSV)").click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines()))
    assert [row["Network"] for row in rows] == ["LeNet-5", "ResNet-20"]
    assert all(float(row["One answer"]) > 0 for row in rows)


def test_the_chart_keeps_its_cost_in_the_address(visit: Visits) -> None:
    page = visit(TWO).page
    chart = page.locator(".plot .field").first
    expect(chart).to_have_accessible_name("Parameters and accuracy", timeout=PATIENCE_MS)
    page.get_by_role("radio", name="Size on disk").click()
    expect(chart).to_have_accessible_name("Size on disk and accuracy")
    expect(page).to_have_url(re.compile("cost=Size"))
    page.reload()
    expect(chart).to_have_accessible_name(re.compile("^Size on disk"))


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_chart_is_read_by_keys_by_pointer_and_as_a_table(visit: Visits, width: str) -> None:
    page = visit(TWO, width).page
    plot = page.locator(".plot").first
    field, readout = plot.locator(".field"), plot.locator(".readout")
    expect(plot.locator(".spoken")).to_have_text(re.compile("^LeNet-5: 99.39 %, Parameters 61.7 k; ResNet-20: .*[.]$"))
    expect(readout).to_be_empty()  # nobody asked yet
    field.focus()
    expect(readout).to_have_text("LeNet-5: 99.39 %, Parameters 61.7 k")
    page.keyboard.press("ArrowRight")
    expect(readout).to_have_text(re.compile("^ResNet-20: "))
    expect(field).to_have_attribute("aria-valuetext", re.compile("^ResNet-20: "))
    expect(plot.locator(".mark.read .name")).to_have_text("ResNet-20")
    dot = plot.locator(".dot").last  # the lower one
    dot.tap(force=True) if width == "phone" else dot.hover(force=True)
    expect(readout).to_have_text(re.compile("^LeNet-5: "))
    plot.get_by_text("As a table").click()
    expect(plot.get_by_role("row").nth(1)).to_have_text("LeNet-561.7 k99.39 %")


def test_a_round_survives_leaving_and_a_reload(visit: Visits) -> None:
    page = visit(f"{TWO}&{DIGITS}").page
    asked(page)
    expect(page.get_by_text(re.compile("^They part on"))).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("^They part on"))).to_be_visible()
    other = visit(f"{TWO}&{DIGITS}", "phone").page
    expect(other.get_by_text(re.compile("^They part on"))).to_be_visible(timeout=PATIENCE_MS)
    expect_fits(other)


def test_a_picture_on_which_they_part_is_looked_into(visit: Visits) -> None:
    page = visit(f"{TWO}&{DIGITS}").page
    asked(page)
    wall = page.get_by_role("radiogroup", name="Pictures on which the networks part")
    first, second = wall.get_by_role("radio").nth(0), wall.get_by_role("radio").nth(1)
    first.click()
    expect(page.locator(".lineup")).to_have_count(2)
    below = page.locator(".lineup").last.locator(".photo").first
    expect(below).to_be_visible()
    shown = below.get_attribute("src") or ""
    page.keyboard.press("ArrowRight")
    expect(second).to_be_checked()
    expect(second).to_be_focused()
    expect(below).not_to_have_attribute("src", shown)


@everywhere
def test_a_cell_of_what_is_confused_is_chosen_by_mouse_and_keys(visit: Visits, width: str, scheme: str) -> None:
    page = visit(f"{TWO}&{DIGITS}&view=Confusion+matrix", width, scheme).page
    asked(page)
    grid = page.get_by_role("grid", name="What LeNet-5 confuses")
    cell = grid.get_by_role("gridcell", name=re.compile("^shows 3, answered 3:"))
    cell.click()
    expect(cell).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text(re.compile("^Shows 3, answered 3:"))).to_be_visible()
    cell.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Shows 4, answered 4:"))).to_be_visible()
    expect_fits_everywhere(page)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("Accuracy by class", "wrong of 1,135"),
        ("Surest mistakes", "those it is most sure of"),
        ("Calibration", "Bars on the dashed line keep what they promise"),
        ("Which is better", "McNemar's test"),
    ],
)
def test_every_closer_look_fits_a_phone(visit: Visits, view: str, words: str) -> None:
    page = visit(f"{TWO}&{DIGITS}", "phone").page
    asked(page)
    page.get_by_role("radio", name=view).click()
    expect(page.get_by_text(words).first).to_be_visible()
    expect(page).to_have_url(re.compile(f"view={view.split(maxsplit=1)[0]}"))
    expect_fits(page)


def test_a_round_can_be_cancelled(visit: Visits) -> None:
    page = visit("compare?networks=mnist/alexnet,mnist/vgg,mnist/inception").page
    page.get_by_role("button", name=re.compile("^Ask 3 networks .+ pictures")).click(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Stop").click(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name=re.compile("^Ask .+ pictures"))).to_be_visible(timeout=PATIENCE_MS)
