"""A class in a real browser: a teacher and three phones; one reloads, one comes late, one mistypes the code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits, expect_fits, expect_fits_everywhere

pytestmark = pytest.mark.browser


def test_a_teacher_and_three_phones(visit: Visits) -> None:
    board = visit("class?network=mnist/lenet&input=sample-3").page
    board.get_by_role("button", name="Open a room").click()
    letters = board.locator(".st-key-room-code p")
    expect(letters).to_have_text(re.compile(r"^([A-Z] ){3}[A-Z]$"))
    code = str(letters.text_content()).replace(" ", "")

    first, second = (visit(f"class?room={one}", "phone", "dark").page for one in (code, code.lower()))
    expect(first.get_by_text(f"You are in room {code}.")).to_be_visible()
    expect(second.get_by_text(f"You are in room {code}.")).to_be_visible()
    expect(board.get_by_text("2 phones are here")).to_be_visible()
    late = visit("class", "phone").page
    join(late, "AAAA")
    expect(late.get_by_text("Compare the 4 letters")).to_be_visible()
    expect_fits(late)

    board.get_by_role("button", name="Ask the class").click()
    for phone in (first, second):
        expect(phone.get_by_text("What does LeNet-5 say this is?")).to_be_visible()
        expect(phone.get_by_text(re.compile("says 3|Sample 3"))).to_have_count(0)
    option(first, "3").click()
    option(second, "8").click()
    expect(second.get_by_text("You said 8")).to_be_visible()
    option(second, "9").click()
    expect(board.get_by_text("2 answered")).to_be_visible()
    second.reload()
    expect(second.get_by_text("You said 9")).to_be_visible()
    expect_fits_everywhere(first)

    board.get_by_role("button", name="Reveal the answer").click()
    expect(first.get_by_text("You said 3: so it is.")).to_be_visible()
    expect(second.get_by_text("You said 9; it is 3.")).to_be_visible()
    expect(board.get_by_text("the class: 2 answered")).to_be_visible()
    expect(board.get_by_text(re.compile("^1, "))).to_have_count(2)
    expect_fits_everywhere(board)
    join(late, f"{code[:2]} {code[2:]}")
    expect(late.get_by_text("This answer was shown before you chose one.")).to_be_visible()
    first.get_by_role("link", name="Look into it yourself").click()
    expect(first.get_by_role("heading", level=1)).to_have_text(re.compile("^Layers"))
    expect(first).to_have_url(re.compile(r"network=mnist(/|%2F)lenet.*input=sample-3"))

    board.get_by_role("button", name="Close the room").click()
    expect(board.get_by_role("button", name="Open a room")).to_be_visible()
    expect(late.get_by_text(f"There is no room {code}.")).to_be_visible()


def join(page: Page, code: str) -> None:
    page.get_by_label("The 4 letters on the board").fill(code)
    page.get_by_role("button", name="Join").click()


def option(page: Page, name: str) -> Locator:
    return page.locator(".st-key-options").get_by_role("button", name=name, exact=True)
