"""Stands for `python -m cnn.runs`: the same words and the same table, without TensorFlow. It learns when told to."""

from __future__ import annotations

import json
import sys

from cnn.runs.estimate import speed_name
from cnn.runs.settings import settings_from_json
from cnn.runs.table import RunTable, lock_file
from cnn.zoo.file_lock import hold_file_lock


def tell(**message: object) -> None:
    print(json.dumps(message), flush=True)


def main() -> None:
    tell(what="ready")
    for line in sys.stdin:
        first = json.loads(line)
        if "run" in first:
            break
        if "measure" in first:
            if settings_from_json(first["measure"]).architecture == "vgg":
                return  # as one that is ended from outside
            RunTable().note_speed(speed_name(settings_from_json(first["measure"])), 1000.0, 700.0)
            tell(what="speed")
        if "keep" in first:
            if first["title"] == "killed":
                return
            tell(what="kept", name="own/1", title=first["title"])
            return
    else:
        return
    table = RunTable()
    row = table.get(first["run"])
    row.folder.mkdir(parents=True, exist_ok=True)
    with hold_file_lock(lock_file(row.folder), lambda: None):
        table.note(row.id, state="running")
        tell(what="state", state="running")
        for line in sys.stdin:
            command = json.loads(line)["do"]
            if command == "stop":
                break
            if command == "pause":
                table.note(row.id, state="paused")
                tell(what="state", state="paused")
            elif command == "epoch":
                table.note(row.id, state="done", step=row.settings.steps)
                return
            elif command == "batch":
                tell(what="progress", step=1, seconds=0.5, loss=2.0, right=0.1)
        table.note(row.id, state="stopped")


if __name__ == "__main__":
    main()
