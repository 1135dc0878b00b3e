"""Memory that was freed goes back to the system."""

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
    runpy.run_path("ui/server/memory_allocator.py")["return_free_memory"]()
bytearray(20 * 2**20)
before = figures().e
block = bytearray(20 * 2**20)
print(figures().e - before >= len(block))
"""
# Eight threads that have all asked before one ends; `malloc_stats` lists the heaps that they were given.
THREADS = """
import ctypes, runpy, sys, threading
if sys.argv[1] == "told":
    runpy.run_path("ui/server/memory_allocator.py")["return_free_memory"]()
allocator, asked = ctypes.CDLL(None), threading.Barrier(8)
threads = [threading.Thread(target=lambda: (allocator.malloc(100_000), asked.wait())) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
allocator.malloc_stats()
"""
glibc = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="glibc alone keeps so much, and can be told not to"
)


@glibc
def test_a_large_block_goes_back_also_after_another_was_freed() -> None:
    """Once one of 20 MB was freed, glibc keeps the next ones: fifty photos left more than 2 GB in the server."""
    for told, goes_back in (("told", "True"), ("left alone", "False")):
        assert output(CHILD, told).stdout.strip() == goes_back


@glibc
def test_threads_share_two_heaps() -> None:
    """Each session runs on new threads; what is free in one heap of many helps no other."""
    told, alone = (output(THREADS, how).stderr.count("Arena ") for how in ("told", "left alone"))
    assert told == 2 < alone


def output(child: str, told: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", child, told], cwd=ROOT, capture_output=True, text=True, check=True)
