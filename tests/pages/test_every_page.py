"""What holds for every page, whatever it shows."""

from __future__ import annotations

import subprocess
import sys

from tests.pages.driver import ROOT
from tests.pages.server_modules import LIGHT, PAGES


def test_tensorflow_and_pandas_do_not_come_into_the_server() -> None:
    command = [sys.executable, "-m", "tests.pages.server_modules"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    loaded = {page: packages for page, *packages in map(str.split, done.stdout.splitlines())}
    assert tuple(loaded) == PAGES
    assert set().union(*loaded.values()) <= {"ai_edge_litert", "pandas"}
    assert not [page for page in LIGHT if "pandas" in loaded[page]]
