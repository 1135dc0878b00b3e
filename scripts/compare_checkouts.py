"""Show what a change of the code changed for people: run two checkouts, print the lines in which they differ.

`python scripts/compare_checkouts.py BEFORE [AFTER]`: two folders, each a checkout; AFTER is this one where it is left
out. Compared are the shipped networks, the answers on every sample, the accuracies (with CONVSCOPE_DATA), and the text
of every page, as a browser shows it. Times are left out; the browser is that of the tests (CONVSCOPE_BROWSER). A change
that was to change nothing prints nothing and ends with 0.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.browser import chromium  # noqa: E402  the checkout this script stands in, wherever it is called from
from bench.server import served  # noqa: E402

UNDER_WAY = re.compile(r"Looking for the evidence|\bmeasuring\b")  # what a page says while it computes behind itself
STILL_S = 3.0  # a page that has not changed for so long has said all
PATIENCE_S = 180.0
MASKS = (  # what differs between two runs of the same code
    (re.compile(r"\b[\d.,]+ ?(ms|seconds|s|minutes|MB|GB)\b"), r"# \1"),
    (re.compile(r"data:image/[^\s\"')]+"), "data:image"),
    (re.compile(r"localhost:\d+"), "localhost"),
    (re.compile(r"/media/[0-9a-f]+"), "/media/"),
    (re.compile(r"(?<=# ms\n)[\d.]+ to [\d.]+"), "# to #"),  # where most of the measured times lie
)
TIMES = ("milliseconds", "ms", "seconds")
TEXT = """() => {
  const said = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.trim();
      if (text) said.push(text);
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (["STYLE", "SCRIPT"].includes(node.tagName)) return;
      for (const name of ["aria-label", "alt", "title", "href"]) {
        const value = node.getAttribute(name);
        if (value) said.push(`${name}: ${value}`);
      }
      if (node.shadowRoot) [...node.shadowRoot.childNodes].forEach(walk);
    }
    [...node.childNodes].forEach(walk);
  };
  walk(document.querySelector("[data-testid=stMain]") ?? document.body);
  return said.join("\\n");
}"""


def main(before: Path, after: Path = ROOT) -> int:
    """Print a unified diff of the two; 1 where there is one."""
    difference = list(difflib.unified_diff(observed(before), observed(after), "before", "after", lineterm="", n=2))
    print("\n".join(difference))
    return int(bool(difference))


def observed(folder: Path) -> list[str]:
    """Collect what people get from the checkout in `folder`, line by line."""
    return [*command_lines(folder), *page_lines(folder)]


def command_lines(folder: Path) -> Iterator[str]:
    """Run the command line over the samples that come with the app."""
    photos = sorted((folder / "assets" / "photos").glob("*.jpg"))
    samples = json.loads((folder / "assets" / "digits" / "samples.json").read_text("utf-8"))
    yield from _command(folder, "list", "--json")
    with TemporaryDirectory() as place:
        drawings = Path(place, "samples.jsonl")
        drawings.write_text("\n".join(json.dumps(sample) for sample in samples), "utf-8")
        for line in _command(folder, "predict", str(drawings), "--json"):
            yield line.replace(place, "")
    for data in ("imagenet", "cifar10"):
        yield from _command(folder, "predict", *map(str, photos), "--data", data, "--json")
    if "CONVSCOPE_DATA" in os.environ:
        yield from _command(folder, "evaluate", "--data", "mnist", "--json")


def _command(folder: Path, *arguments: str) -> Iterator[str]:
    done = subprocess.run(
        [sys.executable, "-m", "cnn", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    yield f"python -m cnn {arguments[0]}: {done.returncode}"
    for line in done.stdout.splitlines():
        row = _without_times(json.loads(line))
        yield json.dumps(row).replace(str(folder), "")


def _without_times(row: Any) -> Any:
    if isinstance(row, dict):
        return {key: _without_times(value) for key, value in row.items() if key not in TIMES}
    return [_without_times(value) for value in row] if isinstance(row, list) else row


def page_lines(folder: Path) -> Iterator[str]:
    """Open every page of the app in a browser and read it."""
    pages = re.findall(r'url_path="(\w+)"', (folder / "app.py").read_text("utf-8"))
    with served(folder / "app.py", folder) as server, chromium() as browser:
        for name in ("", *pages):
            page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
            page.goto(f"{server.url}/{name}")
            yield f"page {name or 'home'}"
            yield from masked(settled(page)).splitlines()
            page.close()


def settled(page: Page) -> str:
    """Wait until nothing runs and the text has stopped changing; return it."""
    started = changed = perf_counter()
    text = ""
    while perf_counter() - started < PATIENCE_S:
        now = str(page.evaluate(TEXT))
        running = page.locator("[data-testid=stStatusWidget]").count() or not now or UNDER_WAY.search(now)
        if now != text or running:
            text, changed = now, perf_counter()
        elif perf_counter() - changed > STILL_S:
            break
        page.wait_for_timeout(200)
    return text


def masked(text: str) -> str:
    """Replace what differs from run to run."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


if __name__ == "__main__":
    sys.exit(main(*(Path(folder).resolve() for folder in sys.argv[1:3])))
