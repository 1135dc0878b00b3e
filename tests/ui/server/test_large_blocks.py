"""Memory of photos goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from cnn.paths import ROOT

# `hblkhd` of `struct mallinfo2`, the fifth of ten: bytes in blocks that go back to the system when they are freed.
CHILD = """
import ctypes, runpy, sys
figures = ctypes.CDLL(None).mallinfo2
figures.restype = type("Figures", (ctypes.Structure,), {"_fields_": [(name, ctypes.c_size_t) for name in "abcdefghij"]})
if sys.argv[1] == "told":
    runpy.run_path("ui/server/large_blocks.py")["return_large_blocks"]()
bytearray(20 * 2**20)
before = figures().e
block = bytearray(20 * 2**20)
print(figures().e - before >= len(block))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone keeps large blocks, and can be told not to")
def test_a_large_block_goes_back_also_after_another_was_freed() -> None:
    """Once one of 20 MB was freed, glibc keeps the next ones: fifty photos left more than 2 GB in the server."""
    for told, goes_back in (("told", "True"), ("left alone", "False")):
        command = [sys.executable, "-c", CHILD, told]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == goes_back
