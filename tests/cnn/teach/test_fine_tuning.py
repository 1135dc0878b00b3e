"""Fine-tuning: where the network is cut, that it helps where frozen features cannot, and that it is not kept else."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnn.architectures import find_architecture
from cnn.architectures.taught import TAUGHT
from cnn.array_types import Pixels
from cnn.errors import Cancelled
from cnn.inference.photo_classification import photo_input
from cnn.inference.predict import predict
from cnn.shelf import Shelf, load_own_network
from cnn.teach import TaughtClassifier, teach_classes
from cnn.teach.collection import Collection
from cnn.teach.intake import see_unseen
from cnn.teach.linear_head import Labels
from cnn.zoo import load_network
from cnn.zoo.feature_extractor import FeatureExtractor

TRUNK = "cifar10/lenet"
CLASSES = ("alike", "apart")


def striped(labels: Labels, seed: int) -> Pixels:
    """Draw stripes: of one class red ones lie and blue ones stand, of the other it is the other way round."""
    rng = np.random.default_rng(seed)
    lying = rng.random(len(labels)) < 0.5
    red = lying ^ labels.astype(bool)
    wave = np.sin(np.arange(32) * 1.5 + rng.uniform(0, 6, (len(labels), 1))) * 60 + 128
    stripes = np.where(lying[:, None, None], wave[:, :, None], wave[:, None, :])
    colour = np.where(red[:, None, None, None], (1.0, 0.4, 0.4), (0.4, 0.4, 1.0))
    noisy = stripes[..., None] * colour + rng.normal(0, 100, (len(labels), 32, 32, 3))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def taught_from(pictures: Pixels, labels: Labels) -> TaughtClassifier:
    network = load_network(TRUNK)
    inputs = np.stack([photo_input(network, one) for one in pictures])
    return teach_classes(TRUNK, CLASSES, FeatureExtractor(network)(inputs), labels)


@pytest.mark.parametrize(
    ("architecture", "size", "given"),
    [("lenet", 32, (14, 14, 6)), ("resnet", 32, (8, 8, 64)), ("efficientnet_lite0", 64, (2, 2, 192))],
)
def test_the_two_parts_answer_as_the_whole(architecture: str, size: int, given: tuple[int, ...]) -> None:
    from cnn.teach.last_block import split_before_last_block

    model = find_architecture(TAUGHT + architecture).build((size, size, 3), 3)
    images = np.random.default_rng(0).random((2, size, size, 3), np.float32)
    whole = np.asarray(model(images, training=False))
    front, back = split_before_last_block(model)
    assert front.output_shape[1:] == given
    features, logits = back(front(images, training=False), training=False)
    assert np.allclose(logits, whole, atol=1e-5)
    assert features.shape == (2, model.get_layer("taught_centre").input.shape[1])


def test_it_learns_what_frozen_features_do_not_tell_and_becomes_a_network() -> None:
    from cnn.teach.fine_tuning import fine_tune
    from cnn.teach.keep import keep_classifier

    labels = np.repeat([0, 1], 60)
    pictures = striped(labels, 0)
    counts: list[tuple[int, int]] = []
    found = fine_tune(taught_from(pictures, labels), pictures.__getitem__, lambda *one: counts.append(one))
    figures = found.figures()
    assert figures["asked"] == 120
    assert figures["tuned"] > figures["frozen"]
    assert found.taught.validation == (figures["tuned"], 120)
    assert [done for done, _ in counts] == sorted(done for done, _ in counts)
    assert 0.5 < counts[-1][0] / counts[-1][1] <= 1

    entry = keep_classifier(found.taught, "Stripes", Shelf(), weights=found.weights)
    network, new = load_own_network(entry.name), striped(labels, 1)
    answers = predict(network, np.stack([photo_input(network, one) for one in new]))
    assert np.mean([one.label for one in answers] == labels) > figures["frozen"] / 120
    assert np.mean([one.in_distribution for one in answers]) > 0.8
    assert "fine-tuned" in network.card.protocol
    features = FeatureExtractor(network)(np.stack([photo_input(network, one) for one in new]))
    shares = np.stack([one.probabilities for one in answers])
    assert np.abs(found.taught.probabilities(features) - shares).max() < 1e-3


def test_what_is_told_apart_already_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn.teach import fine_tuning

    monkeypatch.setattr(fine_tuning, "EPOCHS", 1)
    labels = np.repeat([0, 1], 10)
    pictures = np.where(labels[:, None, None, None], 200, 50).astype(np.uint8) + striped(labels, 2) // 8
    taught = taught_from(pictures, labels)
    found = fine_tuning.fine_tune(taught, pictures.__getitem__)
    assert (found.weights, found.epochs) == (None, 0)
    assert found.taught is taught


def test_it_stops_when_asked_to() -> None:
    from cnn.teach.fine_tuning import fine_tune

    labels = np.repeat([0, 1], 10)
    pictures = striped(labels, 3)
    asked: list[Any] = []

    def stopped() -> bool:
        asked.append(None)
        return len(asked) > 6

    with pytest.raises(Cancelled):
        fine_tune(taught_from(pictures, labels), pictures.__getitem__, stopped=stopped)
    assert len(asked) == 7


def test_the_process_fine_tunes_what_lies_in_a_collection() -> None:
    from cnn.teach import __main__ as process

    collection, person = Collection("f1e7" * 2), "f1e7" * 2
    labels = np.repeat([0, 1], 10)
    for label, pixels in zip(labels, striped(labels, 4), strict=True):
        content = BytesIO()
        Image.fromarray(pixels).save(content, "PNG")
        collection.add_picture(collection.add_class(CLASSES[label]), "stripes.png", content.getvalue())
    network = load_network(TRUNK)
    see_unseen(collection, network, FeatureExtractor(network))
    said: list[dict[str, int]] = []
    made = process._made(person, TRUNK, "From the page", True, said.append)
    assert made.asked == 20
    assert said[-1]["done"] > said[0]["done"]
    assert Shelf().get(made.name).owner == person

    said.clear()
    process._made(person, TRUNK, "Not tuned", False, said.append)
    assert [one["done"] for one in said] == [1, 2, 3, 4, 5]
    assert {one["of"] for one in said} == {5}
