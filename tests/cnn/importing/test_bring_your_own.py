"""A network from a file answers on the shelf as it did in the file, and opens as the others do."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cnn.errors import BadInput
from cnn.home import HOME_VARIABLE
from cnn.importing import arrival as arrivals
from cnn.importing import examine_file, file_process, guess_answers
from cnn.importing.arrival import Arrival, ModelFacts
from cnn.importing.guesses import digit_for, open_core, photo_for
from cnn.importing.input_forms import INPUT_FORMS
from cnn.inference.predict import predict
from cnn.layers import activations
from cnn.metrics.softmax import softmax
from cnn.shelf import Shelf, load_own_network, shelf_folder
from cnn.teach import teach_classes
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor
from tests.support.model_files import keras_file, layer, sequential

SIDE = 32


def whole(model: Any, ending: str, folder: Path) -> bytes:
    model.save(folder / f"saved.{ending}")
    return (folder / f"saved.{ending}").read_bytes()


def nested() -> Any:
    """Make a network with a network inside, a layer used twice, noise of the training, and one number at its end."""
    from cnn.keras_backend import keras

    layers = keras.layers
    inner = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="conv"),
            layers.MaxPooling2D(),
            layers.DepthwiseConv2D(3, padding="same", name="depthwise"),
            layers.BatchNormalization(),
        ],
        name="inner",
    )
    shared = layers.Conv2D(8, 3, padding="same", name="conv")
    image = keras.Input((SIDE, SIDE, 3))
    x = inner(layers.Rescaling(1 / 255)(layers.RandomFlip()(image)))
    x = shared(layers.UpSampling2D()(shared(x)))
    x = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(image, layers.Dense(1, activation="sigmoid", name="..<b>answer")(x))


def row_of_pixels() -> Any:
    from cnn.keras_backend import keras

    layers = keras.layers
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10), layers.Softmax()])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv(HOME_VARIABLE, str(folder))
        yield folder


@pytest.fixture(autouse=True)
def own_home(home: Path) -> None:
    """One home for this file: what is on the shelf is looked at in turn."""


def brought(content: bytes, name: str) -> tuple[Arrival, ModelFacts]:
    from cnn.importing import file_requests

    arrival = arrivals.receive_file(content, name)
    facts = arrivals.facts_from_json(file_requests.examine(arrival.id, arrival.name)["facts"])
    return arrival, facts


def test_a_nested_network_answers_as_in_its_file(tmp_path: Path) -> None:
    from cnn.export.keras_twin import build_keras_twin
    from cnn.importing import file_requests

    model = nested()
    arrival, facts = brought(whole(model, "keras", tmp_path), "<i>pets</i>.keras")
    assert (facts.shape, facts.classes, facts.ending, facts.likely) == ((SIDE, SIDE, 3), 2, "sigmoid", "bytes")
    assert (facts.dropped, facts.maps, facts.relu) == (1, 8, True)

    pixels = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    yes = float(np.asarray(model(pixels[None].astype(np.float32), training=False))[0, 0])
    core = open_core(arrival)
    forms = {name: INPUT_FORMS[name].form for name in ("bytes", "caffe")}
    guesses = guess_answers(core, photo_for(core, pixels), forms)
    assert dict(guesses[0].top)[1] == pytest.approx(yes, abs=1e-4)

    for form in forms.values():
        made = file_requests.add(arrival.id, arrival.name, asdict(form), "own_classes", ["no", "<b>yes"], "Pets")
        network = load_own_network(made["name"])
        logits = network.runner(pixels[None].astype(np.float32) / np.float32(255))
        tried = guess_answers(core, photo_for(core, pixels), {"": form})[0]
        assert softmax(logits)[0, 1] == pytest.approx(dict(tried.top)[1], abs=1e-4)
        assert network.card.classes == ("no", "b yes")
        assert network.card.title.startswith("Pets")
        assert "pets" in network.card.brought
        assert "<" not in network.card.brought
    image = pixels.astype(np.float32) / np.float32(255)
    opened = activations.open_network(made["name"], shelf_folder())
    assert {"conv", "conv_2", "depthwise"} <= set(opened.graph.names)
    assert np.allclose(opened.maps(image)[opened.graph.logits.name], logits[0], atol=1e-3)
    twin = build_keras_twin(made["name"], network.runner.shape, shelf_folder())
    assert np.allclose(np.asarray(twin(image[None])), logits, atol=1e-3)
    assert_classes_can_be_taught_on(network)


def assert_classes_can_be_taught_on(trunk: Network) -> None:
    """And what was taught is a network like the others: in LiteRT, in Keras, layer by layer."""
    from cnn.export.keras_twin import build_keras_twin
    from cnn.teach.keep import keep_classifier

    images = np.random.default_rng(2).random((12, SIDE, SIDE, 3), np.float32)
    taught = teach_classes(trunk.name, ("a", "b"), FeatureExtractor(trunk)(images), np.repeat([0, 1], 6))
    network = load_own_network(keep_classifier(taught, "On a file", Shelf()).name)
    shares = np.stack([one.probabilities for one in predict(network, images)])
    assert np.abs(shares - taught.probabilities(FeatureExtractor(trunk)(images))).max() < 1e-3
    twin = build_keras_twin(network.name, network.runner.shape, shelf_folder())
    logits = network.runner(images[:1])
    assert np.allclose(np.asarray(twin(images[:1])), logits, atol=1e-3)
    opened = activations.open_network(network.name, shelf_folder())
    assert np.allclose(opened.maps(images[0])[opened.graph.logits.name], logits[0], atol=1e-3)


def test_digits_in_a_row_of_pixels_from_h5_are_measured(tmp_path: Path) -> None:
    from cnn.importing import file_requests

    model = row_of_pixels()
    arrival, facts = brought(whole(model, "h5", tmp_path), "mnist.h5")
    assert (facts.shape, facts.classes, facts.ending, facts.maps) == ((28, 28, 1), 10, "softmax", 0)
    digit = np.random.default_rng(0).random((28, 28, 1), np.float32)
    form = INPUT_FORMS["bytes"].form
    made = file_requests.add(arrival.id, arrival.name, asdict(form), "mnist", list("0123456789"), "Rows")
    network = load_own_network(made["name"])
    wanted = np.asarray(model(digit[None, ..., 0] * 255))
    assert np.allclose(softmax(network.runner(digit[None])), wanted, atol=1e-4)
    assert "10,000 test pictures of MNIST" in network.card.measured_on
    assert digit_for(open_core(arrival), digit).shape == (28, 28, 1)


def test_a_setting_of_keras_2_that_keras_3_does_not_know_is_taken_out(tmp_path: Path) -> None:
    """Teachable Machine's .h5 has `groups` on depthwise layers; Keras 3 alone refuses it."""
    content = io.BytesIO(whole(nested(), "h5", tmp_path))
    with h5py.File(content, "r+") as file:
        text = file.attrs["model_config"].replace('"depth_multiplier"', '"groups": 1, "depth_multiplier"')
        assert '"groups": 1, "depth_multiplier"' in text
        file.attrs["model_config"] = text
    _, facts = brought(content.getvalue(), "keras_model.h5")
    assert facts.classes == 2


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (sequential(layer("Dense", "d", units=10)), "Keras cannot build"),
        (sequential(layer("Flatten", "f"), layer("Dense", "d", units=3)), "Keras cannot build"),  # has no weights
        (sequential(layer("Dense", "d", units="many")), "Keras cannot build"),
        (layer("Dense", "d", units=3), "Keras cannot build|no network"),
        (sequential(layer("Lambda", "d")), "run code"),
    ],
)
def test_what_is_no_classifier_is_refused_in_a_sentence(config: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        brought(keras_file(config), "odd.keras")


def test_the_process_bounds_memory_and_the_server_lives(tmp_path: Path) -> None:
    """A layer of 3 GB costs its own process its answer, and nothing else; a sound file is read right after it."""
    greedy = sequential(layer("Flatten", "f"), layer("Dense", "d", units=2_000_000_000))
    with pytest.raises(BadInput, match=r"memory|Keras cannot build"):
        examine_file(arrivals.receive_file(keras_file(greedy), "greedy.keras"))


@pytest.mark.parametrize(("code", "said"), [("print('no json')", "was ended"), ("import os; os.abort()", "was ended")])
def test_a_process_that_dies_is_a_sentence(monkeypatch: pytest.MonkeyPatch, code: str, said: str) -> None:
    import sys

    monkeypatch.setattr(file_process, "COMMAND", (sys.executable, "-c", code))
    with pytest.raises(BadInput, match=said):
        examine_file(arrivals.receive_file(b"x", "a.keras"))


def test_one_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(file_process, "COMMAND", (sys.executable, "-c", "import threading; threading.Event().wait()"))
    monkeypatch.setattr(file_process, "MOST_S", 0.2)
    with pytest.raises(BadInput, match="time"):
        examine_file(arrivals.receive_file(b"x", "a.keras"))


def test_what_was_found_out_survives_as_json() -> None:
    facts = ModelFacts("keras", (8, 8, 3), False, 2, "softmax", 9, 3, 0, ("a", "b"), "unit", 4, True, 0.0)
    assert arrivals.facts_from_json(facts.to_json()) == facts
    with pytest.raises(BadInput):
        arrivals.facts_from_json(json.dumps({"shape": 3}))
