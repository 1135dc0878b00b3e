"""One trial of a sweep: a run like any other, which a retry goes on with. No Ray; it loads TensorFlow.

Ray's Keras callback would write a checkpoint of its own kind at every report, beside a run's own; a run resumes to the
bit already.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from queue import Queue
from typing import Any, Final

from cnn.atomic_files import write_text
from cnn.errors import ConvScopeError, UnknownName
from cnn.home import HOME_VARIABLE, make_home
from cnn.runs.settings import settings_from_json
from cnn.runs.table import RunRow, RunTable
from cnn.sweeps.sweep import FOLDER, TrialResult

OWNER: Final = "command line"
Report = Callable[[dict[str, Any]], None]


class TrialFailed(ConvScopeError):
    """A trial could not be carried out, and may be when it is tried again."""


def carry_out(config: Mapping[str, Any], report: Report) -> None:
    """Train one run of a sweep to its end, from its checkpoint where there is one.

    Args:
        config: `home`, the folder that CONVSCOPE_HOME names on the machine that began the sweep; `sweep`, its id;
            `at`, the trial's place; `settings`, as JSON, of all trials.
        report: told the figures at every frame, and at last what came of it.
    Raises: TrialFailed: another try may do.
    """
    os.environ[HOME_VARIABLE] = config["home"]
    table = RunTable()
    row = _own_run(table, config)
    if row.state != "done":
        row = _train(table, row, lambda step: report(_so_far(row, config["at"], step)))
    if row.state not in ("done", "failed"):
        raise TrialFailed(f"{row.name} is {row.state} after step {row.step}.")
    report(asdict(_result(row, config["at"])))


def _own_run(table: RunTable, config: Mapping[str, Any]) -> RunRow:
    """Find the run that an earlier try began, or begin one."""
    noted = make_home(f"{FOLDER}/{config['sweep']}/begun") / FOLDER / config["sweep"] / "begun" / f"{config['at']}.txt"
    if noted.exists():
        try:
            return table.get(noted.read_text(encoding="utf-8"))
        except UnknownName:
            pass  # somebody deleted it
    row = table.add(settings_from_json(config["settings"][config["at"]]), "", OWNER)
    write_text(noted, row.id)
    return row


def _train(table: RunTable, row: RunRow, on_frame: Callable[[int], None]) -> RunRow:
    from cnn.runs.session import EXPLODED, Command, TrainingSession

    def tell(message: dict[str, object]) -> None:
        if message["what"] == "frame":
            on_frame(int(str(message["step"])))

    commands: Queue[Command] = Queue()
    TrainingSession(table, row, commands, tell).run()
    ended = table.get(row.id)
    if ended.state == "failed" and ended.why != EXPLODED:
        raise TrialFailed(ended.why)  # such as a full disk; weights that grew without bound do so again
    return ended


def _so_far(row: RunRow, at: int, step: int) -> dict[str, Any]:
    from cnn.runs.frames import read_figures

    figures = read_figures(row.folder, step)
    said = TrialResult(at, row.id, "running", figures.held_out_accuracy, 0, 0, figures.seconds)
    return asdict(said) | {"step": step, "steps": row.settings.steps}


def _result(row: RunRow, at: int) -> TrialResult:
    from cnn.runs.frames import read_figures, steps_with_frames

    figures = read_figures(row.folder, steps_with_frames(row.folder)[-1])
    right, asked = row.test or (0, 0)
    return TrialResult(at, row.id, row.state, figures.held_out_accuracy, right, asked, figures.seconds)


def in_folder(home: Path) -> str:
    """Write a folder as a trial's configuration holds it."""
    return str(home.resolve())
