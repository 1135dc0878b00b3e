"""Feeds a reader thousands of damaged files in a process of its own, which a crash or a hang ends."""

import faulthandler
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

from cnn.errors import BadInput
from cnn.paths import ROOT
from tests.support.mutate import mutated

MOST_SECONDS = 2.0  # of the processor's time for one file: other work on the machine does not count
HANGS = 60  # seconds by the clock after which one file is given up
MOST_BYTES = 500 * 2**20  # of the whole process
UNITS = {"darwin": 1}  # bytes in a unit of ru_maxrss; elsewhere 1024
NAME = "file"  # every message begins with it
Read = Callable[[bytes], str | None]  # what is wrong with what came of it


def survives(module: str, variants: int, seed: int = 0) -> None:
    """Assert that `python -m module FIRST END` reports nothing; each `seed` has variants of its own."""
    first, end = seed * variants, (seed + 1) * variants
    command = [sys.executable, "-W", "default", "-X", "faulthandler", "-m", module, str(first), str(end)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = child.stdout.splitlines()
    last = lines[-1] if lines else "none"
    assert child.returncode == 0, f"died at seed {last} ({child.returncode}):\n{child.stderr}"
    assert [line for line in lines if " " in line] == []
    assert last == str(end - 1)
    assert child.stderr == ""


def main(files: Sequence[bytes], read: Read, first: int, end: int) -> None:
    """Read the damaged files of the seeds from `first` to `end`, naming each before it can crash this process."""
    faulthandler.enable()
    for seed in range(first, end):
        print(seed, flush=True)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        found = fault(read, mutated(files, seed))
        if found:
            print(f"{seed} {found}", flush=True)
    faulthandler.cancel_dump_traceback_later()


def fault(read: Read, data: bytes) -> str | None:
    """Read one file, and say what is wrong with how that went."""
    started = process_time()
    try:
        wrong = read(data)
        if wrong:
            return wrong
    except BadInput as error:
        if "\n" in str(error) or not str(error).startswith(f"{NAME} "):
            return f"said {error}"
    except BaseException as error:
        return f"raised {error!r}"
    spent = process_time() - started
    most = peak()
    if spent > MOST_SECONDS or most > MOST_BYTES:
        return f"took {spent:.1f} s, {most / 2**20:.0f} MB so far"
    return None


def peak() -> int:
    """Tell the most bytes of memory that this process has had.

    Linux counts in ru_maxrss what the process that started this one had; VmHWM begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNITS.get(sys.platform, 1024)
