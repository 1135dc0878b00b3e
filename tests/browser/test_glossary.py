"""A term's dotted underline leads to its line on the Help page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser


def test_a_term_leads_to_its_line(visit: Visits) -> None:
    page = visit("evidence?network=mnist/lenet&input=sample-7").page
    term = page.get_by_role("link", name="sanity check", exact=True)
    expect(term).to_have_css("text-decoration-style", "dotted")
    with page.context.expect_page() as opened:
        term.click()
    expect(opened.value.get_by_role("heading", name="sanity check", exact=True)).to_be_in_viewport()
    opened.value.close()
