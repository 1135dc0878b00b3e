"""The wall between the rooms: app.py, pages/ -> ui/ -> cnn/, and TensorFlow out of the server's process."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn.paths import ROOT

ALLOWED = {  # room -> the rooms of this project that it may import
    "cnn": {"cnn"},
    "ui": {"cnn", "ui"},
    "pages": {"cnn", "ui"},
    "app.py": {"ui"},
}
ROOMS = {"app", "bench", "cnn", "pages", "scripts", "tests", "ui"}
BENCH_CALLER = "cnn/commands.py"  # `python -m cnn bench` runs bench/, which stands beside cnn/
TENSORFLOW = {"keras", "tensorflow", "tf_keras"}


def imported(source: str) -> set[str]:
    """Collect the top-level name of everything that `source` imports, inside functions too."""
    return set(_names(ast.parse(source)))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else (node.module or "").split(".")[0]


def files(room: str) -> list[Path]:
    place = ROOT / room
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def in_rooms(*rooms: str) -> pytest.MarkDecorator:
    found = [path for room in rooms for path in files(room)]
    return pytest.mark.parametrize("path", found, ids=lambda path: path.relative_to(ROOT).as_posix())


@in_rooms(*ALLOWED)
def test_imports_run_one_way(path: Path) -> None:
    room, *_ = (place := path.relative_to(ROOT)).parts
    allowed = ALLOWED[room] | ({"bench"} if place.as_posix() == BENCH_CALLER else set())
    names = imported(path.read_text())
    assert names & ROOMS <= allowed
    assert "." not in names, "a relative import hides which room it reaches into"


@in_rooms("cnn")
def test_the_model_package_works_without_streamlit(path: Path) -> None:
    assert "streamlit" not in imported(path.read_text())


@in_rooms("app.py", "pages", "ui")
def test_tensorflow_stays_out_of_the_server(path: Path) -> None:
    assert not imported(path.read_text()) & TENSORFLOW


def test_ui_loads_no_tensorflow_by_way_of_cnn() -> None:
    modules = ", ".join(f"ui.{path.stem}" for path in files("ui") if path.stem != "__init__")
    code = f"import sys, {modules}\nprint(*sorted({TENSORFLOW} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("room", ["cnn", "ui", "app.py"])
def test_every_room_is_where_these_tests_look(room: str) -> None:
    assert files(room)


def test_an_import_inside_a_function_is_seen() -> None:
    assert imported("def f():\n    import keras.layers\n    from tensorflow import io") == {"keras", "tensorflow"}
