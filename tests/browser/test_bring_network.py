"""A network's file in a real browser: brought, asked about, put on the shelf, looked into and taken home."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cnn.zoo import NETWORKS_FOLDER
from tests.browser.conftest import SEEN_FIRST, Visits, expect_fits_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MADE_MS = 300_000  # a bound on patience: TensorFlow starts, then seconds


def test_a_file_becomes_a_network_and_is_taken_home(visit: Visits, tmp_path: Path) -> None:
    file = tmp_path / "from_elsewhere.tflite"
    file.write_bytes((NETWORKS_FOLDER / "cifar10" / "lenet.tflite").read_bytes())
    page = visit("networks", *SEEN_FIRST).page
    page.get_by_text("Bring a network of your own, from a file").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("How does it take pictures?")).to_be_visible(timeout=MADE_MS)
    expect(page.get_by_role("radio", name=re.compile("0 to 1"))).to_be_visible()
    expect_fits_everywhere(page)
    expect(page.get_by_label("Name", exact=True)).to_have_value("from elsewhere")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_text("is on the shelf, and opens on every page")).to_be_visible(timeout=MADE_MS)
    page.get_by_text("Take it home").click()
    page.get_by_role("button", name="Make the zip").click()
    download = page.get_by_role("button", name=re.compile("^Download the zip"))
    expect(download).to_be_visible(timeout=MADE_MS)
    expect(page.get_by_text("answered 64 pictures as the pages here do").first).to_be_visible()
    with page.expect_download() as taken:
        download.click()
    with zipfile.ZipFile(taken.value.path()) as packed:
        names = {Path(name).name for name in packed.namelist()}
    assert {"run.py", "index.html", "labels.json"} <= names
    page.get_by_role("link", name=re.compile("^Its layers")).click()
    expect(page.get_by_role("combobox", name="Network")).to_have_value(re.compile("from elsewhere"))
    expect(page.locator(".units .all")).to_be_visible()
