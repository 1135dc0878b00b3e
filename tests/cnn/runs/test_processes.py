"""Runs in processes of their own: a queue, one a person, two at once; every state, reached by what people do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cnn import machine_memory
from cnn.errors import BadInput
from cnn.paths import ROOT
from cnn.runs import estimate
from cnn.runs import processes as module
from cnn.runs.processes import RunProcesses
from cnn.runs.settings import RunSettings
from cnn.runs.table import RESUMABLE, RunRow, lock_file
from cnn.zoo.file_lock import hold_file_lock

PATIENCE_S = 60.0  # a bound on patience, not on speed


class Runs:
    """The processes, and a way to wait for what they come to."""

    def __init__(self) -> None:
        self.all = RunProcesses((sys.executable, "-m", "tests.cnn.runs.fake_trainer"))

    def start(self, owner: str) -> RunRow:
        return self.all.start(RunSettings(), owner)

    def expect(self, row: RunRow, state: str) -> None:
        assert self.all.wait(lambda: self.all.table.get(row.id).state == state, PATIENCE_S), (
            f"{self.all.table.get(row.id).state}, not {state}"
        )


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    monkeypatch.setattr(module, "ROOT", ROOT)
    found = Runs()
    yield found
    found.all.close()


def test_two_at_once_the_rest_wait_and_know_their_place(runs: Runs) -> None:
    first, second, third, fourth = (runs.start(owner) for owner in ("a", "b", "c", "d"))
    runs.expect(first, "running")
    runs.expect(second, "running")
    assert (third.state, runs.all.place(third.id)) == ("queued", 2)
    assert (fourth.state, runs.all.place(fourth.id)) == ("queued", 3)
    runs.all.order(third.id, "stop")
    runs.expect(third, "stopped")
    runs.all.order(first.id, "epoch")
    runs.expect(first, "done")
    runs.expect(fourth, "running")
    runs.all.resume(third.id, "c")
    assert runs.all.place(third.id) == 2, "those at work come before it, also where it was begun before them"


def test_one_a_person(runs: Runs) -> None:
    first = runs.start("me")
    with pytest.raises(BadInput, match="You have a run already"):
        runs.start("me")
    runs.expect(first, "running")
    runs.all.order(first.id, "stop")
    runs.expect(first, "stopped")
    again = runs.start("me")
    with pytest.raises(BadInput, match="You have a run already"):
        runs.all.resume(first.id, "me")
    runs.expect(again, "running")


def test_pause_progress_and_stop(runs: Runs) -> None:
    row = runs.start("me")
    runs.expect(row, "running")
    runs.all.order(row.id, "batch")
    assert runs.all.wait(lambda: runs.all.progress(row.id).get("step") == 1, PATIENCE_S)
    runs.all.order(row.id, "pause")
    runs.expect(row, "paused")
    runs.all.order(row.id, "stop")
    runs.expect(row, "stopped")
    assert runs.all.wait(lambda: runs.all.progress(row.id) == {}, PATIENCE_S)


def test_a_killed_run_says_so_and_goes_on_when_asked(runs: Runs) -> None:
    row = runs.start("me")
    runs.expect(row, "running")
    os.kill(_process(runs, row).popen.pid, signal.SIGKILL)
    runs.expect(row, "killed")
    runs.all.resume(row.id, "me")
    runs.expect(row, "running")
    with pytest.raises(BadInput, match="is running"):
        runs.all.resume(row.id, "you")


def test_the_end_of_the_server_stops_what_runs_and_what_waits(runs: Runs) -> None:
    rows = [runs.start(owner) for owner in ("a", "b", "c")]
    for row in rows[:2]:
        runs.expect(row, "running")
    runs.all.close()
    for row in rows[:2]:
        runs.expect(row, "stopped")
    waiting = runs.all.table.add(RunSettings(), "", "d")
    after = RunProcesses()
    assert after.table.get(waiting.id).state == "stopped"
    assert "server" in after.table.get(waiting.id).why


def test_servers_that_share_the_table_leave_what_waits_at_the_other_alone(runs: Runs) -> None:
    rows = [runs.start(owner) for owner in ("a", "b", "c")]
    for row in rows[:2]:
        runs.expect(row, "running")
    other = Runs()  # as a second replica, or one that comes back
    assert other.all.table.get(rows[2].id).state == "queued"
    with pytest.raises(BadInput, match="at another server"):
        other.all.order(rows[0].id, "stop")
    runs.all.order(rows[0].id, "epoch")
    runs.expect(rows[2], "running")
    fourth = other.start("d")
    assert other.all.place(fourth.id) == 2
    runs.all.order(rows[1].id, "epoch")
    runs.expect(rows[1], "done")
    assert runs.all.table.get(fourth.id).state == "queued"  # it waits elsewhere
    assert other.all.place(fourth.id) == 1  # whoever looks notices that there is room
    other.expect(fourth, "running")
    other.all.close()


SERVER = """
import sys, time
from cnn.runs.processes import RunProcesses
from cnn.runs.settings import RunSettings
runs = RunProcesses((sys.executable, "-m", "tests.cnn.runs.fake_trainer"))
rows = [runs.start(RunSettings(), owner) for owner in "abc"]
runs.wait(lambda: all(runs.table.get(row.id).state == "running" for row in rows[:2]), 60)
print(*(row.id for row in rows), flush=True)
time.sleep(600)
"""


def test_a_server_killed_during_a_training_leaves_runs_that_go_on_when_asked(runs: Runs) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        first, second, third = server.stdout.readline().split()
        server.kill()
    for run in (first, second):  # their processes see that their server is gone
        with hold_file_lock(lock_file(runs.all.table.get(run).folder), lambda: None):
            assert runs.all.table.get(run).state in RESUMABLE
    after = Runs()
    assert after.all.table.get(third).why == module.RESTARTED
    for run in (first, third):
        after.all.resume(run, run)
        after.expect(after.all.table.get(run), "running")
    after.all.close()


def test_a_warm_process_is_used_and_a_dead_one_replaced(runs: Runs) -> None:
    runs.all.warm()
    assert runs.all.wait(lambda: runs.all.warmed, PATIENCE_S)
    spare = runs.all._spare
    assert spare is not None
    os.kill(spare.popen.pid, signal.SIGKILL)
    spare.popen.wait()
    runs.all.warm()
    assert runs.all.wait(lambda: runs.all.warmed, PATIENCE_S)
    warm = runs.all._spare
    row = runs.start("me")
    assert _process(runs, row) is warm
    runs.expect(row, "running")


def _process(runs: Runs, row: RunRow) -> Any:
    return runs.all._at[row.id]


@pytest.mark.parametrize(("title", "said"), [("Mine", {"title": "Mine"}), ("killed", {"why": module.KEEPING_DIED})])
def test_what_becomes_of_a_network_that_is_kept_is_told_once(runs: Runs, title: str, said: dict[str, str]) -> None:
    row = runs.all.table.add(RunSettings(), "", "me")
    runs.all.keep(row.id, 0, title, "me")
    with pytest.raises(BadInput, match="on its way"):
        runs.all.keep(row.id, 0, title, "me")
    assert runs.all.wait(lambda: not runs.all.keeping("me"), PATIENCE_S)
    assert said.items() <= runs.all.kept("me").items()
    assert runs.all.kept("me") == {}


def test_what_takes_too_long_or_too_much_memory_is_refused(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = RunSettings()
    table = runs.all.table
    table.note_speed(estimate.speed_name(settings), 0.5, 700)
    with pytest.raises(BadInput, match="18 hours on this machine; a run takes up to 12"):
        runs.start("me")
    table.note_speed(estimate.speed_name(settings), 5_000, 700)
    monkeypatch.setattr(machine_memory, "memory_bytes", lambda: (2e9, 500 * 2.0**20))
    with pytest.raises(BadInput, match="700 MB more memory, and 500 MB are free"):
        runs.start("me")
    assert estimate.refusal(estimate.estimate(settings, table), warmed=True) == ""
    monkeypatch.setattr(machine_memory, "memory_bytes", lambda: (None, None))
    runs.expect(runs.start("me"), "running")


def test_a_speed_is_measured_again_by_the_next_process_and_not_for_ever(runs: Runs) -> None:
    lethal, other = RunSettings("vgg"), RunSettings("lenet")
    ended = runs.all
    for died in range(1, module.MEASURED_TIMES + 1):
        ended.measure(lethal)
        assert ended.wait(lambda at=died: ended._died_measuring[lethal] == at, PATIENCE_S)  # type: ignore[misc]
    assert ended.unmeasurable(lethal)
    ended.measure(lethal)
    ended.measure(other)
    assert ended.wait(lambda: estimate.estimate(other, ended.table).seconds is not None, PATIENCE_S)
    assert not ended.unmeasurable(other)
