"""The Photo page in a real browser: photos come in by every way; a click asks for the evidence."""

from __future__ import annotations

import base64
import csv
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from cnn.paths import ASSETS
from tests.browser.conftest import Visits, everywhere, expect_fits, expect_fits_everywhere, on_both_widths
from tests.browser.files import DAMAGED, png
from ui.resources import photos

pytestmark = pytest.mark.browser
SAMPLES = [sample.name for sample in photos.sample_photos()]
PATIENCE_MS = 60_000  # for the first evidence: TensorFlow starts, on a machine that may be busy
FILE = """
const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
const carrier = new DataTransfer();
carrier.items.add(new File([bytes], name, { type: "image/png" }));
"""
PASTE = f"""([name, data]) => {{ {FILE}
  const event = new ClipboardEvent("paste", {{ clipboardData: carrier, bubbles: true, cancelable: true }});
  document.body.dispatchEvent(event);
}}"""
DROP = f"""([name, data]) => {{ {FILE}
  const event = (kind) => new DragEvent(kind, {{ dataTransfer: carrier, bubbles: true, cancelable: true }});
  const target = document.querySelector("h1");
  const taken = !target.dispatchEvent(event("dragover"));
  target.dispatchEvent(event("drop"));
  return taken;
}}"""


def tiles(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Photos").get_by_role("radio")


def bars(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name=re.compile("^Confidence")).get_by_role("radio")


def stage(page: Page) -> Locator:
    return page.locator(".overlay .stage")


def expect_photos(page: Page, *names: str) -> None:
    """The person's own photos come first, then the samples; the first one is chosen."""
    expect(tiles(page)).to_have_count(len(names) + len(SAMPLES))
    for at, name in enumerate(names):
        expect(tiles(page).nth(at)).to_have_accessible_name(re.compile(f"^{re.escape(name)}: "))


def upload(page: Page, *files: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Upload$|^Add files$")).click()
    chooser.value.set_files(files)


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def seen(page: Page) -> str:
    return stage(page).locator(".photo").get_attribute("src") or ""


def encoded(seed: int) -> str:
    return base64.b64encode(png(seed)).decode()


@on_both_widths
def test_photos_come_in_by_every_way(visit: Visits, width: str) -> None:
    page = visit("photo", width).page
    expect_photos(page)
    sample = (ASSETS / "photos" / "cat.jpg").read_bytes()
    upload(page, payload("one.png", png(1)), payload("cat again.jpg", sample + b"\0"))
    expect_photos(page, "cat again.jpg", "one.png")
    page.evaluate(PASTE, ["image.png", encoded(2)])
    expect_photos(page, "Pasted 1.png", "cat again.jpg", "one.png")
    assert page.evaluate(DROP, ["dropped.png", encoded(3)])
    expect_photos(page, "dropped.png", "Pasted 1.png", "cat again.jpg", "one.png")
    upload(page, payload("damaged.png", DAMAGED))
    expect(page.get_by_role("alert").filter(has_text="damaged.png is damaged or cut short.")).to_have_count(1)
    expect_photos(page, "dropped.png", "Pasted 1.png", "cat again.jpg", "one.png")
    expect(tiles(page).first).to_be_checked()
    expect_fits_everywhere(page)


@everywhere
def test_a_photo_is_chosen_by_pointer_and_by_keys(visit: Visits, width: str, scheme: str) -> None:
    page = visit("photo", width, scheme).page
    first = tiles(page).first
    expect(first).to_be_checked()
    expect(stage(page).locator(".photo")).to_be_visible()
    cat = seen(page)
    tiles(page).nth(1).click()
    expect(tiles(page).nth(1)).to_be_checked()
    expect(stage(page).locator(".photo")).not_to_have_attribute("src", cat)
    expect(stage(page).locator(".photo")).to_have_attribute("alt", re.compile("Horse$"))
    expect(bars(page).first).to_have_accessible_name(re.compile("sorrel", re.IGNORECASE))
    page.keyboard.press("ArrowRight")
    expect(tiles(page).nth(2)).to_be_focused()
    expect(stage(page).locator(".photo")).to_have_attribute("alt", re.compile("Ship$"))
    page.keyboard.press("End")
    expect(page.get_by_text("this is unlike anything it learned")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(first).to_be_checked()
    expect(stage(page).locator(".photo")).to_have_attribute("src", cat)
    expect_fits_everywhere(page)


def test_a_class_has_evidence_of_its_own(visit: Visits) -> None:
    page = visit("photo").page
    caption = page.locator(".overlay .caption")
    first, second = (bars(page).nth(at) for at in (0, 1))
    expect(caption).to_contain_text(f"The evidence for {first.get_attribute('data-name')} ", timeout=PATIENCE_MS)
    heat = stage(page).locator(".heat")
    before = heat.get_attribute("src") or ""
    second.click()
    expect(second).to_be_checked()
    expect(caption).to_contain_text(f" {second.get_attribute('data-name')}", timeout=PATIENCE_MS)
    expect(heat).not_to_have_attribute("src", before)
    page.keyboard.press("ArrowUp")
    expect(first).to_be_checked()
    expect(heat).to_have_attribute("src", before)


def test_the_evidence_is_as_strong_as_one_wants(visit: Visits) -> None:
    page = visit("photo").page
    slider = page.get_by_role("slider", name="Opacity of the evidence")
    expect(slider).to_be_enabled(timeout=PATIENCE_MS)
    slider.fill("20")
    expect(stage(page)).to_have_attribute("style", re.compile(r"--opacity: ?0\.2"))
    expect(stage(page).locator(".heat")).to_have_css("opacity", "0.2")
    slider.press("Home")
    expect(stage(page).locator(".heat")).to_have_css("opacity", "0")


def test_the_answers_can_be_taken_home(visit: Visits) -> None:
    page = visit("photo").page
    expect_photos(page)
    upload(page, payload("=1+1.png", png(4)))
    expect_photos(page, "=1+1.png")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all answers (CSV)").click()
    assert download.value.suggested_filename == "answers.csv"
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines()))
    photos = ["'=1+1.png", *SAMPLES]
    assert [(row["photo"], row["rank"]) for row in rows] == [(name, str(at)) for name in photos for at in range(1, 6)]


def test_the_address_keeps_the_network(visit: Visits) -> None:
    page = visit("photo").page
    expect_photos(page)
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("option", name=re.compile(r"^LeNet-5, .*CIFAR-10")).click()
    expect(page.get_by_text("Confidence: how sure LeNet-5 is")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["network"][0].lower().find("lenet") >= 0
    page.reload()
    expect(page.get_by_text("Confidence: how sure LeNet-5 is")).to_be_visible()


def test_a_network_that_is_not_here_is_offered(visit: Visits) -> None:
    page = visit("photo", "phone").page
    expect_photos(page)
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("option", name=re.compile("MB to fetch")).first.click()
    expect(page.get_by_text("is not on this machine yet")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"^Fetch .+ \(\d+ MB\)"))).to_be_visible()
    expect_fits(page)
