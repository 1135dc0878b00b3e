"""A folder of one's own pictures as a data set: read, cut, kept, and told what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnn import __main__ as command_line
from cnn.datasets import own_pictures
from cnn.datasets.dataset import find_data_set
from cnn.datasets.evaluation_sets import evaluation_sets_for
from cnn.datasets.own_pictures import PictureFile
from cnn.datasets.training_sets import training_set
from cnn.errors import BadInput, MissingData, UnknownName
from cnn.home import HOME_VARIABLE
from cnn.runs.settings import RunSettings, augmentations_for
from tests.support.own_pictures import colored_file, keep_colored


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


def test_every_picture_is_in_one_part_and_every_class_in_each() -> None:
    kept = keep_colored(("cat", "dog", "cow"), each=20)
    assert (kept.training, kept.validation, kept.test) == (42, 9, 9)
    splits = find_data_set(kept.name).load()
    assert [len(one.labels) for one in splits.values()] == [42, 9, 9]
    assert all(set(one.labels.tolist()) == {0, 1, 2} for one in splits.values())
    every = np.concatenate([one.images for one in splits.values()])
    assert every.shape == (60, 32, 32, 3)
    assert len({one.tobytes() for one in every}) == 60
    for split in splits.values():  # the shade of a class is that of its label: cow, then dog, then cat by name
        shade = split.images.mean(axis=(1, 2, 3))
        assert (np.abs(shade - 20 - np.array([0, 40, 20])[split.labels]) < 5).all()
    data = training_set(kept.name)
    assert (data.pictures, data.classes, data.shape) == (42, ("cat", "cow", "dog"), (32, 32, 3))
    assert augmentations_for(kept.name) == ("none", "shift", "mirror")
    (of,) = evaluation_sets_for(kept.name)
    assert (of.pictures, of.read().labels.tolist()) == (9, splits["test"].labels.tolist())


def test_what_is_brought_twice_is_one_set_and_each_person_has_their_own() -> None:
    first = keep_colored(("cat", "dog"))
    assert keep_colored(("cat", "dog")) == first
    other = keep_colored(("cat", "dog"), owner="somebody else")
    assert other.name != first.name
    assert {one.name for one in own_pictures.list_own_pictures()} == {first.name, other.name}


def test_names_mean_nothing_in_markdown() -> None:
    odd = "![x](http://example.com/a.png) **cat**_1"
    kept = keep_colored((odd, "dog"))
    assert kept.classes[0] == "dog"
    assert not set("![]*/:_.") & set(kept.classes[1])


def test_what_is_left_out_is_told() -> None:
    files = [colored_file(name, at, 0) for name in ("cat", "dog") for at in range(6)]
    files += [PictureFile("cat", "bad.png", lambda: b"no picture"), colored_file("cow", 1, 0), colored_file("", 2, 0)]
    kept, skipped = own_pictures.keep_pictures("pets", files, "me")
    assert kept.classes == ("cat", "dog")
    assert len(skipped) == 3
    assert "bad.png" in skipped[0]
    assert "no folder that has a name" in skipped[1]
    assert "cow has 1 pictures; a class needs 6" in skipped[2]
    with pytest.raises(BadInput, match="1 classes have 6 pictures or more"):
        own_pictures.keep_pictures("pets", files[:6], "me")


def test_a_set_that_went_is_told(empty_home: Path) -> None:
    kept = keep_colored(("cat", "dog"))
    (empty_home / own_pictures.FOLDER / kept.name / "pictures.npz").unlink()
    with pytest.raises(MissingData, match="Bring the folder anew"):
        find_data_set(kept.name).read("test")
    for name in ("pictures-00000000", "pictures-../../x"):
        with pytest.raises(UnknownName):
            training_set(name)


def test_a_batch_is_no_larger_than_what_there_is_to_learn_from() -> None:
    kept = keep_colored(("cat", "dog"))
    assert RunSettings(data=kept.name, batch=8).steps_an_epoch == 1
    with pytest.raises(BadInput, match="Training pictures"):
        RunSettings(data=kept.name, batch=16)


def test_a_folder_without_folders_is_told_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flat").mkdir()
    assert command_line.main(["train", "lenet", "--data", str(tmp_path / "flat"), "--frames"]) == 1
    assert "0 classes have 6 pictures" in capsys.readouterr().err


def test_the_folder_above_the_classes_names_the_set() -> None:
    assert own_pictures.folder_title(["pets/cat/1.jpg", "pets/dog/2.jpg"]) == "pets"
    assert own_pictures.folder_title(["cat/1.jpg", "pets/dog/2.jpg"]) == ""
