"""Nothing jumps while a page comes up, and its point stands above the fold, on a laptop and on a phone."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser
MOST_SHIFT: Final = 0.1  # "good" as Web Vitals has it, https://web.dev/articles/cls
LAPTOP, PHONE = (1366, 768), (390, 844)  # px
COUNT: Final = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
POINTS: Final = {  # a page -> what one came for
    "draw": ".surface",
    "layers": ".st-key-layers-overview svg",
    "arithmetic": ".st-key-arithmetic .total, .st-key-arithmetic canvas",
    "evidence": "[class*=st-key-evidence-bars] [role=radio]",
    "lesion": ".st-key-lesion-switches [role]",
    "robustness": ".st-key-robust-lineup [data-network]",
}


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_nothing_jumps_and_the_point_is_in_sight(browser: Browser, app: str, size: tuple[int, int]) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    _visit(context.new_page(), f"{app}/draw", POINTS["draw"])  # a browser's first visit fetches Streamlit's scripts
    found = {page: _visit(context.new_page(), f"{app}/{page}", point) for page, point in POINTS.items()}
    context.close()
    assert {page: shift for page, (shift, _) in found.items() if shift > MOST_SHIFT} == {}
    assert {page: top for page, (_, top) in found.items() if top > size[1]} == {}


def _visit(page: Page, url: str, point: str) -> tuple[float, float]:
    """Open a page; tell how much it jumped, and where its point begins, in px."""
    page.add_init_script(f"({COUNT})()")
    page.goto(url)
    wanted = page.locator(point).first
    expect(wanted).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE_MS)
    box = wanted.bounding_box()
    shift = page.evaluate("window.shift")
    page.close()
    assert box is not None
    return shift, box["y"]
