"""The shipped networks: whole, honest about themselves, the same in both engines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets import synthetic_handwriting
from cnn.errors import BadInput, BrokenNetwork, UnknownName
from cnn.evaluation import ood_samples
from cnn.inference.predict import predict
from cnn.perturbations import find_perturbation
from cnn.zoo.litert_runner import RUNNER_BATCH
from tests.support.slow import each_network

DIGITS = zoo.network_names("mnist")
PHOTOS = zoo.network_names("cifar10")
TWINS_AGREE = 1e-4  # of a logit, absolutely and of its size
ASKED = 256


def digits(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    labels = np.arange(count) % 10
    pictures = synthetic_handwriting.render_handwriting(
        [synthetic_handwriting.write_digit(int(label), rng) for label in labels], rng
    )
    return pictures[..., None], labels


@pytest.fixture(scope="module")
def written() -> tuple[np.ndarray, np.ndarray]:
    return digits(ASKED)


def test_the_five_are_shipped_on_mnist() -> None:
    wanted = ("lenet", "alexnet", "vgg", "inception", "resnet")
    assert set(zoo.network_names("mnist")) >= {f"mnist/{name}" for name in wanted}


def inputs(network: zoo.Network) -> np.ndarray:
    """Make pictures of any content: many small ones, few large ones."""
    height, width, channels = network.runner.shape
    count = ASKED if height < 64 else 4
    return np.random.default_rng(5).random((count, height, width, channels), np.float32)


@each_network
def test_the_two_engines_agree(name: str, written: tuple[np.ndarray, np.ndarray]) -> None:
    from cnn.export.keras_twin import build_keras_twin

    card = zoo.read_card(name)
    network = zoo.load_network(name)
    images = written[0] if name in DIGITS else inputs(network)
    twin = build_keras_twin(name, network.runner.shape)
    ours, theirs = network.runner(images), np.asarray(twin(images, training=False))
    assert np.allclose(ours, theirs, atol=TWINS_AGREE, rtol=TWINS_AGREE)
    assert twin.count_params() == card.parameters


@each_network
def test_a_card_tells_the_truth_about_its_files(name: str) -> None:
    from cnn.atomic_files import sha256

    card = zoo.read_card(name)
    assert card.name == name
    engine = zoo.NETWORKS_FOLDER / f"{name}{card.engine_suffix}"
    assert card.bytes == engine.stat().st_size
    assert card.sha256 == sha256(engine)
    assert card.weights_sha256 == sha256(zoo.NETWORKS_FOLDER / f"{name}.weights.h5")
    assert card.false_alarms <= (0.03 if card.epochs else 0.1)  # of others: on crops of two photos never fitted on


@pytest.mark.parametrize("name", DIGITS)
def test_what_is_no_digit_is_told(name: str) -> None:
    card = zoo.read_card(name)
    assert min(card.caught[kind] for kind in ("letters", "scribbles", "signs")) > 0.85
    assert card.caught["scripts"] > 0.7
    assert "characters" in card.outliers


@pytest.mark.parametrize("name", DIGITS)
def test_a_noisy_digit_is_a_digit(name: str, written: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = written
    noisy = find_perturbation("noise")(images, 0.2, seed=0)
    answers = predict(zoo.load_network(name), noisy)
    assert np.mean([answer.label == label for answer, label in zip(answers, labels, strict=True)]) > 0.9


@pytest.fixture(scope="module")
def strange() -> Iterator[dict[str, np.ndarray]]:
    """Make 100 pictures of each kind that is no photo."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ood_samples, "OOD_PER_KIND", 100)
        patch.setattr(ood_samples, "OTHER_THINGS_CROPS", 1)
        yield ood_samples.ood_photos(9)


@pytest.mark.parametrize("kind", ["noise", "stripes", "letters"])
@pytest.mark.parametrize("name", PHOTOS)
def test_what_is_no_photo_is_far_from_all_classes(name: str, kind: str, strange: dict[str, np.ndarray]) -> None:
    network = zoo.load_network(name)
    assert network.card.caught[kind] > 0.9
    answers = predict(network, strange[kind])
    assert np.mean([answer.in_distribution for answer in answers]) < 0.1


@each_network
def test_one_answer_and_a_batch_are_the_same(name: str) -> None:
    network = zoo.load_network(name)
    images = np.resize(inputs(network), (RUNNER_BATCH, *network.runner.shape))
    together = predict(network, images)
    alone = [predict(network, image[None])[0] for image in images]
    for one, other in zip(together, alone, strict=True):
        assert one.label == other.label
        assert np.allclose(one.logits, other.logits, atol=1e-4)


def test_many_inputs_keep_their_order_whoever_else_asks() -> None:
    """Two cores answer parts of a batch, each its own, and several sessions ask at once."""
    runner = zoo.load_network("mnist/vgg").runner
    images = np.random.default_rng(2).random((3 * RUNNER_BATCH + 5, *runner.shape), np.float32)
    alone = np.concatenate([runner(image[None]) for image in images])
    with ThreadPoolExecutor(4) as sessions:
        asked = [sessions.submit(runner, images[turn:]) for turn in range(8)]
        for turn, answered in enumerate(asked):
            np.testing.assert_allclose(answered.result(), alone[turn:], atol=1e-4)


@pytest.mark.parametrize("name", DIGITS)
def test_invented_handwriting_is_read(name: str, written: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = written
    answers = predict(zoo.load_network(name), images)
    assert np.mean([answer.label == label for answer, label in zip(answers, labels, strict=True)]) > 0.9


@each_network
def test_a_prediction_is_sound(name: str) -> None:
    network = zoo.load_network(name)
    answer = predict(network, inputs(network)[:1])[0]
    assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert answer.confidence == answer.probabilities.max()
    assert answer.label == answer.logits.argmax()
    assert [label for label, _ in answer.top(10)] == list(np.argsort(-answer.probabilities, kind="stable")[:10])
    assert answer.milliseconds > 0


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257])
def test_any_number_of_inputs_is_answered(count: int) -> None:
    images = np.zeros((count, 28, 28, 1), np.float32)
    assert len(predict(zoo.load_network(DIGITS[0]), images)) == count


def test_many_threads_may_ask_at_once(written: tuple[np.ndarray, np.ndarray]) -> None:
    network = zoo.load_network(DIGITS[0])
    alone = network.runner(written[0][:1])
    answers: list[np.ndarray] = []
    threads = [
        Thread(target=lambda: answers.extend(network.runner(written[0][:1]) for _ in range(50))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 400
    assert all(np.array_equal(answer, alone) for answer in answers)


def test_a_wrong_shape_is_refused() -> None:
    with pytest.raises(BadInput, match="28, 28, 1"):
        predict(zoo.load_network(DIGITS[0]), np.zeros((1, 32, 32, 3), np.float32))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    (tmp_path / "mnist").mkdir()
    for path in (zoo.NETWORKS_FOLDER / "mnist").glob("vgg.*"):
        shutil.copy(path, tmp_path / "mnist")
    return tmp_path


def test_an_unknown_network_names_the_known(copied: Path) -> None:
    with pytest.raises(UnknownName, match="mnist/vgg"):
        zoo.load_network("mnist/vgg9", copied)


def test_a_changed_file_is_refused(copied: Path) -> None:
    path = copied / "mnist" / "vgg.tflite"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BrokenNetwork, match="checksum"):
        zoo.load_network("mnist/vgg", copied)


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / "mnist" / "vgg.tflite").unlink()
    with pytest.raises(BrokenNetwork, match="mnist/vgg"):
        zoo.load_network("mnist/vgg", copied)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"architecture": "vgg"}'])
def test_an_unreadable_card_is_named(copied: Path, text: str) -> None:
    (copied / "mnist" / "vgg.json").write_text(text)
    with pytest.raises(BrokenNetwork, match="card of mnist/vgg"):
        zoo.read_card("mnist/vgg", copied)


def test_a_card_survives_the_disk(tmp_path: Path) -> None:
    card = zoo.read_card(DIGITS[0])
    (tmp_path / "mnist").mkdir()
    card.write(tmp_path / f"{card.name}.json")
    assert zoo.read_card(card.name, tmp_path) == card
    assert json.loads((tmp_path / f"{card.name}.json").read_text())["title"] == card.title
