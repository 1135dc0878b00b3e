"""The process of a run: `python -m cnn.runs`. It loads TensorFlow, then waits for the run that it is to carry out.

Standard input brings JSON, one object a line: `{"measure": settings}` any number
of times, then `{"keep": id, "step": n, "title": t, "owner": o}`, after which it ends, or `{"run": id}` and
`{"do": command}`.
Standard output answers with `{"what": "ready" | "state" | "progress" | "frame" | "kept" | "refused", ...}`. When
standard input closes, the server that started it is gone: the run keeps a checkpoint and stops.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import Final, TextIO, get_args

from cnn.errors import ConvScopeError
from cnn.runs.table import RunTable
from cnn.shelf import Shelf

NICENESS: Final = 19  # answers to people go before training, and so does evidence
IDLE_S: Final = 300  # that it waits for a run before it frees its memory


def main() -> int:
    """Carry out one run."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # standard output is for the server: what libraries print goes to standard error
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    lines: Queue[dict[str, str] | None] = Queue()
    Thread(target=_read, args=(sys.stdin, lines), daemon=True).start()

    def tell(message: dict[str, object]) -> None:
        with suppress(OSError):  # nobody listens any more; standard input tells that, too
            print(json.dumps(message), file=out, flush=True)

    from cnn.runs.session import Command, TrainingSession, measure_speed  # seconds: TensorFlow
    from cnn.runs.settings import settings_from_json

    tell({"what": "ready"})
    table = RunTable()
    try:
        while (first := lines.get(timeout=IDLE_S)) is not None and "measure" in first:
            if lines.empty():  # else somebody waits for what comes next
                measure_speed(table, settings_from_json(first["measure"]))
            tell({"what": "speed"})
    except Empty:
        return 0
    if first is None:
        return 0
    if "keep" in first:
        tell(_keep(table, first))
        return 0
    commands: Queue[Command] = Queue()
    Thread(target=_pass_on, args=(lines, commands, get_args(Command)), daemon=True).start()
    TrainingSession(table, table.get(first["run"]), commands, tell).run()
    return 0


def _keep(table: RunTable, asked: dict[str, str]) -> dict[str, object]:
    """Put a moment of a run on the shelf, and say what came of it."""
    from cnn.runs.keep import keep_network

    try:
        row = table.get(asked["keep"])
        entry = keep_network(row, int(asked["step"]), asked["title"], Shelf(), owner=asked["owner"])
    except ConvScopeError as error:
        return {"what": "refused", "why": str(error)}
    return {"what": "kept", "name": entry.name, "title": entry.title}


def _read(entry: TextIO, lines: Queue[dict[str, str] | None]) -> None:
    for line in entry:
        lines.put(json.loads(line))
    lines.put(None)


def _pass_on(lines: Queue[dict[str, str] | None], commands: Queue[str], known: tuple[str, ...]) -> None:
    """Hand commands on; the end of standard input is the command to stop."""
    while (line := lines.get()) is not None:
        if line.get("do") in known:
            commands.put(line["do"])
    commands.put("stop")


if __name__ == "__main__":
    sys.exit(main())
