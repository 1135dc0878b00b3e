"""What several tests share."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from scripts.browser import find

HOME_VARIABLE = "CONVSCOPE_HOME"
CACHE_VARIABLE = "CONVSCOPE_CACHE"
PARTS = ("browser", "pages")  # folders of tests/; whatever lies elsewhere is "unit"
seconds: Counter[str] = Counter()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the Chromium that drives the running app; there is no skipping without one."""
    path = find()
    if path is None:
        pytest.fail("No Chromium: `python scripts/browser.py` installs one.")
    return path


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests write out of a person's own folders; servers and children inherit that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module", autouse=True)
def own_home(home: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give each file of tests a home of its own: what one of them trains and keeps is on no other's shelf."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session", autouse=True)
def components() -> Iterator[None]:
    """Look through the installed packages for components once: every AppTest would, for 0.09 s of processor time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up how long each part of the suite takes, whichever worker ran it."""
    folder = report.nodeid.split("/")[1]
    seconds[folder if folder in PARTS else "unit"] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long each part took, the workers share the sum; and which tests passed only when tried again."""
    if len(seconds) > 1:
        parts = ", ".join(f"{name} {seconds[name]:.0f} s" for name in sorted(seconds))
        terminalreporter.write_line(f"Time in tests, all workers together: {parts}")
    for again in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_line(f"Tried again, find out why: {again.nodeid}\n{again.longreprtext}", yellow=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `--fuzz-seed N` try other cases than the fixed ones."""
    parser.addoption("--fuzz-seed", type=int, default=0, help="try other mangled inputs (default: the same each time)")


@pytest.fixture(scope="session")
def fuzz_seed(request: pytest.FixtureRequest) -> int:
    """Give the seed of all mangled inputs."""
    return int(request.config.getoption("--fuzz-seed"))
