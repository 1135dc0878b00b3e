"""Many photos on Ray: one row a photo, a bad one with its error, Parquet that a second command goes on from."""

from __future__ import annotations

import builtins
import shutil
from pathlib import Path
from typing import Any

import pytest

from cnn.cluster import predict_photos
from cnn.cluster.predict_photos import answered_before, predict_on_cluster
from cnn.errors import BadInput
from cnn.inference.photo_classification import classify_photo_files
from cnn.paths import ASSETS
from cnn.zoo import load_network

NETWORK = "cifar10/lenet"


def photos(folder: Path) -> list[Path]:
    for at in range(3):
        shutil.copyfile(ASSETS / "photos" / "cat.jpg", folder / f"cat{at}.jpg")
    (folder / "bad.jpg").write_bytes(b"no photo")
    return sorted(folder.iterdir())


def test_without_ray_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_ray(name: str, *more: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "ray":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", no_ray)
    with pytest.raises(BadInput, match="pip install -r requirements-cluster"):
        predict_on_cluster([tmp_path / "a.jpg"], [NETWORK], "local", tmp_path)


def test_an_actor_gives_a_row_a_photo_and_one_with_the_error_of_a_bad_one(tmp_path: Path) -> None:
    files = photos(tmp_path)
    rows = predict_photos.PhotoActor([NETWORK])({"input": [str(one) for one in files]})
    plain = list(classify_photo_files(files, [load_network(NETWORK)]))
    assert list(rows["input"]) == [str(one) for one in files]
    assert [bool(error) for error in rows["error"]] == [True, False, False, False]
    assert list(rows["class"][1:]) == [row["top"][0]["class"] for row in plain[1:]]
    assert rows["class"][0] == -1


@pytest.mark.slow
def test_ray_answers_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-cluster.txt")
    folder, out = tmp_path / "photos", tmp_path / "rows"
    folder.mkdir()
    files = photos(folder)
    first = predict_on_cluster(files[:3], [NETWORK], "local", out)
    assert (first.photos, first.before, first.errors) == (3, 0, 1)
    (out / "torn.parquet").write_bytes(b"PAR1 torn")
    second = predict_on_cluster(files, [NETWORK], "local", out)
    assert (second.photos, second.before, second.errors) == (1, 3, 0)
    assert not (out / "torn.parquet").exists()
    assert answered_before(out) == {str(one): one.name == "bad.jpg" for one in files}
    assert predict_on_cluster(files, [NETWORK], "local", out).before == 4
