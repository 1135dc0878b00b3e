"""Run a Streamlit app in a process of its own, and always end it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from urllib.request import urlopen

from bench.figure import Missing
from cnn.paths import ROOT

APP = ROOT / "serve.py"
ONE_LINE = ROOT / "bench" / "one_line_app.py"
ECHO = ROOT / "bench" / "echo_app.py"
PATIENCE_S = 60  # for a server to answer
POLL_S = 0.02
GRACE_S = 5  # between asking a server to end and ending it


@dataclass(frozen=True, slots=True)
class Server:
    """A running app: its process, its address, and when it was started on `perf_counter`."""

    process: subprocess.Popen[bytes]
    url: str
    started: float

    def peak_megabytes(self) -> float:
        """Sum the most memory that the server and each of its children have had, in MB.

        Raises: Missing: this system does not tell (only Linux does).
        """
        try:
            return sum(_peak_kilobytes(process) for process in _family(self.process.pid)) / 1024
        except OSError as error:
            raise Missing(f"The memory of the server cannot be read ({error}): Linux alone has /proc.") from error


@contextmanager
def served(script: Path, folder: Path = ROOT) -> Iterator[Server]:
    """Start `script` in `folder`, with the configuration there, and wait until it answers.

    Raises: Missing: it ended or said nothing for PATIENCE_S.
    """
    port = free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=localhost"]
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,  # in the same session: Linux shares the processor between sessions, whatever their niceness
    )
    try:
        server = Server(process, f"http://localhost:{port}", started)
        wait_for_health(process, server.url)
        yield server
    finally:
        _end(process)


def free_port() -> int:
    """Find a port that is free now."""
    with socket.socket() as place:
        place.bind(("localhost", 0))
        return int(place.getsockname()[1])


def wait_for_health(process: subprocess.Popen[bytes], url: str) -> None:
    """Wait until a server answers.

    Raises: Missing: it ended or said nothing for PATIENCE_S.
    """
    started = perf_counter()
    while perf_counter() - started < PATIENCE_S and process.poll() is None:
        try:
            with urlopen(f"{url}/_stcore/health", timeout=PATIENCE_S):
                return
        except OSError:
            sleep(POLL_S)
    raise Missing("The app did not start; `python serve.py` says why.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and whatever it started: its process group, made for it alone."""
    for order in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, order)
            process.wait(GRACE_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _family(process: int) -> Iterator[int]:
    yield process
    for child in children(process):
        yield from _family(child)


def children(process: int) -> set[int]:
    """List the processes that `process` started and that still run; none where the system does not tell."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return {int(child) for found in lists for child in found.read_text().split()}


def _peak_kilobytes(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
