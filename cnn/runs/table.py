"""The table of runs, in SQLite: what was started, by whom, and how it stands. No TensorFlow.

A run's process holds a lock on a file for as long as it lives, and the system frees it whatever happens to the
process. So a run that the table calls running while its lock is free was killed, and nobody has to be asked.
"""

from __future__ import annotations

import itertools
import json
import secrets
import sqlite3
import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from cnn.architectures import ARCHITECTURES, find_architecture
from cnn.datasets.training_sets import training_set
from cnn.errors import UnknownName
from cnn.home import make_home, open_list
from cnn.paths import ASSETS
from cnn.runs.settings import RunSettings, settings_from_json
from cnn.zoo.file_lock import is_locked

State = Literal["queued", "running", "paused", "stopped", "killed", "done", "failed"]

ACTIVE: Final[tuple[State, ...]] = ("running", "paused")  # a process is at it
WAITING: Final[tuple[State, ...]] = ("queued", *ACTIVE)
RESUMABLE: Final[tuple[State, ...]] = ("stopped", "killed", "failed")
FILE: Final = "runs.sqlite"
SHIPPED_RUNS: Final = ASSETS / "runs"  # a folder each; `scripts/make_shipped_runs.py` writes them
SHIPPED: Final = "shipped-"  # begins their ids
ROW_FILE: Final = "row.json"  # beside their frames: what the table holds of other runs

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    parent TEXT NOT NULL DEFAULT '',
    parent_step INTEGER NOT NULL DEFAULT 0,
    test TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS speeds (what TEXT PRIMARY KEY, pictures_per_second REAL NOT NULL, megabytes REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the table knows it.

    Attributes:
        id: names it in addresses and folders.
        name: that a person gave it, or made of its settings.
        owner: who started it; nobody's real name.
        settings: what it is trained with.
        state: how it stands.
        step: steps done when it last told.
        created: seconds since 1970.
        why: a sentence, where it failed.
        parent, parent_step: the run and the frame that it began from; "" for none.
        test: right answers and pictures of the test, once it is done.
    """

    id: str
    name: str
    owner: str
    settings: RunSettings
    state: State
    step: int
    created: float
    why: str = ""
    parent: str = ""
    parent_step: int = 0
    test: tuple[int, int] | None = None

    @property
    def shipped(self) -> bool:
        """Say whether it came with the app: one may look at it, branch from it and keep its network, not change it."""
        return self.id.startswith(SHIPPED)

    @property
    def folder(self) -> Path:
        """Say where its files lie."""
        if self.shipped:
            return SHIPPED_RUNS / self.id.removeprefix(SHIPPED)
        return make_home() / "runs" / self.id

    def as_dict(self) -> dict[str, object]:
        """Write it as JSON holds it."""
        told = ("id", "name", "state", "step", "why", "parent", "parent_step")
        plain: dict[str, object] = {name: getattr(self, name) for name in told}
        right, asked = self.test or (None, None)
        plain |= {"steps": self.settings.steps, "created": self.created, "right": right, "asked": asked}
        return plain | asdict(self.settings)


class RunTable:
    """The list of runs; any number of processes and threads may use it at once."""

    def __init__(self) -> None:
        """Make the file where it is missing.

        Raises: DiskFull: it cannot be written.
        """
        self._path = make_home() / FILE
        with self._open() as base:
            base.executescript(SCHEMA)

    def add(self, settings: RunSettings, name: str, owner: str, parent: str = "", parent_step: int = 0) -> RunRow:
        """Note a run that waits for its turn; without a name it gets one of its own."""
        row = RunRow(
            id=secrets.token_hex(4),
            name=name.strip() or self._own_name(default_name(settings)),
            owner=owner,
            settings=settings,
            state="queued",
            step=0,
            created=time.time(),
            parent=parent,
            parent_step=parent_step,
        )
        with self._open() as base:
            base.execute(
                "INSERT INTO runs (id, name, owner, settings, state, created, parent, parent_step) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row.id, row.name, owner, settings.to_json(), row.state, row.created, parent, parent_step),
            )
        return row

    def get(self, run: str) -> RunRow:
        """Look a run up, as it stands now, or one that came with the app.

        Raises: UnknownName: there is none of that id.
        """
        for row in shipped_runs() if run.startswith(SHIPPED) else ():
            if row.id == run:
                return row
        found = self._rows("WHERE id = ?", run)
        if not found:
            raise UnknownName("run", run, [row.id for row in self.newest(8)])
        return found[0]

    def newest(self, most: int = 50) -> list[RunRow]:
        """List the runs, the newest first."""
        return self._rows("ORDER BY rowid DESC LIMIT ?", most)

    def waiting(self) -> list[RunRow]:
        """List those that run, pause or wait for their turn, the oldest first."""
        marks = ", ".join("?" * len(WAITING))
        found = self._rows(f"WHERE state IN ({marks}) ORDER BY rowid", *WAITING)
        return [row for row in found if row.state in WAITING]

    def note(self, run: str, **values: object) -> None:
        """Change columns of a run, such as `state` and `step`."""
        columns = ", ".join(f"{name} = ?" for name in values)
        with self._open() as base:
            base.execute(f"UPDATE runs SET {columns} WHERE id = ?", (*values.values(), run))

    def delete(self, run: str) -> None:
        """Take a run off the list."""
        with self._open() as base:
            base.execute("DELETE FROM runs WHERE id = ?", (run,))

    def note_speed(self, what: str, pictures_per_second: float, megabytes: float) -> None:
        """Remember how fast this machine trained, and the most memory that it took."""
        with self._open() as base:
            base.execute("INSERT OR REPLACE INTO speeds VALUES (?, ?, ?)", (what, pictures_per_second, megabytes))

    def speed(self, what: str) -> tuple[float, float] | None:
        """Look up pictures a second and megabytes; None where that was never trained here."""
        with self._open() as base:
            found = base.execute("SELECT pictures_per_second, megabytes FROM speeds WHERE what = ?", (what,)).fetchone()
        return (float(found[0]), float(found[1])) if found else None

    def _own_name(self, name: str) -> str:
        """Number a name that another run has: side by side they could not be told apart."""
        with self._open() as base:
            found = base.execute("SELECT name FROM runs WHERE substr(name, 1, ?) = ?", (len(name), name)).fetchall()
        taken = {str(one["name"]) for one in found}
        numbered = (f"{name} ({at})" for at in itertools.count(2))
        return next(one for one in itertools.chain([name], numbered) if one not in taken)

    def _rows(self, rest: str, *values: object) -> list[RunRow]:
        with self._open() as base:
            found = base.execute(f"SELECT * FROM runs {rest}", values).fetchall()
        return [self._settled(_row(one)) for one in found]

    def _settled(self, row: RunRow) -> RunRow:
        """Note that a run was killed, where the table calls it running and no process is at it."""
        if row.state not in ACTIVE or is_locked(lock_file(row.folder)):
            return row
        with self._open() as base:  # only if it is still said to run: it may have ended in between
            base.execute("UPDATE runs SET state = 'killed' WHERE id = ? AND state = ?", (row.id, row.state))
            return _row(base.execute("SELECT * FROM runs WHERE id = ?", (row.id,)).fetchone())

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return open_list(self._path, "runs")


@cache
def shipped_runs() -> tuple[RunRow, ...]:
    """List the runs that come with the app, in the order of the architectures."""
    return tuple(_shipped(folder) for name in ARCHITECTURES if (folder := SHIPPED_RUNS / name).is_dir())


def _shipped(folder: Path) -> RunRow:
    entries = json.loads((folder / ROW_FILE).read_text("utf-8"))
    settings = settings_from_json(json.dumps(entries["settings"]))
    return RunRow(
        id=f"{SHIPPED}{folder.name}",
        name=f"{find_architecture(settings.architecture).title}, shipped",
        owner="",
        settings=settings,
        state="done",
        step=settings.steps,
        created=0.0,
        test=(entries["right"], entries["asked"]),
    )


def lock_file(folder: Path) -> Path:
    """Say which file the process of a run holds a lock on."""
    return folder / "lock"


def default_name(settings: RunSettings) -> str:
    """Name a run by what tells it from others, such as "LeNet-5, 5,000 digits, rate 0.05"."""
    title, data = find_architecture(settings.architecture).title, training_set(settings.data).title.split(":")[0]
    return f"{title}, {data}, rate {settings.rate:g}"


def _row(found: Any) -> RunRow:
    right, _, asked = found["test"].partition("/")
    return RunRow(
        id=found["id"],
        name=found["name"],
        owner=found["owner"],
        settings=settings_from_json(found["settings"]),
        state=found["state"],
        step=found["step"],
        created=found["created"],
        why=found["why"],
        parent=found["parent"],
        parent_step=found["parent_step"],
        test=(int(right), int(asked)) if asked else None,
    )
