"""Shuffled weights change the evidence, stage by stage, and only in the copy."""

from __future__ import annotations

import numpy as np
import pytest

from cnn import zoo
from cnn.architectures import find_architecture
from cnn.attribution import keras_hooks
from cnn.attribution.sanity_check import RANDOMIZATION_STAGES, cascading_randomization
from cnn.inference.predict import predict
from cnn.progress import Progress, run_steps
from cnn.worker.handlers import RequestHandler
from cnn.worker.protocol import FaithfulnessRequest, RandomizationRequest

SHAPE = (28, 28, 1)
IMAGE = np.random.default_rng(5).random(SHAPE, np.float32)


@pytest.mark.parametrize("method", ["grad-cam", "saliency", "occlusion"])
def test_the_map_changes_with_the_weights(method: str) -> None:
    found = run_steps(RequestHandler().start(RandomizationRequest("mnist/lenet", IMAGE, 3, method)))
    assert found.layers == ("", "logits", "f6", "c5", "c3", "c1")
    assert found.ranks[0] == pytest.approx(1)
    assert found.similarity[0] == pytest.approx(1)
    assert found.ranks[-1] < 0.9
    assert not np.allclose(found.maps[0], found.maps[-1], atol=0.1)


def test_a_deep_network_is_shuffled_in_a_few_stages_from_its_end() -> None:
    model = find_architecture("resnet").build(SHAPE, 4)
    before = {name: layer.get_weights() for name, layer in keras_hooks.flatten_layers(model).items() if layer.weights}
    told: list[Progress] = []
    found = run_steps(cascading_randomization(model, "grad-cam", IMAGE, 1), told.append)
    assert len(found.layers) == len(found.maps) == RANDOMIZATION_STAGES + 1
    assert found.layers[-1] == "stem"
    shares = [progress.share for progress in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for name, weights in before.items():
        for old, new in zip(weights, keras_hooks.flatten_layers(model)[name].get_weights(), strict=True):
            np.testing.assert_array_equal(np.sort(old, axis=None), np.sort(new, axis=None))
    kernel = keras_hooks.flatten_layers(model)["stem"].get_weights()[0]
    assert not np.array_equal(before["stem"][0], kernel)


def test_the_network_that_others_ask_stays_as_it_is() -> None:
    tasks = RequestHandler()
    scores = tasks.engines("mnist/lenet", zoo.NETWORKS_FOLDER).gradient_model.scores(IMAGE[None])
    run_steps(tasks.start(RandomizationRequest("mnist/lenet", IMAGE, 3)))
    np.testing.assert_array_equal(
        tasks.engines("mnist/lenet", zoo.NETWORKS_FOLDER).gradient_model.scores(IMAGE[None]), scores
    )


def test_deletion_and_insertion_of_a_shipped_network_begin_and_end_where_they_should() -> None:
    heat = np.eye(7, dtype=np.float32)
    found = run_steps(RequestHandler().start(FaithfulnessRequest("mnist/vgg", IMAGE, 3, heat)))
    assert found.deletion[0] == pytest.approx(found.insertion[-1], rel=1e-3)
    assert found.deletion[-1] == pytest.approx(found.insertion[0], rel=1e-3)
    answer = predict(zoo.load_network("mnist/vgg"), IMAGE[None])[0]
    assert found.deletion[0] == pytest.approx(answer.probabilities[3], rel=1e-3), "as the bars beside it"
