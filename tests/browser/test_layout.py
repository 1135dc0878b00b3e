"""Nothing jumps while a page comes up, its point stands above the fold, and all is read and hit: laptop and phone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS, SCHEMES, Scheme

pytestmark = pytest.mark.browser
MOST_SHIFT: Final = 0.1  # "good" as Web Vitals has it, https://web.dev/articles/cls
LAPTOP, PHONE = (1366, 768), (390, 844)  # px
COUNT: Final = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
FLAWS: Final = (Path(__file__).parent / "contrast.js").read_text("utf-8").partition("\n")[2]
POINTS: Final = {  # a page -> what one came for
    "": ".surface",
    "draw": ".st-key-answers [data-network]:nth-child(5)",
    "photo": ".st-key-photo-answer [role=radio]",
    "video": "[class*=st-key-video-][class*='-24'] .lane",
    "layers": ".st-key-layers-overview svg",
    "arithmetic": ".st-key-arithmetic .link[data-name=computed]",
    "evidence": ".st-key-evidence-seen .overlay",
    "lesion": ".st-key-lesion-switches [role]",
    "compare": ".st-key-compare-lineup [data-network] .track",
    "robustness": ".st-key-robust-lineup [data-network]:nth-child(5) .track",
    "architectures": ".st-key-eras [role]",
    "train": "[data-testid=stBaseButton-primary]",
    "teach": "[data-testid=stBaseButton-primary]",
    "backpropagation": "[class*=st-key-backpropagation-label]",
    "networks": "[data-testid=stAlert]",
    "class": "[data-testid=stTextInput]",
    "help": "[data-testid=stExpander]",
}


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_nothing_jumps_the_point_is_in_sight_and_all_is_read_and_hit(
    browser: Browser, app: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE)
    _visit(context.new_page(), f"{app}/draw", POINTS["draw"])  # a browser's first visit fetches Streamlit's scripts
    found = {page: _visit(context.new_page(), f"{app}/{page}", point) for page, point in POINTS.items()}
    context.close()
    assert {page: one.shift for page, one in found.items() if one.shift > MOST_SHIFT} == {}
    assert {page: one.top for page, one in found.items() if one.top > size[1]} == {}
    assert {page: one.flaws for page, one in found.items() if one.flaws} == {}


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a page: how much it jumped, where its point begins in px, what is hard to read or to hit."""

    shift: float
    top: float
    flaws: tuple[object, ...]


def _visit(page: Page, url: str, point: str) -> Look:
    page.add_init_script(f"({COUNT})()")
    page.goto(url)
    wanted = page.locator(point).first
    expect(wanted).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE_MS)
    box, shift = wanted.bounding_box(), page.evaluate("window.shift")
    flaws = [(scheme, *flaw) for scheme in SCHEMES for flaw in _flaws(page, scheme, wanted)]
    page.close()
    assert box is not None
    return Look(shift, box["y"], tuple(flaws))


def _flaws(page: Page, scheme: Scheme, wanted: Locator) -> list[list[str]]:
    """Look in a scheme; where something is amiss, once more as a page that comes up in it."""
    page.emulate_media(color_scheme=scheme)
    if not any(page.evaluate(FLAWS).values()):
        return []
    page.reload()
    expect(wanted).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE_MS)
    return list(chain(*page.evaluate(FLAWS).values()))
