"""`python -m cnn predict | list`: one JSON line for each input, digit and network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from cnn import zoo
from cnn.__main__ import main
from cnn.datasets import evaluation_sets, synthetic_handwriting
from cnn.datasets.dataset import Split
from cnn.media import image_decoding
from cnn.paths import ASSETS
from cnn.zoo.litert_runner import LiteRTRunner

Rows = list[dict[str, Any]]


def asked(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Rows:
    assert main(["predict", *map(str, arguments), "--json"]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def written(label: int, seed: int, x: float = 0.0, size: float = 100.0) -> list[list[list[float]]]:
    strokes = synthetic_handwriting.write_digit(label, np.random.default_rng(seed))
    return [(stroke * size + (x, 0)).round(1).tolist() for stroke in strokes]


def jsonl(path: Path, drawings: Sequence[object]) -> Path:
    path.write_text("".join(f"{json.dumps(drawing)}\n" for drawing in drawings))
    return path


def digit_picture(label: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawings = [synthetic_handwriting.write_digit(label, rng)]
    return (synthetic_handwriting.render_handwriting(drawings, rng)[0] * 255).astype(np.uint8)


def test_a_drawing_is_answered_by_every_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"strokes": written(7, 2)}, {"strokes": written(3, 1)}])
    rows = asked(capsys, path, "--architecture", "all")
    assert [(row["input"], row["network"]) for row in rows] == [
        (f"{path}:{line}", name) for line in (1, 2) for name in zoo.network_names("mnist")
    ]
    for row in rows:
        assert row["top"][0]["class"] == (7 if row["input"].endswith(":1") else 3)
        assert row["top"][0]["label"] == str(row["top"][0]["class"])
        assert [entry["probability"] for entry in row["top"]] == sorted(
            (entry["probability"] for entry in row["top"]), reverse=True
        )
        assert row["is_digit"] is True
        assert row["milliseconds"] > 0
        assert "box" not in row


def test_one_architecture_may_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"strokes": written(2, 1)}])
    assert [row["network"] for row in asked(capsys, path, "--architecture", "vgg")] == ["mnist/vgg"]


def test_size_and_place_do_not_matter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"strokes": written(5, 3)}, {"strokes": written(5, 3, x=900, size=30)}])
    one, other = asked(capsys, path, "--architecture", "vgg")
    assert one["top"][0]["probability"] == pytest.approx(other["top"][0]["probability"], abs=0.02)


def test_several_digits_come_from_left_to_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strokes = written(4, 6, x=300) + written(2, 1, x=0) + written(7, 2, x=600)
    rows = asked(capsys, jsonl(tmp_path / "a.jsonl", [{"strokes": strokes}]), "--architecture", "vgg")
    assert [row["top"][0]["label"] for row in rows] == ["2", "4", "7"]
    lefts = [row["box"][0] for row in rows]
    assert lefts == sorted(lefts)
    assert all(len(row["box"]) == 4 for row in rows)


@pytest.mark.parametrize(("strokes", "nothing"), [([], "blank"), ([[[5, 5]]], "dot"), ([[[5, 5], [5, 5]]], "dot")])
def test_nothing_has_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str], strokes: object, nothing: str) -> None:
    rows = asked(capsys, jsonl(tmp_path / "a.jsonl", [{"strokes": strokes}]))
    assert [row["network"] for row in rows] == list(zoo.network_names("mnist"))
    assert all(row["nothing"] == nothing and row["top"] == [] and row["is_digit"] is False for row in rows)


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "7", '{"strokes": 7}', '{"strokes": [["a"]]}', '{"strokes": [[[1, NaN], [2, 2]]]}', '{"points": []}'],
)
def test_a_bad_line_says_why_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{line}\n{json.dumps({'strokes': written(7, 2)})}\n")
    bad, good = asked(capsys, path, "--architecture", "vgg", code=1)
    assert bad["input"] == f"{path}:1"
    assert len(bad["error"]) > 20
    assert (good["input"], good["top"][0]["class"]) == (f"{path}:2", 7)


@pytest.mark.parametrize("inverted", [False, True])
def test_pictures_are_read_in_both_polarities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], inverted: bool
) -> None:
    pixels = digit_picture(8)
    Image.fromarray(255 - pixels if inverted else pixels).save(tmp_path / "eight.png")
    rows = asked(capsys, tmp_path / "eight.png", "--architecture", "vgg")
    assert [row["top"][0]["label"] for row in rows] == ["8"]
    assert rows[0]["input"] == str(tmp_path / "eight.png")


def test_sixteen_bits_are_not_clipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(digit_picture(8).astype(np.uint16) * 257).save(tmp_path / "deep.png")
    assert asked(capsys, tmp_path / "deep.png", "--architecture", "vgg")[0]["top"][0]["label"] == "8"


def test_bad_files_say_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(digit_picture(8)).save(tmp_path / "good.png")
    whole = (tmp_path / "good.png").read_bytes()
    contents = {"empty.png": b"", "text.png": b"hello", "half.png": whole[: len(whole) // 2]}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    names = [*contents, "missing.png", "missing.jsonl", "good.png"]
    rows = asked(capsys, *(tmp_path / name for name in names), "--architecture", "vgg", code=1)
    assert [Path(row["input"]).name for row in rows] == names
    assert ["error" in row for row in rows] == [True] * 5 + [False]


def test_paper_without_ink_has_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (200, 200), 240).save(tmp_path / "paper.png")
    rows = asked(capsys, tmp_path / "paper.png")
    assert {row["nothing"] for row in rows} == {"no ink"}


def test_a_scribble_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    letters = [
        [stroke.tolist() for stroke in synthetic_handwriting.write_letter(rng, held_out=True)] for _ in range(30)
    ]
    rows = asked(capsys, jsonl(tmp_path / "a.jsonl", [{"strokes": strokes} for strokes in letters]))
    assert np.mean([not row["is_digit"] for row in rows]) > 0.6


def test_thousands_keep_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawings = [{"strokes": written(1, 0) if i % 3 else []} for i in range(600)]
    rows = asked(capsys, jsonl(tmp_path / "a.jsonl", drawings), "--architecture", "vgg")
    assert [int(row["input"].rsplit(":", 1)[1]) for row in rows] == list(range(1, 601))
    assert [bool(row["top"]) for row in rows] == [bool(i % 3) for i in range(600)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["a.jsonl", "A.JSONL"])
def test_drawings_are_read_in_every_encoding_of_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str, name: str
) -> None:
    lines = f"{json.dumps({'strokes': written(7, 2)})}\r\n{json.dumps({'strokes': written(3, 1), 'word': '七'})}\n"
    (tmp_path / name).write_bytes(lines.encode(encoding))
    rows = asked(capsys, tmp_path / name, "--architecture", "vgg")
    assert [row["top"][0]["class"] for row in rows] == [7, 3]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize("name", ["七.png", "smile\N{GRINNING FACE}.png", "half\udc80.png"])
def test_every_name_can_be_printed_on_every_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, name: str
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"strokes": written(7, 2)}))
    terminal = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(terminal, encoding, write_through=True))
    assert main(["predict", str(tmp_path / name), str(tmp_path / "a.jsonl"), "--architecture", "vgg"]) == 1
    first, second = terminal.getvalue().decode(encoding).splitlines()
    assert name.encode(encoding, "backslashreplace").decode(encoding) in first
    assert " 7 " in second


@pytest.mark.parametrize("error", [RuntimeError("odd"), ZeroDivisionError(), MemoryError(), AssertionError()])
@pytest.mark.parametrize("data", ["mnist", "cifar10"])
def test_whatever_one_input_raises_the_others_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data: str, error: Exception
) -> None:
    for name in ("bad.png", "good.png"):
        Image.fromarray(digit_picture(8)).save(tmp_path / name)
    read = image_decoding.decode_image_file

    def reads(path: Path, **how: Any) -> image_decoding.Photo:
        if path.name == "bad.png":
            raise error
        return read(path, **how)

    monkeypatch.setattr(image_decoding, "decode_image_file", reads)
    paths = [tmp_path / name for name in ("bad.png", "good.png")]
    bad, good = asked(capsys, *paths, "--data", data, "--architecture", "vgg", code=1)
    assert bad["error"].startswith("bad.png" if data != "mnist" else str(paths[0]))
    assert type(error).__name__ in bad["error"]
    assert good["top"]


def test_a_line_of_two_taps_is_told_and_the_batch_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taps = {"strokes": [[[0, 0]], [[100, 0]]]}
    path = jsonl(tmp_path / "a.jsonl", [taps, {"strokes": written(7, 2)}])
    dot, digit = asked(capsys, path, "--architecture", "vgg")
    assert (dot["nothing"], digit["top"][0]["class"]) == ("dot", 7)


def test_without_json_it_speaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"strokes": written(7, 2)}, {"strokes": []}, "bad"])
    assert main(["predict", str(path), "--architecture", "vgg"]) == 1
    first, second, third = capsys.readouterr().out.splitlines()
    assert "mnist/vgg" in first
    assert " 7 " in first
    assert "blank" in second
    assert "no drawing" in third


def test_list_prints_the_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["network"] for row in rows] == list(zoo.network_names())
    assert all(row["accuracy"] > 0.98 for row in rows if row["data"] == "mnist")


def test_evaluate_measures_what_the_cards_say(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a machine with no more than the app; and with labels that are off by one nothing is right."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    assert main(["evaluate", "--json", "--architecture", "lenet"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["network"], row["pictures"]) == ("mnist/lenet", 10_000)
    assert row["accuracy"] == zoo.read_card("mnist/lenet").accuracy
    read = evaluation_sets.PictureSet.read
    monkeypatch.setattr(
        evaluation_sets.PictureSet, "read", lambda of: Split(read(of).images[:99], (read(of).labels[:99] + 1) % 10)
    )
    assert main(["evaluate", "--json", "--architecture", "lenet"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] < 0.1


def test_evaluate_takes_the_photos_that_come_with_the_app(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    assert main(["evaluate", "--json", "--data", "cifar10", "--architecture", "lenet"]) == 0
    captured = capsys.readouterr()
    row = json.loads(captured.out)
    assert row["pictures"] == 2_000
    assert row["accuracy"] == pytest.approx(zoo.read_card("cifar10/lenet").accuracy, abs=0.03)
    assert "2,000" in captured.err
    assert "JPEG" in captured.err


def test_evaluate_asks_the_mirror_image_of_photos_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONVSCOPE_DATA", raising=False)
    asked = ["evaluate", "--json", "--mirror", "--data", "cifar10", "--set", "cifar10-2000", "--architecture", "lenet"]
    assert main(asked) == 0
    photos = evaluation_sets.find_picture_set("cifar10-2000").read()
    images, runner = photos.images.astype(np.float32) / np.float32(255), zoo.load_network("cifar10/lenet").runner
    both = runner(images) + runner(np.ascontiguousarray(images[:, :, ::-1]))
    right = float((both.argmax(axis=1) == photos.labels).mean())
    assert json.loads(capsys.readouterr().out)["accuracy"] == round(right, 4)
    assert right != float((runner(images).argmax(axis=1) == photos.labels).mean())
    assert main(["evaluate", "--mirror", "--data", "mnist"]) == 1
    assert "mirror image of a digit" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["n07920052", "967", "Espresso"])
def test_evaluate_takes_a_folder_of_ones_own_photos(
    folder: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A folder a class, named by synset, label or name; what is no photo is counted."""
    for name, photo in ((folder, "coffee.jpg"), ("sports_car", "cat.jpg")):
        (tmp_path / name).mkdir()
        shutil.copy(ASSETS / "photos" / photo, tmp_path / name)
    (tmp_path / folder / "notes.txt").write_text("hot")
    assert main(["evaluate", "--json", "--data", "imagenet", "--folder", str(tmp_path)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    row = next(row for row in rows if row["network"] == "imagenet/efficientnet_lite0")
    assert (row["accuracy"], row["pictures"], row["unreadable"]) == (0.5, 2, 1)
    low, high = row["interval"]
    assert low < row["accuracy"] < high


@pytest.mark.parametrize(("name", "why"), [("unicorn", "'unicorn' is no class"), ("crane", "names several classes")])
def test_a_folder_that_names_no_class_is_told(
    name: str, why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / name).mkdir()
    assert main(["evaluate", "--data", "imagenet", "--folder", str(tmp_path)]) == 1
    assert why in capsys.readouterr().err


def test_imagenet_without_a_folder_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--data", "imagenet"]) == 1
    assert "--folder" in capsys.readouterr().err


def test_calibrate_writes_the_cards_anew(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mnist").mkdir()
    for path in (zoo.NETWORKS_FOLDER / "mnist").glob("vgg.*"):
        shutil.copy(path, tmp_path / "mnist")
    card = zoo.read_card("mnist/vgg")
    monkeypatch.setattr(zoo, "NETWORKS_FOLDER", tmp_path)
    monkeypatch.setattr(zoo, "network_names", lambda *_, **__: ("mnist/vgg",))
    monkeypatch.setattr(
        zoo, "load_network", lambda name: zoo.Network(replace(card, accuracy=0.5), cast(LiteRTRunner, None))
    )
    monkeypatch.setattr(
        "cnn.evaluation.calibration.calibrate_and_measure",
        lambda network, _: replace(network.card, caught={"letters": 0.25}),
    )
    monkeypatch.setattr("cnn.datasets.dataset.DataSet.load", lambda _: {})
    assert main(["calibrate", "--data", "mnist", "--architecture", "vgg"]) == 0
    assert "letters 25%" in capsys.readouterr().out
    written = json.loads((tmp_path / "mnist" / "vgg.json").read_text())
    assert written == json.loads(json.dumps(asdict(replace(card, accuracy=0.5, caught={"letters": 0.25}))))


def test_classes_of_ones_own_are_taught_from_folders_and_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reddish against bluish photos; a file that is no photo is told and takes nothing down, in both commands."""
    monkeypatch.setenv("CONVSCOPE_HOME", str(tmp_path / "home"))
    rng = np.random.default_rng(0)
    photos = tmp_path / "photos"
    for name, colour in {"*red*": (200, 40, 40), "blue": (40, 40, 200)}.items():
        (photos / name).mkdir(parents=True)
        for i in range(12):
            pixels = np.clip(np.array(colour) + rng.normal(0, 30, (32, 32, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(photos / name / f"{i:02}.png")
    (photos / "blue" / "notes.txt").write_text("no photo")
    assert main(["teach", str(photos), "--name", "colours", "--trunk", "cifar10/lenet", "--fine-tune", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["fine_tuning"]["asked"], said["fine_tuning"]["frozen"]) == (24, 24)
    assert said["classes"] == {"*red*": 12, "blue": 12}
    assert said["cross_validated"] == 1
    assert (said["skipped"], said["more_for_half"]) == (1, 72)
    assert main(["predict", str(photos), "--network", "colours", "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 25
    assert sum("error" in row for row in rows) == 1
    assert all(row["top"][0]["label"] == Path(row["input"]).parent.name for row in rows if "top" in row)
    assert main(["predict", str(photos / "blue" / "00.png"), "--network", "colours"]) == 0
    assert "blue" in capsys.readouterr().out


def test_networks_of_ones_own_are_listed_renamed_asked_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn.home import HOME_VARIABLE
    from cnn.shelf import Shelf

    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    files = {".tflite": (zoo.NETWORKS_FOLDER / "mnist/lenet.tflite").read_bytes()}
    entry = Shelf().add(replace(zoo.read_card("mnist/lenet"), title="mine"), files)

    def shelf(*arguments: str) -> Rows:
        assert main(["shelf", "--json", *arguments]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    rows = shelf("--rename", "mine", "ours", "--describe", "ours", "A first try")
    assert [(row["id"], row["title"], row["description"]) for row in rows] == [(entry.id, "ours", "A first try")]
    drawing = jsonl(tmp_path / "seven.jsonl", [{"strokes": written(7, 1)}])
    ours, shipped = (asked(capsys, drawing, "--architecture", name)[0] for name in ("ours", "lenet"))
    assert (ours["network"], ours["top"]) == (entry.name, shipped["top"])
    assert shelf("--delete", "ours") == []
    assert main(["predict", str(drawing), "--architecture", "ours"]) == 1
    assert [row["id"] for row in shelf("--restore", "ours")] == [entry.id]
    assert main(["shelf", "--restore", "never"]) == 1
