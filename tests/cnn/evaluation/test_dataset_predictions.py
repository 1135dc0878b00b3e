"""Asking a network about a whole set: the same answers as one by one, progress, stopping."""

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets import evaluation_sets
from cnn.datasets.dataset import Split
from cnn.errors import Cancelled
from cnn.evaluation import dataset_predictions
from cnn.evaluation.evaluate import evaluate_network
from cnn.inference.predict import predict
from cnn.zoo import Network


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load_network("mnist/lenet")


@pytest.fixture(scope="module")
def digits() -> Split:
    return evaluation_sets.find_picture_set("mnist").read().first(dataset_predictions.CHUNK + 30)


def test_it_is_what_one_by_one_says(network: Network, digits: Split) -> None:
    answered = dataset_predictions.predict_dataset(network, digits)
    one_by_one = [predict(network, (image[None] / 255).astype(np.float32))[0] for image in digits.images]
    assert answered.y_pred.tolist() == [one.label for one in one_by_one]
    assert answered.confidence == pytest.approx([one.confidence for one in one_by_one], abs=1e-4)
    assert answered.in_distribution.tolist() == [one.in_distribution for one in one_by_one]
    assert answered.y_true is digits.labels


def test_it_counts_what_the_command_line_measures(network: Network, digits: Split) -> None:
    right, asked = dataset_predictions.predict_dataset(network, digits).count
    assert (right / asked, asked) == (evaluate_network(network, digits).accuracy, len(digits.labels))


def test_progress_ends_with_the_last_picture(network: Network, digits: Split) -> None:
    seen: list[tuple[int, int]] = []
    dataset_predictions.predict_dataset(network, digits, lambda done, total: seen.append((done, total)))
    assert seen == [
        (dataset_predictions.CHUNK, dataset_predictions.CHUNK + 30),
        (dataset_predictions.CHUNK + 30, dataset_predictions.CHUNK + 30),
    ]


def test_it_stops_between_two_chunks(network: Network, digits: Split) -> None:
    seen: list[int] = []
    with pytest.raises(
        Cancelled,
        match=f"after {dataset_predictions.CHUNK} of {dataset_predictions.CHUNK + 30} pictures",
    ):
        dataset_predictions.predict_dataset(network, digits, lambda done, _: seen.append(done), lambda: bool(seen))
    assert seen == [dataset_predictions.CHUNK]
