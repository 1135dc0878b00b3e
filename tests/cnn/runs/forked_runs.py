"""Carries out runs in processes that are forked from this one, for tests that kill many: TensorFlow is loaded once.

Standard input brings the id of a run a line; its process is one like `python -m cnn.runs` from then on, and standard
output gives its number first, then what it tells. Nothing of TensorFlow was used before the fork, only loaded.
"""

from __future__ import annotations

import json
import os
import sys
from queue import Queue
from typing import Any

from cnn.runs.session import TrainingSession
from cnn.runs.table import RunTable


def carry_out(run: str) -> None:
    """Train, and tell of it."""
    table = RunTable()
    print(os.getpid(), flush=True)
    commands: Queue[Any] = Queue()
    TrainingSession(table, table.get(run), commands, lambda told: print(json.dumps(told), flush=True)).run()


def main() -> None:
    """Fork for every run, one after the other."""
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            carry_out(line.strip())
            os._exit(0)
        os.waitpid(child, 0)
        print("over", flush=True)


if __name__ == "__main__":
    main()
