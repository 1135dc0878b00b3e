"""`python -m cnn runs`: lists runs and goes on with one in this process, with a bar that ends where the run does."""

from __future__ import annotations

import json
import signal
from queue import Queue
from types import SimpleNamespace

import pytest

from cnn.__main__ import main
from cnn.runs import foreground
from cnn.runs.session import Tell
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunRow, RunTable

Said = pytest.CaptureFixture[str]


class Session:
    """Stands for the training: tells a frame, then Ctrl+C comes where it shall."""

    stopped = False

    def __init__(self, table: RunTable, row: RunRow, commands: Queue[str], tell: Tell) -> None:
        self.table, self.row, self.commands, self.tell = table, row, commands, tell

    def run(self) -> None:
        self.tell({"what": "frame", "step": 3})
        if Session.stopped:
            signal.raise_signal(signal.SIGINT)
            assert self.commands.get(timeout=30) == "stop", "Ctrl+C is an order, not the end of the process"
        self.table.note(self.row.id, state="stopped" if Session.stopped else "done", step=3)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_run_goes_on_in_the_foreground(stopped: bool, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = SimpleNamespace(epoch=0.5, held_out_accuracy=0.75, held_out_loss=1.25, step=3)
    monkeypatch.setattr(foreground, "TrainingSession", Session)
    monkeypatch.setattr(foreground, "read_figures", lambda folder, step: figures)
    monkeypatch.setattr(Session, "stopped", stopped)
    before = signal.getsignal(signal.SIGINT)
    table = RunTable()
    row = table.add(RunSettings("lenet"), "mine", "me")
    table.note(row.id, state="killed")
    assert main(["runs", "--resume", row.id]) == int(stopped)
    said = capsys.readouterr().out
    assert f"{row.id}  {'stopped' if stopped else 'done'}" in said
    assert (f"Go on with: python -m cnn runs --resume {row.id}" in said) == stopped
    assert signal.getsignal(signal.SIGINT) is before
    assert main(["runs", "--json"]) == 0
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == ["mine"]


def test_only_a_run_that_ended_early_goes_on(capsys: Said) -> None:
    table = RunTable()
    row = table.add(RunSettings("lenet"), "mine", "me")
    table.note(row.id, state="done")
    assert main(["runs", "--resume", row.id]) == 1
    assert "only one that was stopped, killed or failed can go on" in capsys.readouterr().err
