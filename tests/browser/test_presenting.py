"""The show in a real browser: no bar, larger type, scenes by keys; a page's own keys stay its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HEIGHT, WIDTHS, Visits
from ui.classroom.scenes import SHIPPED

pytestmark = pytest.mark.browser


def at(page: Page, number: int) -> None:
    expect(page.locator(".scenes .at")).to_have_text(f"{number} / {len(SHIPPED)}")


def test_keys_walk_the_scenes_that_ship(visit: Visits) -> None:
    page = visit("?present=1").page
    at(page, 1)
    expect(page.get_by_role("link", name="Home")).to_be_hidden()
    for width in (WIDTHS["desktop"], 1920):  # px; the type of all large screens is larger, the show's is larger still
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 20
    for number, scene in enumerate(SHIPPED[1:3], 2):
        page.keyboard.press("PageDown" if number == 2 else "ArrowRight")
        at(page, number)
        expect(page).to_have_url(re.compile(f"/{scene.page}\\?"))
        for name, value in scene.query.items():
            expect(page).to_have_url(re.compile(f"[?&]{name}={value}".replace("/", "(/|%2F)")))
    page.locator(".units .all .field").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".units .said")).to_contain_text("Channel 3 ")
    at(page, 3)
    page.get_by_role("button", name="Previous scene").click()
    at(page, 2)
    page.get_by_role("button", name="End").click()
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    expect(page).not_to_have_url(re.compile("present"))


def test_a_teachers_own_scenes_are_a_link(visit: Visits) -> None:
    page = visit("class").page
    lines = page.get_by_label("Scenes, a line each")
    lines.fill("/help\nhttp://10.0.0.7:8501/draw?architecture=vgg&teacher=secret")
    lines.press("Control+Enter")
    expect(page.get_by_text("Show these 2 scenes")).to_be_visible()
    link = str(page.locator("[data-testid=stCode] code").text_content())
    assert "secret" not in link
    assert link.startswith(page.url.partition("/class")[0])
    other = visit(link.partition("/help")[1].lstrip("/") + link.partition("/help")[2]).page
    expect(other.locator(".scenes .at")).to_have_text("1 / 2")
    other.keyboard.press("ArrowRight")
    expect(other).to_have_url(re.compile("/draw.*architecture=vgg"))
