"""The axes of a plot as the browser works them out, without the app: where they begin and end, their ticks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ui.components.plot import plot
from ui.components.register import SHARED_FOLDER

pytestmark = pytest.mark.browser
MOST = 7
SOURCES = (SHARED_FOLDER / "numbers.js", SHARED_FOLDER.parent / "plot" / "axes.js")

WORK = """given => {
  const { marks, say, share } = axis(...given);
  return { ticks: marks.map(say), places: marks.map(share), values: given[1].map(share) };
}"""


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(content="\n".join(source.read_text("utf-8") for source in SOURCES))
    yield page
    page.close()


def axis(page: Page, fit: str, values: Sequence[float], form: str = "number", most: int = MOST) -> dict[str, Any]:
    """Work an axis out; `ticks` are in words, `places` where they lie, `values` where the given ones do."""
    given = {"label": "", "fit": fit, "form": form, "ticks": []}
    return dict(page.evaluate(WORK, [given, list(values), most]))


@pytest.mark.parametrize("values", [(0.9933, 0.9976), (0.1, 0.9), (5.0, 5.0), (-3.0, 40.0), (0.0, 1e-7)])
def test_an_even_axis_has_room_around_its_values_and_a_few_round_ticks(blank: Page, values: tuple[float, ...]) -> None:
    found = axis(blank, "room", values)
    assert all(0 < place < 1 for place in found["values"])
    assert 2 <= len(found["ticks"]) <= MOST
    assert all(0 <= place <= 1 for place in found["places"])


@pytest.mark.parametrize("values", [(61_706.0, 585_514.0), (0.02, 25.0), (7.0, 7.0), (1e6, 1.4e8)])
def test_an_axis_of_ratios_runs_from_tick_to_tick(blank: Page, values: tuple[float, ...]) -> None:
    found = axis(blank, "ratios", values)
    assert all(0 < place < 1 for place in found["values"])
    assert 2 <= len(found["ticks"]) <= MOST
    assert found["places"][0] == 0


@pytest.mark.parametrize(
    ("fit", "form", "values", "ticks"),
    [
        ("ends", "number", (0, 27), ["0", "5", "10", "15", "20", "25"]),
        ("zero", "number", (0.4, 2.3), ["0", "0.5", "1", "1.5", "2"]),
        ("zero", "number", (-1, 1), ["-1", "-0.5", "0", "0.5", "1"]),
        ("share", "percent", (0.3, 0.4), ["0 %", "20.0 %", "40.0 %", "60.0 %", "80.0 %", "100 %"]),
        ("powers", "number", (2e-9, 30.0), ["10⁻⁹", "10⁻⁷", "10⁻⁵", "0.001", "0.1", "10"]),
        ("powers", "number", (0.5, 0.7), ["0.1", "1"]),
        ("ratios", "amount", (61_706, 585_514), ["50 k", "100 k", "200 k", "500 k", "1 M"]),
        ("room", "points", (0.9933, 0.9976), ["99.4", "99.5", "99.6", "99.7"]),
    ],
)
def test_ticks_in_words(blank: Page, fit: str, form: str, values: Sequence[float], ticks: list[str]) -> None:
    assert axis(blank, fit, values, form, most=6)["ticks"] == ticks


def test_equal_ratios_are_equal_ways(blank: Page) -> None:
    assert axis(blank, "powers", (1, 10, 100))["values"] == pytest.approx([0, 0.5, 1])


def test_every_form_and_fit_that_python_names_is_there(blank: Page) -> None:
    fits, forms = (list(one.__args__) for one in (plot.AxisFit, plot.NumberForm))
    assert blank.evaluate("Object.keys(FITS).sort()") == sorted(fits)
    assert blank.evaluate("Object.keys(FORMS).sort()") == sorted(forms)
