"""Everything that comes from outside, mangled: it is read or refused in a sentence, and nothing else happens.

10,500 cases here; with 5,000 photos and 400 clips (tests/cnn/media) `make test` tries 15,900. The same seed makes the
same cases; `--fuzz-seed N` makes others, as every night does.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import pytest

from cnn import graph, zoo
from cnn.__main__ import parser
from cnn.datasets.cifar10_files import read_pickled_batches
from cnn.datasets.dataset import find_data_set
from cnn.errors import BadInput, ConvScopeError
from cnn.importing import file_checks
from cnn.inference.digit_files import read_digit_files
from cnn.media import url_fetch
from cnn.media.ssrf_guard import FetchRules
from cnn.paths import ROOT
from cnn.preprocessing import from_strokes
from cnn.runs import frames
from cnn.runs.settings import RunSettings, settings_from_json
from cnn.teach.zip_pictures import read_zip_pictures
from tests.browser.files import png
from tests.fuzz.mangle import PIECES, mangled_text, mangled_value
from tests.pages.driver import opened
from tests.support.model_files import keras_file, layer, sequential
from tests.support.mutate import mutated
from ui.components.choice import KeptChoice, take_newest
from ui.components.drawing_canvas import drawing_canvas
from ui.components.drawing_canvas.drawing_canvas import KeptDrawing
from ui.components.feature_map_grid.feature_map_grid import parse_unit_pick
from ui.components.kernel_sandbox.kernel_sandbox import parse_sandbox_setting
from ui.components.preprocessing_steps.preprocessing_steps import parse_steps_off
from ui.components.sliding_sum.sliding_sum import parse_window_place
from ui.components.unit_switches.unit_switches import parse_units
from ui.selection.drawing_address import decode_drawing, encode_drawing
from ui.text.verbatim import verbatim

DRAWING: Final = {"strokes": [[[10, 10], [200, 300], [240, 20]], [[5, 5]]], "pen": 24, "done": True, "serial": 3}
SCENE: Final = {"scene": "mnist/lenet drawn c1 3", "output": {"height": 28, "width": 28}}
LAYER: Final = (8, 8, 16)  # height, width, units
PAGES: Final = re.findall(r"pages/(\w+)\.py", (ROOT / "app.py").read_text("utf-8"))
ADDRESS: Final = {
    "network": "mnist/resnet", "networks": "mnist/lenet,mnist/vgg", "data": "mnist", "input": "sample-3",
    "layer": "conv1",
    "unit": "3", "y": "4", "x": "5", "label": "7", "method": "grad-cam,saliency", "off": "1.2", "architecture": "vgg",
    "drawing": "GAIFBQkJ", "frames": "24", "set": "mnist", "run": "abc", "change": "noise",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entrance:
    """One way in.

    Attributes:
        cases: how many are tried a run.
        good: what comes when all is well.
        enter: takes a mangled one; raises a ConvScopeError or AssertionError, else nothing.
    """

    cases: int
    good: Any
    enter: Callable[[Any], None]


def draw(message: object) -> None:
    kept = drawing_canvas.receive_drawing(KeptDrawing(), message)
    for stroke in kept.drawing.strokes:
        assert stroke.dtype == np.float32
        assert ((stroke >= 0) & (stroke <= (drawing_canvas.WIDTH, drawing_canvas.HEIGHT))).all()
    assert len(kept.drawing.digest) == 64
    with suppress(BadInput):  # `receive_drawing` has taken it, or kept what was
        assert drawing_canvas.parse_drawing(message).pen == kept.drawing.pen


def read_drawn(message: object) -> None:
    drawing = drawing_canvas.parse_drawing(message)
    for digit in from_strokes(drawing.strokes, drawing.pen, drawing_canvas.WIDTH, drawing_canvas.HEIGHT).digits:
        assert digit.pixels.shape == (28, 28, 1)
        assert 0 <= digit.pixels.min() <= digit.pixels.max() <= 1


def choose(message: object) -> None:
    taken = take_newest(KeptChoice("a", 1), message, lambda value: value if value in ("a", "b") else None)
    assert taken.value in ("a", "b")
    assert type(taken.turn) is int


def pick(message: object) -> None:
    picked = parse_unit_pick(message, "of", LAYER)
    assert picked is None or 0 <= picked.unit < LAYER[2]
    steps = parse_steps_off(message, ("crop", "centre"))
    assert steps is None or steps <= {"crop", "centre"}
    assert parse_sandbox_setting(message) in (None, message)
    parse_window_place(message, SCENE)


def write_address(text: str) -> None:
    drawing = decode_drawing(text)
    assert drawing is None or isinstance(encode_drawing(drawing), str)
    units = parse_units(text, LAYER[2])
    assert units is None or units <= set(range(LAYER[2]))
    place = parse_window_place(f"{text} {SCENE['scene']}", SCENE)
    assert place is None or all(0 <= one < 28 for one in place)


def name_file(text: str) -> None:
    """A file's name becomes Markdown in which nothing is a link, a picture or a tag."""
    outside = re.sub(r"(`+) ?.*?\1(?!`)", "", verbatim(text), flags=re.S)
    assert not re.search(r"[<>\[\]*_`~$\\|]|https?:|www\.|:[a-z]+:", outside)


class Unreachable(Exception):
    """A connection was tried: the guard let an address through."""


def fetch(text: str) -> None:
    """Of names that all lead to this machine's network nothing may be fetched, however they are written."""
    rules = FetchRules(resolve=lambda host, port: ("10.0.0.7",))
    with pytest.raises(BadInput):
        url_fetch.fetch_url(text, rules)


def command(text: str) -> None:
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(said), suppress(SystemExit):
        parser().parse_args(text.split(" "))
    assert "Traceback" not in said.getvalue()


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for at in range(3):
            file.writestr(f"test/cat/{at}.jpg", png(at))
    return content.getvalue()


def frame() -> bytes:
    content, figures = io.BytesIO(), np.array(json.dumps({"step": 1, "layers": []}))
    arrays = {"logits": np.zeros((4, 3), np.float32), "features": np.zeros((4, 2), np.float32)}
    np.savez_compressed(content, allow_pickle=False, figures=figures, **arrays)
    return content.getvalue()


def refuse_pickle(folder: Path) -> None:
    """Nothing that a pickle names is called but what arrays are made of; one that is damaged is a ValueError."""
    with suppress(ValueError):
        read_pickled_batches(folder, "test")


def check_model(folder: Path) -> None:
    """A damaged archive of a network is refused before Keras or HDF5 sees it, or names layers of Keras alone."""
    config, _, _ = file_checks.read_keras_archive(folder / "file.keras")
    file_checks.check_layers(config, {"InputLayer", "Sequential", "Dense"})


def read_zip(folder: Path) -> None:
    """Of a damaged zip each file is given or refused by name."""
    for one in read_zip_pictures(io.BytesIO((folder / "file.zip").read_bytes()), "file.zip"):
        assert not (one.data and one.refused)


NETWORK: Final = sequential(layer("Dense", "d", units=2))
LENET: Final = zoo.NETWORKS_FOLDER / "mnist" / "lenet"
DRAWINGS: Final = b'{"strokes": [[[1, 2], [3, 4]]]}\n{"strokes": [[[1, 3], [2, 4]]]}\n'
PICKLES: Final = (b"\x80\x04}q\0.", b"cposix\nsystem\n(S'id'\ntR.", b"\x80\x04c__builtin__\neval\n.")
FILES: Final = {  # cases, name, whole files, what reads a damaged one, from its folder
    "card": (800, "mnist/lenet.json", [f"{LENET}.json"], lambda at: zoo.read_card("mnist/lenet", at)),
    "graph": (500, "graph.json", [f"{LENET}.layers.json"], lambda at: graph.read_graph(at / "graph.json")),
    "model": (200, "mnist/lenet.tflite", [f"{LENET}.tflite"], lambda at: zoo.load_network("mnist/lenet", at)),
    "frame": (600, "frame-0000001.npz", [frame()], lambda at: frames.read_frame(at, 1)),
    "drawings": (600, "a.jsonl", [DRAWINGS], lambda at: list(read_digit_files([at / "a.jsonl"]))),
    "archive": (500, "cifar10-jpeg.zip", [archive()], lambda at: find_data_set("cifar10").read("test", at)),
    "zip": (400, "file.zip", [archive()], read_zip),
    "keras": (400, "file.keras", [keras_file(NETWORK)], check_model),
    "pickle": (500, "test_batch", PICKLES, refuse_pickle),
}


VALUES: Final = {
    "canvas": Entrance(1500, DRAWING, draw),
    "strokes": Entrance(500, DRAWING, read_drawn),
    "choice": Entrance(600, {"value": "b", "turn": 2}, choose),
    "component": Entrance(800, {"of": "of", "unit": 3, "place": [2, 3]}, pick),
}
TEXTS: Final = {
    "address": Entrance(800, "GAIFBQkJ.3.7", write_address),
    "name": Entrance(600, "holiday (1).png", name_file),
    "fetched": Entrance(600, "https://user@example.org:443/a/cat.png?size=3#x", fetch),
    "settings": Entrance(300, RunSettings("lenet", "digits").to_json(), lambda text: void(settings_from_json(text))),
    "command": Entrance(300, "evaluate --data mnist --json lenet --set test --folder /x --epochs 3", command),
}


def void(_: object) -> None:
    """Throw away what was read."""


@pytest.mark.parametrize("name", VALUES)
def test_messages_from_the_browser(name: str, fuzz_seed: int) -> None:
    way = VALUES[name]
    for case in range(way.cases):
        with suppress(ConvScopeError):
            way.enter(mangled_value(way.good, Random(f"{fuzz_seed} {name} {case}")))


@pytest.mark.parametrize("name", TEXTS)
def test_texts_from_people(name: str, fuzz_seed: int) -> None:
    way = TEXTS[name]
    for case in range(way.cases):
        with suppress(ConvScopeError):
            way.enter(mangled_text(way.good, Random(f"{fuzz_seed} {name} {case}")))


@pytest.mark.parametrize("kind", FILES)
def test_files(kind: str, fuzz_seed: int, tmp_path: Path) -> None:
    cases, name, whole, read = FILES[kind]
    contents = [one if isinstance(one, bytes) else Path(one).read_bytes() for one in whole]
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if name.startswith("mnist/"):
        (tmp_path / "mnist" / "lenet.json").write_bytes(Path(f"{LENET}.json").read_bytes())
    for case in range(cases):
        place.write_bytes(mutated(contents, fuzz_seed * cases + case))
        with suppress(ConvScopeError):
            read(tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_addresses_of_pages(page: str, fuzz_seed: int) -> None:
    """An address a page, in which most parameters that any page knows are mangled."""
    random = Random(f"{fuzz_seed} {page}")
    query = {name: mangled_text(good, random) for name, good in ADDRESS.items() if random.random() < 0.7}
    opened(page, None, **{name: text.encode("utf-8", "replace").decode()[:3000] for name, text in query.items()})


def test_a_seed_makes_the_same_cases_again_and_another_makes_others() -> None:
    def made(seed: int) -> list[str]:
        return [mangled_text("a/b?c=1", Random(f"{seed} {case}")) for case in range(100)]

    assert made(0) == made(0) != made(1)
    assert len(PIECES) == len(set(PIECES))
