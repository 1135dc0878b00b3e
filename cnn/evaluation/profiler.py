"""What one answer costs on this machine: time and memory, measured in a process of its own. No TensorFlow.

    python -m cnn.evaluation.profiler mnist/resnet

A fresh process has nothing else to do, and its memory is the network's alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from cnn import zoo
from cnn.errors import ConvScopeError
from cnn.paths import ROOT

SECONDS: Final = 1.0  # of answering, at most, but ...
FEWEST, MOST = 5, 200  # ... answers that are timed
PATIENCE_S: Final = 120  # for the process, loading a large network included
STATUS: Final = Path("/proc/self/status")  # Linux alone tells a process its peak


class ProfilingFailed(ConvScopeError):
    """A measurement that did not come about; the text says why."""


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """What was measured.

    Attributes:
        lower_quartile, median, upper_quartile: milliseconds of one answer.
        answers: how many were timed.
        megabytes: by how much the process' peak memory grew, the network's file included; None where
            the system does not tell.
    """

    lower_quartile: float
    median: float
    upper_quartile: float
    answers: int
    megabytes: float | None


def profile_network(name: str, folder: Path = zoo.NETWORKS_FOLDER) -> NetworkProfile:
    """Measure a network in a new process.

    Raises: ProfilingFailed: it ended without a figure.
    """
    command = [sys.executable, "-m", "cnn.evaluation.profiler", name, str(folder)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE_S, check=True)
        return NetworkProfile(**json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        raise ProfilingFailed(f"{name} could not be measured on this machine ({type(error).__name__}).") from error


def profile_in_this_process(name: str, folder: Path) -> NetworkProfile:
    """Load a network and time single answers to noise, one after the other, in this process."""
    from cnn.zoo.litert_runner import LiteRTRunner

    LiteRTRunner(_smallest())  # loads LiteRT itself, which is nobody's memory
    before = peak_memory_mb()
    runner = zoo.load_network(name, folder).runner
    image = np.random.default_rng(0).random((1, *runner.shape), np.float32)
    spent: list[float] = []
    while len(spent) < FEWEST or (len(spent) < MOST and sum(spent) < SECONDS * 1000):
        started = perf_counter()
        runner(image)
        spent.append((perf_counter() - started) * 1000)
    low, median, high = map(float, np.quantile(spent, (0.25, 0.5, 0.75)))
    after = peak_memory_mb()
    return NetworkProfile(low, median, high, len(spent), None if before is None or after is None else after - before)


def peak_memory_mb() -> float | None:
    """Say the most memory that this process has had, in MB of 2**20 bytes; None where the system does not tell."""
    if not STATUS.exists():
        return None
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _smallest() -> bytes:
    files = [path for path in zoo.NETWORKS_FOLDER.rglob("*.tflite") if not path.name.endswith(".layers.tflite")]
    return min(files, key=lambda path: path.stat().st_size).read_bytes()


if __name__ == "__main__":
    print(json.dumps(asdict(profile_in_this_process(sys.argv[1], Path(sys.argv[2])))))
