"""The Draw page in a real browser: drawn by mouse, finger and keyboard, read by all five."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SEEN_FIRST, Visits, everywhere, expect_fits_everywhere
from tests.browser.digits import DIGITS, Point, arrows

pytestmark = pytest.mark.browser
WIDTH, HEIGHT, STEP = 480, 360, 12  # of the canvas, in its units; STEP: one press of an arrow key
MIDDLE = (20, 15)  # where the keyboard's pen begins, in steps
SOME = (2, 4, 7)  # of one stroke, of two, of straight lines; all ten in `make test-all`, and all ten samples below
FIVE = ("lenet", "alexnet", "vgg", "inception", "resnet")


def surface(page: Page) -> Locator:
    return page.get_by_role("application", name="Drawing canvas")


def place(page: Page, point: Point) -> Point:
    box = surface(page).bounding_box()
    assert box is not None
    return box["x"] + point[0] / WIDTH * box["width"], box["y"] + point[1] / HEIGHT * box["height"]


def by_mouse(page: Page, label: int, shift: float = 0, size: float = 1) -> None:
    for stroke in DIGITS[label]:
        points = [place(page, (x * size + shift, y * size)) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def by_keyboard(page: Page, label: int, at: tuple[int, int]) -> tuple[int, int]:
    """Draw from where the pen is, `at`, in steps; tell where it ends."""
    surface(page).focus()
    for stroke in DIGITS[label]:
        grid = [(round(x / STEP), round(y / STEP)) for x, y in stroke]
        for key in arrows(at, grid[0]):
            page.keyboard.press(key)
        page.keyboard.press("Space")
        for start, end in itertools.pairwise(grid):
            for key in arrows(start, end):
                page.keyboard.press(key)
        page.keyboard.press("Escape")
        at = grid[-1]
    return at


def expect_reading(page: Page, text: str, networks: tuple[str, ...] = FIVE) -> None:
    for name in networks:
        expect(page.locator(f'[data-network="mnist/{name}"]')).to_have_attribute("data-reading", text)


def clear(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    expect_reading(page, "")


@everywhere
def test_digits_by_mouse(visit: Visits, width: str, scheme: str) -> None:
    page = visit("draw", width, scheme).page
    for label in SOME if (width, scheme) == SEEN_FIRST else DIGITS:
        by_mouse(page, label)
        expect_reading(page, str(label))
        clear(page)
    expect_fits_everywhere(page)


@everywhere
def test_digits_by_keyboard(visit: Visits, width: str, scheme: str) -> None:
    page = visit("draw", width, scheme).page
    at = MIDDLE
    for label in SOME if (width, scheme) == SEEN_FIRST else DIGITS:
        at = by_keyboard(page, label, at)
        expect_reading(page, str(label))
        page.keyboard.press("Delete")
        expect_reading(page, "")


def test_a_finger_draws(visit: Visits) -> None:
    page = visit("draw", "phone").page
    expect_reading(page, "")
    session = page.context.new_cdp_session(page)
    for stroke in DIGITS[7]:
        for i, point in enumerate(stroke):
            x, y = place(page, point)
            kind = "touchMove" if i else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_reading(page, "7")


def test_several_digits_are_read_from_left_to_right(visit: Visits) -> None:
    page = visit("draw").page
    for label, shift in ((4, 10), (0, 150), (7, 300)):
        by_mouse(page, label, shift - 60, 0.55)
    expect_reading(page, "407")
    page.get_by_text("3: 7", exact=True).click()
    expect(page.get_by_test_id("verdict")).to_contain_text("7")


def test_undo_redo_and_clear(visit: Visits) -> None:
    page = visit("draw").page
    by_mouse(page, 1)
    expect_reading(page, "1")
    page.get_by_role("button", name="Undo").click()
    expect_reading(page, "")
    page.get_by_role("button", name="Redo").click()
    expect_reading(page, "1")
    clear(page)
    expect(page.get_by_text("Draw a digit here")).to_be_visible()
    expect(page.get_by_role("button", name="Clear")).to_be_disabled()


def test_each_sample_is_read_right(visit: Visits) -> None:
    page = visit("draw").page
    for label in range(10):
        page.get_by_role("button", name=f"Sample {label}", exact=True).click()
        expect_reading(page, str(label))


def test_the_drawing_survives_a_change_of_page(visit: Visits) -> None:
    page = visit("draw").page
    by_mouse(page, 3)
    expect_reading(page, "3")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ConvScope")
    page.locator("[data-testid=stMain]").get_by_role("link", name="Draw a digit").click()
    expect_reading(page, "3")
    expect(page.locator(".ink path").first).to_be_visible()


def test_the_address_names_the_architecture(visit: Visits) -> None:
    page = visit("draw?architecture=inception").page
    expect(page.get_by_role("radio", name=re.compile("^Inception"))).to_have_attribute("aria-checked", "true")
    by_mouse(page, 2)
    expect_reading(page, "2")
    assert "architecture=inception" in page.url
    page.get_by_role("radio", name=re.compile("^LeNet-5")).click()
    expect(page).to_have_url(re.compile("architecture=lenet"))
    expect(page.get_by_test_id("verdict")).to_contain_text("LeNet-5 reads 2")
    page.reload()
    expect(page.get_by_role("radio", name=re.compile("^LeNet-5"))).to_have_attribute("aria-checked", "true")


def test_a_bogus_architecture_is_ignored(visit: Visits) -> None:
    page = visit("draw?architecture=%3Cscript%3E").page
    expect(page.get_by_role("radio", name=re.compile("^ResNet-20"))).to_have_attribute("aria-checked", "true")


def test_the_xray_shows_what_breaks(visit: Visits) -> None:
    page = visit("draw").page
    page.get_by_role("button", name="Sample 7", exact=True).click()
    expect_reading(page, "7")
    seen = page.get_by_role("group", name="What the network sees").get_by_role("img")
    before = seen.get_attribute("src")
    page.get_by_role("switch", name="Crop").click()
    expect(seen).not_to_have_attribute("src", before or "")
    expect(page.get_by_role("img", name="Crop: the ink without this step")).to_be_visible()
    page.get_by_role("button", name="Switch all on").click()
    expect(seen).to_have_attribute("src", before or "")


def test_the_answer_is_announced(visit: Visits) -> None:
    page = visit("draw").page
    by_mouse(page, 1)
    expect(page.get_by_role("status", name="Answer")).to_contain_text("All 5 say 1")


def test_taps_are_told_as_such_inside_the_canvas(visit: Visits) -> None:
    page = visit("draw").page
    larger = surface(page).locator("..").get_by_text("Larger, please")
    for point in ((100, 100), (380, 260), (240, 60)):
        page.mouse.click(*place(page, point))
        expect(larger).to_be_visible()
        expect_reading(page, "")
    box, paper = larger.bounding_box(), surface(page).bounding_box()
    assert box and paper and paper["y"] < box["y"] and box["y"] + box["height"] < paper["y"] + paper["height"]
    by_mouse(page, 7)
    expect_reading(page, "7")
    expect(larger).to_have_count(0)
    for _ in range(4 + len(DIGITS[7]) - 1):
        page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Draw a digit here")).to_be_visible()


def test_a_scribble_is_no_digit(visit: Visits) -> None:
    page = visit("draw").page
    corners = [place(page, (100 + 280 * (i % 2), 60 + 20 * i)) for i in range(13)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=3)
    page.mouse.up()
    unknown = page.locator('[data-network^="mnist/"][data-known="false"]')
    expect(unknown).not_to_have_count(0)


def test_the_pen_is_as_wide_as_chosen(visit: Visits) -> None:
    page = visit("draw").page
    page.get_by_label("Pen width").fill("40")
    by_mouse(page, 1)
    expect_reading(page, "1")
    expect(page.locator(".surface .ink")).to_have_css("stroke-width", re.compile("^40"))


def test_the_text_links_to_each_step(visit: Visits) -> None:
    page = visit("draw").page
    expect(page.get_by_role("group", name="What the network sees")).to_be_visible()  # else the page still grows
    for anchor in ("smooth", "crop", "box", "pen", "centre"):
        page.locator(f'a[href="#{anchor}"]').first.press("Enter")
        expect(page.locator(f"#{anchor}")).to_be_in_viewport()


def test_fooling_them_is_a_game_with_points(visit: Visits) -> None:
    page = visit("draw").page
    game = page.locator(".st-key-fool")
    expect(game).to_contain_text("Draw a digit that they read differently.")
    by_mouse(page, 1)
    expect(game).to_contain_text(re.compile(r"Fool them: \d+ of 100\."))
