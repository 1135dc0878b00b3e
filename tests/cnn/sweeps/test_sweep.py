"""A sweep without Ray: its grid, what a retry goes on with, and what the results say."""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from cnn import __main__ as command_line
from cnn.errors import BadInput, UnknownName
from cnn.home import HOME_VARIABLE
from cnn.runs.frames import Frame, FrameFigures, write_frame
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunRow, RunTable
from cnn.sweeps import sweep as sweeps
from cnn.sweeps import trial
from cnn.sweeps.sweep import TrialResult, keep_result, plan_sweep, read_results, summarize
from cnn.sweeps.trial import TrialFailed, carry_out

BASE = RunSettings(epochs=1, pictures=64)
EXPLODED = "exploded"


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


def test_the_grid_is_whole_and_the_same_line_is_the_same_sweep() -> None:
    made = plan_sweep(["lenet", "vgg", "lenet"], [0.001, 0.003], 3, BASE)
    assert [(one.architecture, one.rate, one.seed) for one in made.settings[:4]] == [
        *(("lenet", 0.001, seed) for seed in (1, 2, 3)),
        ("lenet", 0.003, 1),
    ]
    assert len(made.settings) == 12
    assert plan_sweep(["lenet", "vgg"], [0.001, 0.003], 3, BASE) == made == sweeps.find_sweep(made.id)
    assert plan_sweep(["lenet"], [0.001], 3, BASE).id != made.id
    assert sweeps.list_sweeps()[1] == made or sweeps.list_sweeps()[0] == made


def test_what_cannot_be_is_told_before_anything_is_trained() -> None:
    with pytest.raises(UnknownName, match="vgg9"):
        plan_sweep(["vgg9"], [0.001], 3, BASE)
    with pytest.raises(BadInput, match="1,000 trainings; 1 to 500"):
        plan_sweep(["lenet"], [0.001], 1_000, BASE)
    with pytest.raises(UnknownName):
        sweeps.find_sweep("../runs")
    with pytest.raises(SystemExit):
        command_line.main(["sweep", "lenet", "--rates", "much"])


def test_seeds_are_put_together_and_failed_ones_counted() -> None:
    made = plan_sweep(["lenet", "vgg"], [0.001], 2, BASE)
    keep_result(made, TrialResult(0, "a", "done", 0.9, 450, 500, 1.0))
    keep_result(made, TrialResult(1, "b", "done", 0.7, 350, 500, 1.0))
    keep_result(made, TrialResult(2, "c", "failed", 0.1, 0, 0, 1.0))
    first, second = summarize(made, read_results(made))
    assert (first.accuracies, first.failed, first.waiting) == ((0.9, 0.7), 0, 0)
    assert first.mean == pytest.approx(0.8)
    assert (second.accuracies, second.failed, second.waiting, second.mean) == ((), 1, 1, None)


class Session:
    """Stands in for `cnn.runs.session.TrainingSession`: fails as often as it is told, then is done."""

    ends: tuple[tuple[str, str], ...] = ()
    tries: ClassVar[list[str]] = []

    def __init__(self, table: RunTable, row: RunRow, _commands: object, tell: Any) -> None:
        self._table, self._row, self._tell = table, row, tell

    def run(self) -> None:
        state, why = self.ends[len(self.tries)]
        self.tries.append(self._row.id)
        self._row.folder.mkdir(parents=True, exist_ok=True)
        write_frame(self._row.folder, Frame(FrameFigures(2, 1.0, 0.1, 0.9, 0.2, 0.8, 3.0), {}, *_nothing()))
        self._tell({"what": "frame", "step": 2})
        self._table.note(self._row.id, state=state, why=why, step=2, test="40/50" if state == "done" else "")


def _nothing() -> tuple[Any, Any]:
    import numpy as np

    return np.zeros((1, 10), np.float32), np.zeros((1, 1), np.float32)


def tried(monkeypatch: pytest.MonkeyPatch, config: Mapping[str, Any], *ends: tuple[str, str]) -> list[dict[str, Any]]:
    fake = ModuleType("cnn.runs.session")
    fake.__dict__.update(TrainingSession=Session, EXPLODED=EXPLODED, Command=str)
    monkeypatch.setitem(sys.modules, "cnn.runs.session", fake)
    Session.ends, Session.tries = ends, []
    told: list[dict[str, Any]] = []
    for _, why in ends:
        if why and why != EXPLODED:
            with pytest.raises(TrialFailed, match=why):
                carry_out(config, told.append)
        else:
            carry_out(config, told.append)
    return told


def test_a_retry_goes_on_with_the_same_run(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    made = plan_sweep(["lenet"], [0.001], 2, BASE)
    config = {
        "home": trial.in_folder(empty_home),
        "sweep": made.id,
        "at": 1,
        "settings": [one.to_json() for one in made.settings],
    }
    told = tried(monkeypatch, config, ("failed", "the disk is full"), ("done", ""))
    assert len(set(Session.tries)) == 1
    assert RunTable().get(Session.tries[0]).settings == made.settings[1]
    assert told[-1] == {
        "at": 1, "run": Session.tries[0], "state": "done", "held_out": 0.8, "right": 40, "asked": 50, "seconds": 3.0
    }  # fmt: skip
    assert told[0]["state"] == "running"
    carry_out(config, told.append)  # restored when it was over: nothing is trained again
    assert len(Session.tries) == 2
    assert told[-1]["state"] == "done"


def test_weights_that_grow_without_bound_are_a_result(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    made = plan_sweep(["lenet"], [1.0], 1, BASE)
    config = {"home": str(empty_home), "sweep": made.id, "at": 0, "settings": [made.settings[0].to_json()]}
    assert tried(monkeypatch, config, ("failed", EXPLODED))[-1]["state"] == "failed"


def test_without_ray_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "ray":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "cnn.sweeps.ray_tune", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    assert command_line.main(["sweep", "lenet", "--rates", "1e-3"]) == 1
    assert "pip install -r requirements-cluster.txt" in capsys.readouterr().err


def test_the_settings_of_a_sweep_stand_as_json(empty_home: Path) -> None:
    made = plan_sweep(["lenet"], [0.001], 1, BASE)
    assert json.loads((empty_home / "sweeps" / made.id / "sweep.json").read_text())[0]["rate"] == 0.001
