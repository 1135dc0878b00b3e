"""Five networks on one input against each alone; a whole set in the page against the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from bench.browser import chromium
from bench.figure import Missing, Sample
from bench.server import APP, served
from bench.timing import medians
from cnn import zoo
from cnn.datasets import evaluation_sets
from cnn.inference.predict import predict
from cnn.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DATA = "mnist"
ONE_ROUNDS, SET_ROUNDS = 200, 3
PATIENCE_MS = 600_000  # for a whole set
LOOKED_FOR = re.compile("the engine that looks for evidence|Looking for the evidence")  # until the page is at rest
# The only places that know the page's markup: dataset_run.py and sortable_table.js of ui/.
WEIGHED = ".ledger td .note"  # "measuring" until what is weighed behind the page is known
SUMMARY = "[aria-label^='Over ']"  # the table of what was found


def five_on_one(folder: Path) -> Iterator[Sample]:
    """Ask all networks about a digit as the Compare page does, and each alone."""
    names = zoo.network_names(DATA, folder)
    if len(names) < 2:
        raise Missing(f"There are not two networks of {DATA} to compare.")
    from ui.compare import side_by_side
    from ui.selection.input_picker import ChosenInput

    networks = [zoo.load_network(name, folder) for name in names]
    pixels = evaluation_sets.find_picture_set(DATA).read().images[0] / 255
    given = ChosenInput("one", "one digit", "", pixels.astype("float32"))
    alone = [partial(predict, network, given.image(network)[None]) for network in networks]
    together, *single = medians([partial(side_by_side.predict_side_by_side, networks, given), *alone], ONE_ROUNDS)
    detail = f"{len(names)} networks, one digit, median of {ONE_ROUNDS} in turns, against the sum of single answers"
    yield Sample(together, sum(single), detail, DATA)


def whole_set(_folder: Path) -> Iterator[Sample]:
    """Ask the shipped networks about MNIST's test digits: from the click to the figures, and `evaluate`."""
    pictures = evaluation_sets.find_picture_set(DATA)
    with chromium() as browser:
        pairs = [(_page(browser), _command_line()) for _ in range(SET_ROUNDS)]
    ours, theirs = zip(*pairs, strict=True)
    detail = f"{pictures.pictures:,} digits, {len(zoo.network_names(DATA))} networks, median of {SET_ROUNDS} in turns"
    yield Sample(median(ours), median(theirs), detail, DATA)


def _page(browser: Browser) -> float:
    """Time a round on the page of a fresh server: results are kept, so that a second one would cost nothing."""
    with served(APP) as server, browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server.url}/compare")
        ask = page.get_by_role("button", name=re.compile("^Ask .+ pictures"))
        ask.wait_for()
        page.locator(WEIGHED, has_text="measuring").first.wait_for(state="detached")
        page.get_by_text(LOOKED_FOR).first.wait_for(state="detached")
        started = perf_counter()
        ask.click()
        page.locator(SUMMARY).wait_for()
        return perf_counter() - started


def _command_line() -> float:
    started = perf_counter()
    subprocess.run([sys.executable, "-m", "cnn", "evaluate", "--data", DATA], cwd=ROOT, capture_output=True, check=True)
    return perf_counter() - started
