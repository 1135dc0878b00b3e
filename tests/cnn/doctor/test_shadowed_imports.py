"""Files that hide a package: found, named, and survived."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn.doctor import shadowed_imports
from cnn.doctor.requirements import MODULES, ROOT

SITE = "/somewhere/lib/python3.11/site-packages"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m cnn` in another folder, which Python searches first."""
    command = (sys.executable, "-m", "cnn", *arguments)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def diagnosed(folder: Path) -> list[dict[str, str]]:
    done = run(folder, "doctor", "--json")
    assert done.stderr == ""
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == any(row["state"] == "bad" for row in rows)
    return rows


@pytest.mark.parametrize("name", MODULES)
def test_the_doctor_survives_and_names_a_file_like_a_package(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("raise SystemExit('this is not the package')\n")
    bad = [row for row in diagnosed(tmp_path) if row["state"] == "bad"]
    assert len(bad) == 1
    assert f"the file {tmp_path / name}.py hides the real {name}" in bad[0]["what"]
    assert f"Rename it, say to my_{name}.py" in bad[0]["advice"]
    assert f"'{name}' is not a package" in bad[0]["advice"]


@pytest.mark.parametrize("name", ["random", "statistics", "queue"])
def test_a_file_like_a_module_of_python_is_named_too(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("1 / 0\n")
    assert any(f"{name}.py hides the real {name}" in row["what"] for row in diagnosed(tmp_path))


def test_other_commands_name_the_file_instead_of_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("import keras.models\n")
    done = run(tmp_path, "train", "lenet", "--data", "mnist")
    assert done.returncode == 1
    assert f"{tmp_path / 'keras.py'} hides the real keras" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_python_leaves_behind_is_named(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("")
    (tmp_path / "__pycache__").mkdir()
    left = tmp_path / "__pycache__" / "keras.cpython-311.pyc"
    left.write_bytes(b"")
    (tmp_path / "__pycache__" / "keras_notes.cpython-311.pyc").write_bytes(b"")
    (found,) = shadowed_imports.find_shadowed_imports([str(tmp_path), SITE])
    assert found.leftovers == (left,)
    (finding,) = shadowed_imports.check_shadowed_imports([found])
    assert f"delete what is left of it: {left}." in finding.advice


def test_a_leftover_alone_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "keras.cpython-311.pyc").write_bytes(b"")
    assert shadowed_imports.find_shadowed_imports([str(tmp_path), SITE]) == ()


@pytest.mark.parametrize("file", ["keras.py", "keras.pyc", "keras/__init__.py", "PIL.py", "random.py"])
def test_every_form_is_found(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(b"")
    (found,) = shadowed_imports.find_shadowed_imports([str(tmp_path), SITE])
    assert found.path == tmp_path / file.removesuffix("/__init__.py")
    assert found.module == file.split("/", maxsplit=1)[0].split(".", maxsplit=1)[0]


@pytest.mark.parametrize("file", ["keras/notes.txt", "my_keras.py", "keras.txt", "test.py", "cnn.py", "Keras.py"])
def test_what_hides_nothing_is_left_alone(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(b"")
    assert shadowed_imports.find_shadowed_imports([str(tmp_path), SITE]) == ()


def test_the_packages_themselves_hide_nothing(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    site.mkdir()
    (site / "six.py").write_text("")
    (site / "keras.py").write_text("")
    behind = tmp_path / "behind"
    behind.mkdir()
    (behind / "numpy.py").write_text("")
    assert shadowed_imports.find_shadowed_imports([str(site), str(behind)]) == ()
    assert [finding.state for finding in shadowed_imports.check_shadowed_imports(())] == ["fine"]


def test_the_working_folder_counts_though_python_does_not_search_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "streamlit.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert [one.module for one in shadowed_imports.find_shadowed_imports([SITE])] == ["streamlit"]


def test_one_file_is_named_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "av.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert len(shadowed_imports.find_shadowed_imports(["", str(tmp_path), SITE])) == 1


def test_nothing_hides_a_package_here() -> None:
    assert shadowed_imports.find_shadowed_imports() == ()
