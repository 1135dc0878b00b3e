"""What is taken home: three formats that answer as the pages do, and nothing handed over that does not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from bench.browser import chromium as window
from cnn import machine_memory, zoo
from cnn.array_types import Array, Pixels
from cnn.bundle import card_files, client, proof
from cnn.bundle.source import Source, find_source
from cnn.errors import BadInput, BrokenNetwork, Cancelled, UnknownName
from cnn.importing.input_forms import INPUT_FORMS
from cnn.media.image_decoding import resize_for_network
from cnn.shelf import Shelf, load_own_network
from cnn.teach import teach_classes
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor
from tests.support.run_async import in_own_thread

TRUNK = "cifar10/lenet"
LABELS = ("cats & dogs", "=1+1", "<b>../x</b>")  # whatever a folder may be called
PETS = "pets 1"
PATIENCE_MS = 60_000  # a bound on patience, not on speed


@pytest.fixture(scope="module")
def taught(own_home: None) -> Source:
    """Three classes on the features of a small network, of noise of three colours."""
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), 8)
    inputs = random.random((24, 32, 32, 3), np.float32) * np.eye(3, dtype=np.float32)[labels][:, None, None]
    from cnn.teach.keep import keep_classifier

    features = FeatureExtractor(zoo.load_network(TRUNK))(inputs)
    keep_classifier(teach_classes(TRUNK, LABELS, features, labels), PETS, Shelf())
    return find_source(PETS)


@pytest.fixture(scope="module")
def packed(taught: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the zip of the taught network once, in this process."""
    from cnn.bundle.make_bundle import make_bundle

    target = tmp_path_factory.mktemp("zip") / "pets.zip"
    make_bundle(taught.name, target, list(client.FORMATS.values()), lambda done, of, words: None)
    return target


@pytest.fixture
def folder(packed: Path, tmp_path: Path) -> Path:
    with ZipFile(packed) as held:
        held.extractall(tmp_path)
    (inside,) = tmp_path.iterdir()
    return inside


def test_each_format_answers_new_photos_as_the_pages_do(folder: Path, taught: Source) -> None:
    """Also tall, wide and tiny ones; the proof's own pictures were others."""
    from cnn.bundle.formats import FORMATS

    random = np.random.default_rng(1)
    photos = [random.integers(0, 256, (*sides, 3), np.uint8) for sides in ((64, 64), (90, 40), (33, 71), (9, 20))]
    wanted = taught.page_answers(photos)
    assert set(wanted) == {"probabilities", "familiarity"}
    assert all(float(np.ptp(one)) > 0.05 for one in wanted.values())  # a constant would agree with anything
    for file, form in FORMATS.items():
        answers = [form.read(folder / file)(one) for one in photos]
        for name, rows in wanted.items():
            assert np.abs(np.stack([one[name] for one in answers]) - rows).max() < 2e-3, (file, name)


def test_a_keras_file_needs_nothing_of_ours(folder: Path) -> None:
    with ZipFile(folder / "network.keras") as held:
        config = held.read("config.json").decode()
    assert "cnn>" not in config and "Lambda" not in config


@pytest.mark.parametrize("name", ["cifar10/alexnet", "cifar10/resnet", "imagenet/squeezenet"])
def test_layers_of_ours_become_operations_that_every_format_has(name: str) -> None:
    """Neither ours by name, nor a constant tensor: tf2onnx took AlexNet's for an input of the network."""
    from cnn.bundle.exported_model import build_exported_model

    written = build_exported_model(find_source(name)).to_json()
    assert "cnn>" not in written and "__tensor__" not in written


def test_the_card_holds_the_proof_of_what_is_there(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text("utf-8"))
    assert [one["file"] for one in card["proof"]] == list(client.FORMATS.values())
    for one in card["proof"]:
        assert one["pictures"] == proof.PICTURES and one["largest_difference"] <= proof.TOLERANCE
        assert one["bytes"] == (folder / one["file"]).stat().st_size
    assert tuple(json.loads((folder / "labels.json").read_text("utf-8"))) == LABELS
    assert "differen" in (folder / "card.txt").read_text("utf-8")


def test_the_card_names_no_file_that_is_not_there() -> None:
    """Of eyes alone, and where one format was asked for."""
    eyes, lenet = find_source("imagenet/alexnet_features"), find_source("mnist/lenet")
    for source, file, page, size in (
        (eyes, "network.onnx", False, 9),
        (lenet, "network.keras", False, 9),
        (lenet, "network.onnx", True, 9),
        (lenet, "network.onnx", False, 2**29),  # VGG16's, which no browser holds as one text
    ):
        text = card_files.card_text(source, [proof.Agreement(file, "X", "x 1", 64, 1e-6, size, "0")], {})
        assert ("index.html" in text) is page
        assert f"run.py {file}" in text


def test_onnx_is_left_out_where_memory_is_short(taught: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """tf2onnx took 8 GB for InceptionV3; what the system then ends may be another program."""
    from cnn.bundle import make_bundle

    for free, said in ((2.0**20, "of memory while it is written"), (2.0**40, ""), (None, "")):
        monkeypatch.setattr(machine_memory, "memory_bytes", lambda free=free: (free, free))
        assert said in make_bundle._too_large("network.onnx", taught)
        assert bool(make_bundle._too_large("network.onnx", taught)) is bool(said)
        assert not make_bundle._too_large("network.keras", taught)


def brought_again(file: Path, labels: Path) -> Network:
    """Put a file on the shelf as `python -m cnn add` does; its guess of how pictures are taken is the file's own."""
    from cnn.importing import arrival as arrivals
    from cnn.importing import file_requests
    from cnn.importing.class_names import data_set_of, read_labels

    here = arrivals.receive_file(file.read_bytes(), file.name)
    facts = arrivals.facts_from_json(file_requests.examine(here.id, here.name)["facts"])
    names = read_labels(labels.read_text("utf-8"), facts.classes)
    data = data_set_of(names, facts.shape, facts.shape[2] == 1)
    made = file_requests.add(here.id, here.name, asdict(INPUT_FORMS[facts.likely].form), data, list(names), "Again")
    return load_own_network(made["name"])


def test_what_was_taken_home_is_brought_again(folder: Path, taught: Source) -> None:
    """It answers photos of any size as before; the two formats that cannot be read say which can."""
    photos = like_and_unlike(taught)
    again = brought_again(folder / "network.keras", folder / "labels.json")
    shares = Source(again.name, "", again.card.classes, again).page_answers(photos)["probabilities"]
    assert np.abs(shares - taught.page_answers(photos)["probabilities"]).max() < proof.TOLERANCE
    for file in ("network.tflite", "network.onnx"):
        with pytest.raises(BadInput, match=r"Bring network\.keras"):
            brought_again(folder / file, folder / "labels.json")


@pytest.mark.parametrize("kind", ["tflite", "onnx", pytest.param("keras", marks=pytest.mark.slow)])
def test_the_script_answers_a_photo(folder: Path, taught: Source, tmp_path: Path, kind: str) -> None:
    """Away from ConvScope; it turns the photo as its EXIF says, and lays it over white."""
    script = (folder / "run.py").read_text("utf-8")
    assert len(script.splitlines()) <= 60
    photos = like_and_unlike(taught)
    for pixels, none in zip(photos, (False, True), strict=True):
        Image.fromarray(pixels).save(tmp_path / f"{none}.png")
    command = [sys.executable, "run.py", f"network.{kind}", str(tmp_path / "False.png"), str(tmp_path / "True.png")]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()
    wanted = taught.page_answers(photos)["probabilities"]
    for line, shares, none in zip(said, wanted, (False, True), strict=True):
        best = int(shares.argmax())
        assert f"{LABELS[best]}: {shares[best]:.4f}"[:-1] in line
        assert ("none of these" in line) is none


def like_and_unlike(taught: Source) -> list[Pixels]:
    """Give a photo of a taught kind, and one that is none of the classes to the pages."""
    noise = np.random.default_rng(2).integers(0, 256, (32, 32, 3), np.uint8)
    photos = [noise * np.array([1, 0, 0], np.uint8), np.full((40, 30, 3), (30, 180, 60), np.uint8)]
    like, unlike = taught.page_answers(photos)["familiarity"]
    assert like > taught.network.card.threshold + 0.01 > unlike + 0.02
    return photos


def test_the_web_page_answers_from_a_disk_without_a_network(
    chromium: Path, folder: Path, taught: Source, tmp_path: Path
) -> None:
    """It has checked itself, answers a photo as the pages do, asks nobody for anything, and runs no label."""
    photos = like_and_unlike(taught)
    for at, pixels in enumerate(photos):
        Image.fromarray(pixels).save(tmp_path / f"{at}.png")
    wanted = taught.page_answers(photos)["probabilities"]
    asked = in_own_thread(
        partial(_look_at_page, folder / "index.html", [tmp_path / "0.png", tmp_path / "1.png"], wanted)
    )
    assert set(asked) <= {"file", "blob", "data"}


def _look_at_page(index: Path, photos: list[Path], wanted: Array) -> list[str]:
    """Bring photos, the second of none of the classes, and compare what stands there with `wanted`, (n, classes).

    Returns: what the page asked for and what went wrong.
    """
    asked: list[str] = []
    with window() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(index.as_uri())
        expect(page.locator("#state")).to_contain_text("Ready", timeout=PATIENCE_MS)
        rows = page.locator("#bars li")
        for photo, shares, none in zip(photos, wanted, (False, True), strict=True):
            page.locator("#file").set_input_files(photo)
            expect(page.locator("#none")).to_be_visible(visible=none, timeout=PATIENCE_MS)
            expect(rows).to_have_count(len(LABELS), timeout=PATIENCE_MS)
            for row, at in zip(rows.all(), np.argsort(-shares), strict=True):
                expect(row.locator("span")).to_have_text(LABELS[at])
                expect(row.locator("b")).to_have_text(f"{100 * shares[at]:.1f} %")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return asked


def test_an_operation_that_onnx_has_not_is_told(tmp_path: Path) -> None:
    """tf2onnx writes a convolution in groups as a call of TensorFlow's, which ONNX Runtime does not know."""
    from onnx import TensorProto, helper, save

    from cnn.bundle.formats import FORMATS

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "ab"]
    call = helper.make_node("StatefulPartitionedCall", ["a"], ["b"])
    graph = helper.make_graph([call], "grouped", ends[:1], ends[1:])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "network.onnx")
    with pytest.raises(BrokenNetwork, match="in groups"):
        FORMATS["network.onnx"].read(tmp_path / "network.onnx")


def test_a_difference_is_an_error() -> None:
    pictures = [np.zeros((4, 4, 3), np.uint8)] * 2
    wanted = np.array([[0.5, 0.5], [0.9, 0.1]], np.float32)
    like = np.array([0.3, 0.7], np.float32)
    both = {"probabilities": wanted, "familiarity": like}

    def answered(probabilities: Array, familiarity: Array) -> Callable[[object], dict[str, Array]]:
        rows = zip(probabilities, familiarity, strict=True)
        return lambda _: dict(zip(both, next(rows), strict=True))

    assert proof.largest_difference("X", answered(wanted, like), pictures, both) == 0
    for wrong in (
        answered(wanted + 2e-3, like),
        answered(wanted, like - 2e-3),
        answered(wanted * np.nan, like),
        lambda _: {"probabilities": wanted[0]},
    ):
        with pytest.raises(BrokenNetwork, match="X does not answer as the pages do"):
            proof.largest_difference("X", wrong, pictures, both)


@pytest.mark.parametrize("size", [32, 224])
def test_a_photo_is_resized_inside_as_outside(size: int) -> None:
    """To the byte, but for what falls between two."""
    from cnn.bundle import picture_input

    random = np.random.default_rng(0)
    resize = size if size == 32 else 256
    for sides in ((300, 451), (451, 300), (20, 31), (256, 256), (500, 120)):
        photo = random.integers(0, 256, (*sides, 3), np.uint8)
        made = np.asarray(picture_input.photo_pixels(photo[None], size, resize))[0]
        apart = np.abs(made - resize_for_network(photo, size, resize)) * 255
        assert apart.max() < 1.5 and (apart > 0.1).mean() < 0.01, sides


@pytest.mark.parametrize("called", ["../../etc/passwd", "C:\\x", "", "=cmd()", "pets\n# x", "七"])
def test_a_name_is_never_a_path(called: str, taught: Source) -> None:
    made = card_files.folder_name(Source("own/12345678", called, LABELS, taught.network))
    assert made and not set(made) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "\n" not in card_files.one_line(called)


def test_an_unknown_network_is_told(own_home: None) -> None:
    with pytest.raises(UnknownName, match=r"No network named 'mnist/\.\./x'"):
        find_source("mnist/../x")


def _child(code: str) -> tuple[str, ...]:
    return sys.executable, "-c", code


def test_why_a_child_failed_is_told(tmp_path: Path) -> None:
    with pytest.raises(client.ExportFailed, match=r"^Keras does not agree$"):
        client.export_network(
            "x", tmp_path / "x.zip", command=_child("import sys; sys.exit('noise\\nKeras does not agree')")
        )


def test_steps_are_told_and_a_stop_ends_the_child(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    code = 'print(\'{"done": 1, "of": 3, "words": "Writing"}\', flush=True); import sys; sys.stdin.read()'

    def on_step(*step: object) -> None:
        told.append(step)  # type: ignore[arg-type]

    with pytest.raises(Cancelled):
        client.export_network("x", tmp_path / "x.zip", on_step, lambda: bool(told), command=_child(code))
    assert told == [(1, 3, "Writing")]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("name", zoo.network_names())
def test_every_shipped_network_can_be_taken_home(name: str, own_home: None, tmp_path: Path) -> None:
    """In the child process, as the pages do it; the proof stands in the card; what names things is brought again."""
    client.export_network(name, target := tmp_path / "network.zip")
    assert len(client.read_card(target)["proof"]) == len(client.FORMATS)
    source = find_source(name)
    if not source.classes:
        return
    with ZipFile(target) as held:
        held.extractall(tmp_path)
    (inside,) = (one for one in tmp_path.iterdir() if one.is_dir())
    again = brought_again(inside / "network.keras", inside / "labels.json")
    pictures = proof.proof_pictures(source)[:8]
    shares = Source(again.name, "", again.card.classes, again).page_answers(pictures)["probabilities"]
    assert np.abs(shares - source.page_answers(pictures)["probabilities"]).max() < proof.TOLERANCE
