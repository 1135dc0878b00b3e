"""The Teach page in a real browser: a folder is dropped, the page reloaded in the middle, and a network comes of it.

Before that it answers a picture and the camera, live.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import SEEN_FIRST, Visits, expect_fits_everywhere

pytestmark = pytest.mark.browser
MADE_MS = 300_000  # a bound on patience: TensorFlow starts, then seconds
COLOURS = {"red": (200, 40, 40), "blue": (40, 40, 200)}
PICTURES = 40


def photos(folder: Path) -> Path:
    """Write a folder with a folder of pictures for each class, one of them damaged."""
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for i in range(PICTURES):
            content = io.BytesIO()
            pixels = np.clip(np.array(colour) + rng.normal(0, 40, (32, 32, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(content, "PNG")
            (folder / name / f"{i:02}.png").write_bytes(content.getvalue())
    (folder / "red" / "broken.png").write_bytes(b"no picture")
    return folder


def test_a_folder_is_taught_over_a_reload_and_becomes_a_network(visit: Visits, tmp_path: Path) -> None:
    page = visit("teach?trunk=cifar10/lenet", *SEEN_FIRST).page
    expect(page.get_by_text("Begin here")).to_be_visible()
    expect_fits_everywhere(page)
    page.locator("input[type=file]").first.set_input_files(photos(tmp_path / "photos"))
    expect(page.get_by_text(re.compile(r"Looking at 81|of 80 right"))).to_be_visible()
    with page.expect_websocket() as server:
        page.reload()
    expect(page.get_by_text(re.compile("80 of 80 right"))).to_be_visible(timeout=MADE_MS)
    expect(page.get_by_text("Left out: 1 file")).to_be_visible()
    expect_fits_everywhere(page)
    drag_a_picture(page)
    ask(page, tmp_path / "photos" / "blue" / "00.png")
    look_live(page, server.value)
    page.get_by_role("textbox", name="Name of the network").fill("Red or blue")
    page.get_by_role("button", name="Make it a network", exact=True).click()
    expect(page.get_by_text("is on your shelf")).to_be_visible(timeout=MADE_MS)
    page.get_by_role("link", name=re.compile("^Photo")).last.click()
    expect(page.get_by_role("combobox", name="Network")).to_have_value(re.compile("Red or blue, yours"))
    expect(page.get_by_text(re.compile("^(red|blue)$")).first).to_be_visible()


def ask(page: Page, photo: Path) -> None:
    """Ask about a photo before there is a network."""
    asked = page.get_by_test_id("stFileUploader").filter(has_text="A picture that it has not seen")
    asked.locator("input").set_input_files(photo)
    expect(page.get_by_role("radio", name=re.compile("blue")).first).to_be_visible()


def drag_a_picture(page: Page) -> None:
    """Drag one onto another class, and have the next one follow with the keyboard; the box stays open for more."""
    page.get_by_text(re.compile(r"^red: 40 pictures")).click()
    picture = page.get_by_role("radiogroup", name="Pictures of red").get_by_role("radio").first
    picture.hover()
    page.mouse.down()
    page.get_by_text(re.compile("^blue: 40")).hover()
    page.mouse.up()
    expect(page.get_by_text(re.compile("^blue: 41 pictures"))).to_be_visible()
    page.get_by_role("group", name="Move the chosen picture to").get_by_role("button", name="blue").press("Enter")
    expect(page.get_by_text(re.compile("^blue: 42 pictures"))).to_be_visible()


def look_live(page: Page, server: WebSocket) -> None:
    """Have the camera answered: refused first, then one picture after the other, until the tab is hidden."""
    start = page.get_by_role("button", name="Start the live camera")
    start.click()
    expect(page.get_by_text("The camera was refused")).to_be_visible()
    page.context.grant_permissions(["camera"])
    start.click()
    expect(page.locator(".camera .classes li")).to_have_count(len(COLOURS))
    for _ in range(2):
        server.wait_for_event("framesent", lambda sent: b'"picture"' in sent)
    page.locator(".camera video").evaluate("video => { window.track = video.srcObject.getTracks()[0] }")
    assert page.evaluate("window.track.readyState") == "live"
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(start).to_be_visible()
    assert page.evaluate("window.track.readyState") == "ended"
    page.evaluate("delete document.hidden")
