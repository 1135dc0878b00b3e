"""A moment of a run becomes a network that answers as it did then, without TensorFlow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets.dataset import FOLDER_VARIABLE
from cnn.datasets.training_sets import training_set
from cnn.errors import BadInput
from cnn.evaluation import ood_samples
from cnn.evaluation.evaluate import evaluate_network
from cnn.layers import activations
from cnn.runs import frames
from cnn.runs.frames import Frame, FrameFigures
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunTable
from cnn.shelf import Shelf, load_own_network, shelf_folder
from tests.support.fake_clothes import write_clothes
from tests.support.own_pictures import keep_colored
from tests.support.shipped_weights import shipped_weights


def test_a_kept_network_answers_as_the_moment_did(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn.export.keras_twin import build_keras_twin
    from cnn.runs.keep import keep_network

    monkeypatch.setattr(ood_samples, "OOD_PER_KIND", 20)
    row = RunTable().add(RunSettings(epochs=4), "", "me")
    row.folder.mkdir(parents=True)
    figures = FrameFigures(250, 2.0, 0.1, 0.9, 0.1, 0.9, 7.0)
    frames.write_frame(row.folder, Frame(figures, shipped_weights(), np.zeros((1, 10), np.float32)))
    entry = keep_network(row, 250, "Mine", Shelf(), "from a test")

    network, shipped = load_own_network(entry.name), zoo.load_network("mnist/lenet")
    test = training_set("digits").read()["test"].first(32)
    images = test.images / np.float32(255)
    assert np.allclose(network.runner(images), shipped.runner(images), atol=1e-4)
    card = network.card
    assert (card.name, card.title, card.data, card.seed, card.epochs) == (entry.name, "Mine", "mnist", 1, 2)
    assert card.accuracy == pytest.approx(shipped.card.accuracy, abs=0.0002)
    assert "10,000 test pictures" in card.measured_on
    assert card.protocol.startswith("2 of 4 epochs of 4,000 pictures")
    assert evaluate_network(network, test).accuracy == evaluate_network(shipped, test).accuracy
    opened = activations.open_network(entry.name, shelf_folder())
    assert np.allclose(opened.maps(images[0])["logits"], network.runner(images[:1]), atol=1e-4)
    twin = build_keras_twin(entry.name, network.runner.shape, shelf_folder())
    assert np.allclose(np.asarray(twin(images)), network.runner(images), atol=1e-3)

    with pytest.raises(BadInput, match="no whole frame"):
        keep_network(row, 251, "Mine", Shelf())


@pytest.mark.parametrize("kind", ["fashion", "own"])
def test_a_network_of_other_pictures_is_measured_on_what_is_none_of_them(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn.runs.keep import keep_network

    monkeypatch.setattr(ood_samples, "OOD_PER_KIND", 20)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    if kind == "fashion":
        write_clothes(tmp_path, train=5_060)
        data, shipped = "fashion", "mnist/lenet"
    else:
        data, shipped = keep_colored([f"thing {letter}" for letter in "abcdefghij"]).name, "cifar10/lenet"
    row = RunTable().add(RunSettings(data=data, epochs=1, batch=8, pictures=16), "", "me")
    row.folder.mkdir(parents=True)
    weights = shipped_weights(shipped)
    frames.write_frame(
        row.folder, Frame(FrameFigures(2, 1.0, 0.1, 0.9, 0.1, 0.9, 1.0), weights, np.zeros((1, 10), np.float32))
    )
    entry = keep_network(row, 2, "Mine", Shelf(), owner="me")
    assert (entry.data, entry.owner) == (data, "me")
    network, same = load_own_network(entry.name), zoo.load_network(shipped)
    assert set(network.card.caught) == {"noise", "stripes", "letters"} | (
        {"scribbles", "digits"} if kind == "fashion" else set()
    )
    assert "10 test pictures" in network.card.measured_on or "30 test pictures" in network.card.measured_on
    images = training_set(data).read()["test"].images / np.float32(255)
    assert np.allclose(network.runner(images), same.runner(images), atol=1e-3)
