"""Memory and disk: enough, a little, or too little."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnn import machine_memory
from cnn.doctor import memory_disk


@pytest.mark.parametrize(("free", "state"), [(0.3e9, "bad"), (1e9, "note"), (9e9, "fine")])
def test_memory(monkeypatch: pytest.MonkeyPatch, free: float, state: str) -> None:
    monkeypatch.setattr(machine_memory, "memory_bytes", lambda: (16e9, free))
    (finding,) = memory_disk.check_memory()
    assert finding.state == state
    assert f"16.0 GB, {free / 1e9:.1f} of them free" in finding.what


def test_memory_that_nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_memory, "memory_bytes", lambda: (None, None))
    (finding,) = memory_disk.check_memory()
    assert (finding.state, "does not tell" in finding.what) == ("fine", True)


def test_a_container_has_no_more_than_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "max").write_text("1000000\n")
    (tmp_path / "none").write_text("max\n")
    monkeypatch.setattr(machine_memory, "CGROUPS", (tmp_path / "max", tmp_path / "none", tmp_path / "missing"))
    assert machine_memory.memory_bytes()[0] == 1_000_000


@pytest.mark.parametrize(("free", "state"), [(1e8, "bad"), (2e9, "note"), (9e9, "fine")])
def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    (finding,) = memory_disk.check_disk({"networks": tmp_path / "not" / "yet"})
    assert finding.state == state
    assert "for networks" in finding.what


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_disk.os, "access", lambda folder, mode: False)
    (finding,) = memory_disk.check_disk({"trainings": tmp_path})
    assert (finding.state, str(tmp_path) in finding.what) == ("note", True)
