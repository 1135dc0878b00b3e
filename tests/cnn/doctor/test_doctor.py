"""`python -m cnn doctor` as a whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn import doctor
from cnn.__main__ import main
from cnn.doctor import Finding, packages, requirements
from cnn.doctor.requirements import MODULES, ROOT

FINE = Finding("Memory", "25 GB.")
BAD = Finding("Names", "keras.py hides keras.", "bad", "Rename it.")


def findings(monkeypatch: pytest.MonkeyPatch, *given: Finding) -> None:
    monkeypatch.setattr(doctor, "examine_machine", lambda: iter(given))


def test_a_healthy_machine_ends_with_0(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    findings(monkeypatch, FINE)
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == "fine  Memory: 25 GB.\n\nNothing to mend.\n"


def test_what_is_to_be_mended_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    findings(monkeypatch, FINE, BAD)
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.endswith("MEND  Names: keras.py hides keras.\n      Rename it.\n\n1 to mend.\n")


def test_json_says_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    findings(monkeypatch, FINE, BAD)
    assert main(["doctor", "--json"]) == 1
    rows = [Finding(**json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    assert rows == [FINE, BAD]


def test_it_looks_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "check_loading", lambda: iter([Finding("Packages", "loaded.")]))
    areas = {finding.area for finding in doctor.examine_machine()}
    assert areas == {"Names", "Python", "Packages", "Keras", "Processor", "Speed", "Memory", "Disk", "Networks", "Data"}


def test_without_the_list_of_packages_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "read_requirements", lambda: ())
    monkeypatch.setattr(packages, "check_loading", lambda: iter(()))
    bad = [finding for finding in doctor.examine_machine() if finding.state == "bad"]
    assert [finding.what for finding in bad] == ["requirements.txt is not there."]


def test_it_needs_nothing_but_python(tmp_path: Path) -> None:
    """Without any installed package it says which are missing."""
    command = (
        sys.executable,
        "-I",
        "-S",
        "-c",
        "import runpy, sys; sys.path.insert(0, sys.argv[1]); sys.argv[1:] = "
        "['doctor', '--json']; runpy.run_module('cnn', run_name='__main__')",
        str(ROOT),
    )
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert (done.returncode, done.stderr) == (1, "")
    missing = [row for row in map(json.loads, done.stdout.splitlines()) if row["what"].endswith("is missing.")]
    assert len(missing) == len(MODULES)
    assert all("make app" in row["advice"] for row in missing)
