"""The table of runs: who was killed, who writes at once, and where nothing can be written."""

from __future__ import annotations

from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from cnn import home as homes
from cnn.errors import DiskFull, UnknownName
from cnn.home import HOME_VARIABLE
from cnn.runs.settings import RunSettings
from cnn.runs.table import ACTIVE, RunTable, State, lock_file
from cnn.zoo.file_lock import hold_file_lock


@pytest.mark.parametrize("state", ACTIVE)
def test_a_run_whose_process_is_gone_was_killed(state: State) -> None:
    table = RunTable()
    row = table.add(RunSettings(), "", "me")
    row.folder.mkdir(parents=True)
    with hold_file_lock(lock_file(row.folder), lambda: None):
        table.note(row.id, state=state, step=7)
        assert table.get(row.id).state == state
        assert [one.id for one in table.waiting()] == [row.id]
    assert table.waiting() == []
    assert table.get(row.id).state == "killed"
    assert table.get(row.id).step == 7


def test_a_clock_that_is_set_back_lets_nobody_push_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked first is first in the queue, and the newest run is shown first, whatever the clock said."""
    monkeypatch.setattr("time.time", lambda clock=count(2_000_000_000, -3600): next(clock))
    table = RunTable()
    with ExitStack() as stack:
        asked = []
        for seed in range(3):
            row = table.add(RunSettings(seed=seed), "", "me")
            row.folder.mkdir(parents=True)
            stack.enter_context(hold_file_lock(lock_file(row.folder), lambda: None))
            asked.append(row.id)
        assert [row.id for row in table.waiting() if row.id in asked] == asked
        assert [row.id for row in table.newest(3)] == asked[::-1]


def test_many_who_write_at_once_lose_nothing() -> None:
    RunTable()
    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(lambda at: RunTable().add(RunSettings(seed=at), f"run {at}", "me").id, range(40)))
    assert {row.id for row in RunTable().newest(100)} == set(added)
    assert len(set(added)) == 40


def test_runs_without_a_name_can_be_told_apart() -> None:
    table = RunTable()
    first, second, other, third = (
        table.add(RunSettings(rate=rate), "", "me").name for rate in (0.011, 0.011, 0.01, 0.011)
    )
    assert (second, third) == (f"{first} (2)", f"{first} (3)")
    assert other not in (first, second)
    assert table.add(RunSettings(), "mine", "me").name == table.add(RunSettings(), "mine", "me").name == "mine"


def test_an_unknown_run_names_known_ones() -> None:
    table = RunTable()
    row = table.add(RunSettings(), "mine", "me")
    with pytest.raises(UnknownName, match=row.id):
        table.get("no such")
    table.delete(row.id)
    with pytest.raises(UnknownName):
        table.get(row.id)


def test_speeds_are_remembered() -> None:
    table = RunTable()
    assert table.speed("lenet") is None
    table.note_speed("lenet", 1000.0, 400.0)
    table.note_speed("lenet", 2000.0, 500.0)
    assert RunTable().speed("lenet") == (2000.0, 500.0)


def test_a_home_that_cannot_be_written_is_told_before_anything_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(DiskFull, match=HOME_VARIABLE):
        RunTable()


def test_a_full_disk_is_told_before_anything_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(homes.shutil, "disk_usage", lambda _: usage(homes.SPARE_BYTES + 999))
    homes.check_room(999)
    with pytest.raises(DiskFull, match="Delete old runs"):
        homes.check_room(1000)
