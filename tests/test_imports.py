"""The rooms of the house: which may import which, one way, without circles; TensorFlow stays out of the server."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from typing import Final

import pytest

from cnn.paths import ROOT

# A room is a folder or a file; behind it stand the rooms that it may import.
CNN: Final = {
    "array_types": "",
    "atomic_files": "",
    "errors": "",
    "keras_backend": "keras_settings",
    "keras_settings": "",
    "paths": "",
    "progress": "",
    "home": "",
    "machine_memory": "",
    "architectures": "keras_backend",
    "graph": "",
    "media": "",
    "metrics": "",
    "perturbations": "",
    "preprocessing": "",
    "attribution": "architectures keras_backend metrics progress",
    "case_studies": "graph",
    "datasets": "atomic_files home keras_backend media preprocessing",
    "zoo": "architectures atomic_files metrics",
    "inference": "media metrics preprocessing zoo",
    "layers": "architectures atomic_files datasets graph metrics zoo",
    "evaluation": "datasets inference media metrics perturbations zoo",
    "export": "architectures atomic_files graph keras_backend layers zoo",
    "backpropagation": "keras_backend runs",
    "worker": "attribution backpropagation export keras_backend layers progress runs zoo",
    "training": "architectures atomic_files datasets evaluation export keras_backend zoo",
    "shelf": "atomic_files home zoo",
    "runs": (
        "architectures atomic_files datasets evaluation export graph home keras_backend layers machine_memory shelf zoo"
    ),
    "importing": (
        "architectures atomic_files attribution datasets evaluation export home inference keras_backend keras_settings "
        "media metrics shelf zoo"
    ),
    "cluster": "inference shelf zoo",
    "sweeps": "architectures atomic_files datasets home runs",
    "doctor": "architectures atomic_files graph keras_settings machine_memory zoo",
    "teach": (
        "architectures atomic_files datasets export home inference keras_backend keras_settings media metrics shelf zoo"
    ),
    "bundle": (
        "architectures atomic_files datasets evaluation export home inference keras_backend keras_settings layers "
        "machine_memory media metrics shelf zoo"
    ),
    "commands": (
        "architectures bundle cluster datasets doctor evaluation home importing inference media runs shelf "
        "sweeps teach training zoo"
    ),
    "__main__": "commands doctor zoo",
}
EVERYBODYS: Final = "array_types errors paths"  # any room may import these
UI: Final = {
    "tcp_nodelay": "",
    "theme": "",
    "server": "resources",
    "page": "components resources selection tcp_nodelay text",
    "images": "",
    "text": "",
    "components": "images text",
    "resources": "images text",
    "selection": "components images resources text",
    "ask": "components images resources selection text",
    "inspect": "components images resources selection text",
    "compare": "components images resources selection text",
    "train": "components images resources selection text",
    "teach": "components images resources selection text",
    "shelf": "components images resources selection text",
    "guide": "components images resources selection text",
    "classroom": "components images resources selection text",
}
SERVERS: Final = (  # what the pages' server needs of the model package
    "architectures attribution backpropagation bundle case_studies datasets doctor evaluation graph home importing "
    "inference layers media metrics perturbations preprocessing progress runs shelf sweeps teach worker zoo"
)


def _within(folder: str, names: str) -> set[str]:
    return {f"{folder}/{name}" for name in names.split()}


SHARED: Final = _within("cnn", EVERYBODYS)
MODEL: Final = SHARED | _within("cnn", SERVERS)
ROOMS: Final[Mapping[str, set[str]]] = {
    **{f"cnn/{room}": _within("cnn", names) | SHARED - {f"cnn/{room}"} for room, names in CNN.items()},
    "cnn/array_types": set(),
    "cnn/errors": set(),
    "cnn/paths": set(),
    "cnn/commands": _within("cnn", CNN["commands"]) | SHARED | {"bench"},  # `python -m cnn bench`
    **{f"ui/{room}": _within("ui", names) | MODEL for room, names in UI.items()},
    "pages": {f"ui/{room}" for room in UI} | MODEL,
    "app": {"ui/theme", "ui/guide", "ui/classroom", "ui/server"},
    "serve": {"ui/server", "ui/theme"},
    "scripts/browser": set(),
    "bench": {f"cnn/{room}" for room in CNN} - {"cnn/commands", "cnn/__main__"}
    | _within("ui", "compare components selection")
    | {"scripts/browser"},
    "scripts": {f"cnn/{room}" for room in CNN} - {"cnn/commands", "cnn/__main__"} | {"bench"},
}
FOLDERS: Final = ("bench", "cnn", "pages", "scripts", "ui")
SERVER: Final = ("app", "pages", "serve", "ui")
OPTIONAL: Final = {  # where it is not there, something else is done instead; or it comes with a required package
    ("cnn.datasets.writing_systems", "matplotlib"),
    ("cnn.cluster.predict_photos", "pyarrow"),  # with Streamlit
    ("cnn.cluster.predict_photos", "ray"),  # requirements-cluster.txt
    ("cnn.sweeps.ray_tune", "ray"),  # the same; where it is not there, the command says so
    ("cnn.export.int8_weights", "flatbuffers"),  # with TensorFlow
    ("cnn.zoo.features_in_tflite", "flatbuffers"),  # with LiteRT
}
TENSORFLOW: Final = {"keras", "tensorflow", "tf_keras"}


class House:
    """Every file, parsed once, and what it imports."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Take the sources by dotted name, a room's face by the room's."""
        self.trees = {name: ast.parse(source) for name, source in sources.items()}
        self.imports = {name: set(self._resolved(ast.walk(tree))) for name, tree in self.trees.items()}

    def _resolved(self, nodes: Iterator[ast.AST]) -> Iterator[str]:
        """Name the modules behind imports: `from cnn.zoo import fetch` means one, `from cnn.zoo import Card` a face."""
        for node in nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = f".{node.module or ''}" if node.level else node.module or ""
                for alias in node.names:
                    inner = f"{module}.{alias.name}"
                    yield inner if inner in self.trees else module

    def offers(self, face: str) -> set[str]:
        """Name what a room's `__init__` passes on."""
        nodes = self.trees[face].body if face in self.trees else []
        return {
            alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
        }

    def at_import(self, name: str) -> set[str]:
        """Name what is imported as soon as `name` is: neither in a function nor for types alone."""
        return set(self._resolved(_at_once(self.trees[name])))


def _at_once(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        types_alone = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not types_alone and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _at_once(node)


def room(name: str) -> str:
    """Name the room of a module: the row of the table that fits most of its name."""
    parts = name.split(".")
    return next((one for n in (2, 1) if (one := "/".join(parts[:n])) in ROOMS), "")


def outside(house: House) -> Iterator[str]:
    """List imports that the table does not allow, and files that no room of it holds."""
    for name, found in house.imports.items():
        if name not in {"cnn", "ui"} and not room(name):
            yield f"{name} is in no room"
        for other in found:
            if other.startswith("."):
                yield f"{name} imports relatively"
            elif other in house.trees and room(other) != room(name) and room(other) not in ROOMS.get(room(name), set()):
                yield f"{name} imports {other}"


def around_faces(house: House) -> Iterator[str]:
    """List imports that reach past a room's face: for what the face offers, or for what is private behind it."""
    for name, tree in house.trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in house.trees and room(node.module) != room(name):
                face = room(node.module).replace("/", ".")
                offered = house.offers(face) if node.module != face else set()
                yield from (
                    f"{name} imports {alias.name} from {node.module}"
                    for alias in node.names
                    if alias.name in offered or alias.name.startswith("_")
                )


def streamlits(house: House) -> Iterator[str]:
    """List modules of the model package that need Streamlit."""
    for name, found in house.imports.items():
        if name.split(".")[0] == "cnn" and any(other.split(".")[0] == "streamlit" for other in found):
            yield name


def tensorflows(house: House) -> Iterator[str]:
    """List the ways by which the server would load TensorFlow as it imports its modules."""
    ways = {name: name for name in house.trees if name.split(".")[0] in SERVER}
    waiting = list(ways)
    while waiting:
        name = waiting.pop()
        for other in house.at_import(name):
            if other.split(".")[0] in TENSORFLOW:
                yield f"{ways[name]} > {other}"
            if other in house.trees and other not in ways:
                ways[other] = f"{ways[name]} > {other}"
                waiting.append(other)


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def unrequired(house: House, requirements: str) -> Iterator[str]:
    """List packages that the app or the model package uses and that no one who installs the requirements has."""
    required = {_normal(re.split("[<>=; ]", line)[0]) for line in requirements.splitlines() if line[:1].isalpha()}
    for name, found in house.imports.items():
        for package in {other.split(".")[0] for other in found} & set(_distributions()):
            if not required & {_normal(one) for one in _distributions()[package]} and (name, package) not in OPTIONAL:
                yield f"{name} imports {package}"


def circle(arrows: Mapping[str, set[str]]) -> list[str]:
    """Find a circle; [] where there is none."""
    try:
        TopologicalSorter({name: others - {name} for name, others in arrows.items()}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.fixture(scope="module")
def house() -> House:
    paths = [
        ROOT / "app.py",
        ROOT / "serve.py",
        *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")),
    ]
    dotted = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    return House({name: path.read_text(encoding="utf-8") for name, path in sorted(dotted.items())})


def test_every_room_imports_what_the_table_says(house: House) -> None:
    assert not list(outside(house))
    assert {room(name) for name in house.trees} >= set(ROOMS), "the table names a room that is not there"


def test_what_a_face_offers_is_taken_from_it(house: House) -> None:
    assert not list(around_faces(house))


def test_each_room_says_what_the_table_says(house: House) -> None:
    for package, table in (("cnn", CNN), ("ui", UI)):
        for one, names in table.items():
            if (ROOT / package / one).is_dir():
                said = re.search(r"May import ([^.;]*)", ast.get_docstring(house.trees[f"{package}.{one}"]) or "")
                assert said, f"{package}/{one}/__init__.py does not say what it may import"
                assert set(re.findall(r"`(\w+)`", said[1])) == set(names.split()), f"{package}/{one}/__init__.py"


def test_neither_rooms_nor_files_import_each_other_in_a_circle(house: House) -> None:
    assert not circle(ROOMS)
    assert not circle({name: found & set(house.trees) for name, found in house.imports.items()})


def test_the_model_package_works_without_streamlit(house: House) -> None:
    assert not list(streamlits(house))


def test_tensorflow_stays_out_of_the_server(house: House) -> None:
    assert not list(tensorflows(house))


def test_what_is_imported_is_required(house: House) -> None:
    app = House({})
    app.imports = {
        name: found for name, found in house.imports.items() if name.split(".")[0] in ("app", "cnn", "pages", "ui")
    }
    assert not list(unrequired(app, (ROOT / "requirements.txt").read_text(encoding="utf-8")))


def test_each_fault_is_found() -> None:
    ill = House(
        {
            "cnn.zoo": "def load():\n    from cnn.training import trainer",
            "cnn.training.trainer": "import streamlit\nfrom cnn import keras_backend, zoo",
            "cnn.keras_backend": "import tensorflow as tf",
            "cnn.layers.lazy": "if TYPE_CHECKING:\n    import keras\ndef f(): import keras",
            "ui.ask.photo": "from ui.inspect import layers\nfrom cnn.training.trainer import train_network",
            "ui.inspect.layers": "from . import state\nfrom cnn.layers import lazy",
            "ui.new.thing": "",
            "cnn.graph": "from cnn.graph.graph import Graph",
            "cnn.graph.graph": "",
            "cnn.layers.kernels": "from cnn.graph import Graph\nfrom cnn.graph.graph import Graph, Layer, _size",
        }
    )
    assert set(outside(ill)) == {
        "cnn.zoo imports cnn.training.trainer",
        "ui.ask.photo imports ui.inspect.layers",
        "ui.ask.photo imports cnn.training.trainer",
        "ui.inspect.layers imports relatively",
        "ui.new.thing is in no room",
    }
    assert list(around_faces(ill)) == [
        "cnn.layers.kernels imports Graph from cnn.graph.graph",
        "cnn.layers.kernels imports _size from cnn.graph.graph",
    ]
    assert list(unrequired(ill, "streamlit>=1,<2  # the app")) == [
        "cnn.keras_backend imports tensorflow",
        "cnn.layers.lazy imports keras",
    ]
    assert list(streamlits(ill)) == ["cnn.training.trainer"]
    assert list(tensorflows(ill)) == ["ui.ask.photo > cnn.training.trainer > cnn.keras_backend > tensorflow"]
    assert set(circle(ill.imports)) == {"cnn.zoo", "cnn.training.trainer"}
