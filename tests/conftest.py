"""What several tests share."""

from pathlib import Path

import pytest

from scripts.browser import find


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the Chromium that drives the running app; there is no skipping without one."""
    path = find()
    if path is None:
        pytest.fail("No Chromium: `python scripts/browser.py` installs one.")
    return path
