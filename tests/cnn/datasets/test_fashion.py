"""Fashion-MNIST as Keras keeps it: read without Keras, and told where it is not there or damaged."""

from pathlib import Path

import pytest

from cnn import __main__ as command_line
from cnn.datasets.dataset import FASHION, FOLDER_VARIABLE, find_data_set
from cnn.datasets.training_sets import training_set
from cnn.errors import MissingData
from tests.support.fake_clothes import write_clothes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def test_pictures_and_labels_are_read_past_their_heads(folder: Path) -> None:
    assert not training_set("fashion").here
    write_clothes(folder)
    assert training_set("fashion").here
    split = find_data_set("fashion").read("train")
    assert split.images.shape == (60, 28, 28, 1)
    assert split.labels[:12].tolist() == [*range(10), 0, 1]
    assert (split.images[3, :, 0, 0].nonzero()[0] == [10]).all()
    assert len(find_data_set("fashion").read("test").labels) == 30
    assert training_set("fashion").classes[7] == "Sneaker"


def test_a_missing_or_damaged_file_is_told(folder: Path) -> None:
    with pytest.raises(MissingData, match="Set CONVSCOPE_DATA"):
        training_set("fashion").read()
    write_clothes(folder)
    file = folder / FASHION / "t10k-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(MissingData, match="Fashion-MNIST could not be read"):
        find_data_set("fashion").read("test")


def test_what_cannot_come_of_it_is_told_before_the_training(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["train", "lenet", "--data", "fashion"]) != 0
    assert "add --frames" in capsys.readouterr().err
