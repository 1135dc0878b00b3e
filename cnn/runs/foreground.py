"""A run from the command line: in this process, with a bar. Importing loads TensorFlow."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cnn.runs.frames import read_figures
from cnn.runs.session import Command, Tell, TrainingSession
from cnn.runs.table import RunRow, RunTable


def train_in_foreground(table: RunTable, row: RunRow) -> RunRow:
    """Carry out a run; Ctrl+C keeps a checkpoint and stops. Return how it stands then."""
    commands: Queue[Command] = Queue()
    before = signal.signal(signal.SIGINT, lambda *_: commands.put("stop"))
    try:
        with _bar(row) as tell:
            TrainingSession(table, row, commands, tell).run()
    finally:
        signal.signal(signal.SIGINT, before)
    return table.get(row.id)


@contextmanager
def _bar(row: RunRow) -> Iterator[Tell]:
    columns = (TextColumn(row.name), BarColumn(), TimeRemainingColumn(), TextColumn("{task.fields[figures]}"))
    with Progress(*columns) as bar:
        task = bar.add_task("", total=row.settings.steps, figures="")

        def tell(message: dict[str, object]) -> None:
            if message["what"] == "frame":
                at = read_figures(row.folder, int(str(message["step"])))
                figures = f"epoch {at.epoch:.2f}   held out {at.held_out_accuracy:.1%}, loss {at.held_out_loss:.3f}"
                bar.update(task, completed=at.step, figures=figures)

        yield tell
