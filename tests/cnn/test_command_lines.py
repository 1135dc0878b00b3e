"""What commands say at their end, as a sentence and as JSON, where the work itself is tested elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from cnn import cluster, commands
from cnn.__main__ import main
from cnn.bundle import client
from cnn.errors import BadInput
from cnn.importing import arrival, file_answers
from cnn.importing.arrival import ModelFacts
from cnn.importing.guesses import GuessedAnswer
from cnn.sweeps.sweep import Sweep, TrialResult
from cnn.zoo import fetch

Said = pytest.CaptureFixture[str]
FACTS = ModelFacts("keras", (32, 32, 3), False, 10, "softmax", 12_345, 7, (), (), "unit", 8, True, 0.0)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (FACTS, "It takes pictures of 32x32 pixels in colour, tells 10 classes apart, and ends in a softmax"),
        (
            ModelFacts("onnx", (28, 28, 1), True, 1000, "sigmoid", 9, 2, (), (), "unit", 0, False, 0.0),
            "pictures of 28x28 pixels in grey (any size; this was chosen), tells 1,000 classes apart, and ends in a si",
        ),
    ],
    ids=["colour", "grey"],
)
def test_what_a_file_holds_is_a_sentence(facts: ModelFacts, said: str) -> None:
    assert said in file_answers.facts_sentence(facts)
    assert f"{facts.layers} layers, {facts.parameters:,} parameters." in file_answers.facts_sentence(facts)


def test_a_guess_is_a_line_with_the_best_answers() -> None:
    line = file_answers.guess_line(GuessedAnswer("unit", ((1, 0.75), (0, 0.2))), ("cat", "dog"))
    assert line.startswith("unit ")
    assert line.endswith("dog 75%, cat 20%")


def test_classes_are_named_by_whoever_names_them_first(tmp_path: Path) -> None:
    listed = tmp_path / "labels.txt"
    listed.write_text("cat\ndog\n")
    assert commands._class_labels(str(listed), ("a", "b"), 2, digits=False) == ("cat", "dog")
    assert commands._class_labels(None, ("a", "b"), 2, digits=False) == ("a", "b")
    assert commands._class_labels(None, (), 10, digits=True) == tuple("0123456789")
    assert len(set(commands._class_labels(None, (), 3, digits=False))) == 3
    assert len(commands._class_labels("imagenet", (), 1000, digits=False)) == 1000
    with pytest.raises(BadInput, match="It holds a name a line"):
        commands._class_labels(str(tmp_path / "none.txt"), (), 2, digits=False)


def test_photos_below_a_folder_stand_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.png", "in/a.png", ".hidden"):
        (tmp_path / name).write_bytes(b"")
    there = list(commands._photos([tmp_path, Path("x.png")]))
    assert there == [tmp_path / "b.png", tmp_path / "in/a.png", Path("x.png")]


def test_a_folder_of_pictures_is_the_set_to_train_on(tmp_path: Path, capsys: Said) -> None:
    assert commands._training_data("mnist") == "mnist"
    for kind in ("red", "blue"):
        (tmp_path / kind).mkdir()
        for at in range(10):
            pixels = np.full((40, 40, 3), 20 * at, np.uint8)
            Image.fromarray(pixels).save(tmp_path / kind / f"{at}.png")
    (tmp_path / "red" / "bad.png").write_bytes(b"no picture")
    name = commands._training_data(str(tmp_path))
    said = capsys.readouterr()
    assert said.out.startswith(f"{name}: ")
    assert "2 classes" in said.out
    assert "bad.png" in said.err


def test_what_was_packed_is_told_with_its_proof(tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = {"file": "network.tflite", "bytes": 3 * 2**20, "pictures": 64, "largest_difference": 1.5e-7}
    card = {"proof": [proof], "missing": {"onnx": "No ONNX: an operation is missing."}}

    def pack(name: str, target: Path, on_step: Callable[[int, int, str], None], files: list[str]) -> None:
        assert (name, files) == ("mnist/lenet", ["network.tflite"])
        on_step(1, 2, "Writing")
        with ZipFile(target, "w") as packed:
            packed.writestr("lenet/card.json", json.dumps(card))

    monkeypatch.setattr(client, "export_network", pack)
    asked = ["export", "mnist/lenet", "--format", "tflite", "--out", str(target := tmp_path / "x.zip")]
    assert main(asked) == 0
    said = capsys.readouterr()
    assert "3.0 MB   answered 64 pictures as the pages do, to 1.5e-07" in said.out
    assert f"Written to {target}." in said.out
    assert "No ONNX" in said.err
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == proof | {"network": "mnist/lenet", "zip": str(target)}


def test_a_fetched_network_says_how_it_is_asked(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(name: str, on_bytes: Callable[[int, int], None], stopped: Callable[[], bool]) -> None:
        assert name == "imagenet/vgg16"
        on_bytes(1, 2)
        assert not stopped()

    monkeypatch.setattr(fetch, "fetch_network", fetched)
    assert main(["fetch", "vgg16"]) == 0
    assert "python -m cnn predict PHOTO --data imagenet --architecture vgg16" in capsys.readouterr().out


def test_a_sweep_says_who_did_best_and_what_is_not_over(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(sweep: Sweep, tell: Callable[[dict[str, object]], None], address: str, cpus: int) -> list[TrialResult]:
        tell({"at": 0, "state": "running", "step": 3})
        tell({"at": 0, "state": "done"})
        return [
            TrialResult(0, "a", "done", 0.9, 9, 10, 1.0),
            TrialResult(1, "b", "done", 0.8, 8, 10, 1.0),
            TrialResult(2, "c", "failed", 0.0, 0, 0, 1.0),
        ]

    ray_tune = SimpleNamespace(run_sweep=run)  # the real one loads Ray, which need not be there
    monkeypatch.setitem(sys.modules, "cnn.sweeps.ray_tune", ray_tune)
    asked = ["sweep", "lenet", "--rates", "1e-3,1e-2", "--seeds", "2", "--data", "mnist", "--epochs", "1"]
    assert main([*asked, "--json"]) == 1, "one of four is not over"
    good, bad = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (good["accuracies"], good["failed"], good["waiting"]) == ([0.9, 0.8], 0, 0)
    assert (bad["accuracies"], bad["failed"], bad["waiting"]) == ([], 1, 1)
    main(asked)
    said = capsys.readouterr().out.splitlines()
    assert "held out 85.00% (80.00% to 90.00%)" in said[0]
    assert "no result   1 failed" in said[1]


def test_a_network_is_shown_what_each_guess_makes_of_a_photo(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`add FILE --photo`: nothing is put on the shelf, and the arrival is forgotten."""
    from cnn import importing
    from cnn.importing import guesses

    photo, file = tmp_path / "photo.png", tmp_path / "model.keras"
    Image.new("RGB", (40, 40)).save(photo)
    file.write_bytes(b"whatever")
    came: list[arrival.Arrival] = []
    monkeypatch.setattr(importing, "examine_file", lambda one, side: came.append(one) or FACTS)
    monkeypatch.setattr(guesses, "open_core", lambda one: None)
    monkeypatch.setattr(guesses, "photo_for", lambda core, pixels: pixels)
    answers = [GuessedAnswer("unit", ((1, 0.75),))]
    monkeypatch.setattr(importing, "guess_answers", lambda core, picture, forms: answers)
    assert main(["add", str(file), "--photo", str(photo)]) == 0
    said = capsys.readouterr()
    assert "tells 10 classes apart" in said.err
    assert "75%" in said.out
    assert "--input NAME" in said.out
    assert main(["add", str(file), "--input", "upside down"]) == 1
    assert "way to take pictures" in capsys.readouterr().err
    assert main(["add", str(tmp_path / "none.keras")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert len(came) == 2


def test_photos_answered_on_a_cluster_are_counted(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[list[Path]] = []

    def answer(
        photos: Iterator[Path], names: list[str], address: str, out: Path, say: object
    ) -> cluster.ClusterAnswers:
        answered.append(list(photos))
        assert (names, address, out) == (["imagenet/squeezenet"], "local", tmp_path / "rows")
        return cluster.ClusterAnswers(photos=2000, before=5, errors=len(answered) - 1, seconds=1.2, actors=2)

    monkeypatch.setattr(cluster, "predict_on_cluster", answer)
    asked = ["predict", "a.png", "--network", "imagenet/squeezenet", "--ray", "local"]
    out = ["--out", str(tmp_path / "rows")]
    assert main([*asked, *out]) == 0
    assert capsys.readouterr().out.startswith("2,000 photos in 1 s by 2 actors, 0 of them unreadable; 5 were answered")
    assert main([*asked, *out, "--json"]) == 1, "one of them was unreadable"
    assert json.loads(capsys.readouterr().out)["actors"] == 2
    assert answered[0] == [Path("a.png")]
    assert main(asked) == 1
    assert "name a folder for it with --out" in capsys.readouterr().err
