"""Python and packages: supported, there, in range, loadable."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

from cnn.doctor import packages
from cnn.doctor.requirements import MODULES, ROOT, Requirement, read_requirements


def state(requirement: Requirement) -> str:
    (finding,) = packages.check_versions([requirement])
    return finding.state


def test_every_requirement_is_read_and_known() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line[:1] not in ("", "#")]
    wanted = read_requirements()
    assert len(wanted) == len(lines)
    assert {one.module for one in wanted} == set(MODULES)
    assert Requirement("keras", "3.15", "3.16") in wanted


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_the_name_by_which_it_is_imported(module: str) -> None:
    assert importlib.util.find_spec(module)


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    assert read_requirements(tmp_path / "requirements.txt") == ()


def test_what_is_installed_here_fits() -> None:
    findings = list(packages.check_versions(read_requirements()))
    assert len(findings) == len(MODULES)
    assert {finding.state for finding in findings} == {"fine"}


def test_the_supported_pythons_are_those_of_the_project() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert said == ">={}.{},<{}.{}".format(*packages.SUPPORTED_PYTHONS[0], *packages.SUPPORTED_PYTHONS[1])


@pytest.mark.parametrize(
    ("version", "bits", "wanted"),
    [
        ((3, 11, 0), 64, "fine"),
        ((3, 13, 9), 64, "fine"),
        ((3, 10, 14), 64, "bad"),
        ((3, 14, 0), 64, "bad"),
        ((3, 12, 1), 32, "bad"),
    ],
)
def test_python(version: tuple[int, ...], bits: int, wanted: str) -> None:
    (finding,) = packages.check_python(version, bits)
    assert finding.state == wanted
    assert ("Python 3.11 to 3.13" in finding.advice) == (wanted == "bad")


@pytest.mark.parametrize(
    ("installed", "wanted"),
    [(None, "bad"), ("2.9", "bad"), ("2.20.9", "bad"), ("2.21", "fine"), ("2.21.0", "fine"), ("2.21.1", "fine")]
    + [("2.22", "note"), ("2.22.0", "note"), ("2.22.0rc1", "note"), ("10.0", "note")],
)
def test_versions_compare_as_numbers(monkeypatch: pytest.MonkeyPatch, installed: str | None, wanted: str) -> None:
    monkeypatch.setattr(packages, "_installed", lambda name: installed)
    assert state(Requirement("tensorflow", "2.21", "2.22")) == wanted


def test_one_of_several_packages_for_a_module_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_installed", lambda name: "2.21.0" if name == "tensorflow" else None)
    both = [Requirement("tensorflow-cpu", "2.21", "2.22"), Requirement("tensorflow", "2.21", "2.22")]
    (finding,) = packages.check_versions(both)
    assert (finding.state, finding.what) == ("fine", "tensorflow 2.21.0.")


def test_a_package_that_cannot_be_loaded_or_crashes_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fine_one.py").write_text("print('noise')")
    (tmp_path / "broken_one.py").write_text("raise OSError('libGL.so.1: cannot open shared object file')")
    (tmp_path / "crashing_one.py").write_text("import os\nos.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = list(packages.check_loading(modules=["fine_one", "broken_one", "crashing_one", "never_tried"]))
    assert [finding.state for finding in found] == ["bad", "bad"]
    assert "broken_one cannot be loaded: OSError: libGL.so.1" in found[0].what
    assert "crashing_one cannot be loaded: Python crashed on it" in found[1].what


def test_packages_that_load_are_counted() -> None:
    (finding,) = packages.check_loading(skip=["json"], modules=["json", "wave", "colorsys"])
    assert (finding.state, finding.what) == ("fine", "2 of 2 load without trouble.")
