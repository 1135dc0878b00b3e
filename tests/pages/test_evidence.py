"""The Evidence page without a browser, with real networks; what the process would answer is made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.attribution.methods import ATTRIBUTION_METHODS
from cnn.attribution.results import AttributionMap, FaithfulnessCurves, FeatureVisualization, RandomizationResult
from cnn.layers import activations
from cnn.worker.protocol import (
    AttributionRequest,
    FaithfulnessRequest,
    RandomizationRequest,
    Request,
    VisualizationRequest,
)
from cnn.zoo import pretrained
from tests.pages import driver
from tests.pages.driver import checked, every
from ui.inspect import evidence_heatmaps
from ui.resources import attributions

SHARES = np.linspace(0, 1, 5)
FALLING, RISING, MIDDLE = np.array([1, 0.1, 0, 0, 0.0]), np.array([0, 0.9, 1, 1, 1.0]), np.full(5, 0.5)
CACHES = (
    attributions.attribution_future,
    attributions.faithfulness_future,
    attributions.randomization_future,
    attributions.visualization_future,
)


opened = partial(driver.opened, "evidence")


def made_up(question: Request[Any]) -> object:
    """Answer any question, each method with a map of its own."""
    if isinstance(question, AttributionRequest):
        values = np.zeros((7, 7), np.float32)
        values[0, list(ATTRIBUTION_METHODS).index(question.method) % 7] = 1
        return AttributionMap(values, 1.0)
    if isinstance(question, FaithfulnessRequest):
        return FaithfulnessCurves(SHARES, FALLING, RISING, MIDDLE, MIDDLE)
    if isinstance(question, RandomizationRequest):
        maps = tuple(np.eye(7, dtype=np.float32) for _ in range(3))
        return RandomizationResult(("", "logits", "conv1"), maps, (1.0, 0.4, 0.1), (1.0, 0.5, 0.2))
    assert isinstance(question, VisualizationRequest)
    shape = zoo.load_network(question.network, question.folder).runner.shape
    return FeatureVisualization(np.full(shape, 9, np.uint8), 0.5, 7.25)


class Client:
    """Stands for the process that computes evidence: it answers at once, or not at all."""

    ready = True
    askers = 1

    def __init__(self) -> None:
        self.questions: list[Any] = []
        self.answers: list[Future[Any]] = []
        self.trouble: Exception | None = None
        self.silent: tuple[type, ...] = ()

    def submit(self, question: Request[Any], asker: int = 0) -> Future[Any]:
        self.questions.append(question)
        answer: Future[Any] = Future()
        self.answers.append(answer)
        if self.trouble:
            answer.set_exception(self.trouble)
        elif not isinstance(question, self.silent):
            answer.set_result(made_up(question))
        return answer

    def of(self, kind: type) -> list[Any]:
        return [question for question in self.questions if isinstance(question, kind)]


@pytest.fixture(autouse=True)
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    one = Client()
    for cache in CACHES:
        cache.clear()
    monkeypatch.setattr(attributions, "worker_client", lambda: one)
    monkeypatch.setattr(attributions, "PATIENT_S", 0)
    yield one
    for cache in CACHES:
        cache.clear()


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in (*test.markdown, *test.caption, *test.warning))


def button(test: AppTest, label: str) -> Any:
    return next(one for one in test.button if one.label.startswith(label))


@pytest.mark.parametrize("name", zoo.answering_networks())
def test_every_network_is_explained(name: str, client: Client) -> None:
    test = opened(network=name)
    assert test.title[0].value == "Evidence: why this answer?"
    (job,) = client.of(AttributionRequest)
    assert (job.network, job.method) == (name, "grad-cam")
    assert job.image.shape == zoo.load_network(name).runner.shape
    (overlay,) = every(test, "photo")
    assert overlay["heat"].startswith("data:image/png")
    assert "lies in the upper left" in overlay["caption"]
    ranks = every(test, "ranks")[0]
    assert len(ranks["ranks"]) == 10
    assert ranks["chosen"] == ranks["ranks"][0]["key"] == str(job.label)
    assert "better than a random order" in every(test, "said")[0]["said"]


def test_a_network_without_relu_is_not_offered_what_needs_one() -> None:
    tanh = opened(network="cifar10/lenet").button_group[0].options
    relu = opened(network="cifar10/vgg").button_group[0].options
    assert len(tanh) == len(ATTRIBUTION_METHODS) - 1
    assert len(relu) == len(ATTRIBUTION_METHODS)
    assert not any("Guided" in str(option) for option in tanh)


def test_slow_methods_say_how_long() -> None:
    options = [str(option) for option in opened(network="imagenet/efficientnet_lite0").button_group[0].options]
    slow = [option.split(" (about")[0] for option in options if "(about" in option]
    assert slow == ["Score-CAM", "SmoothGrad", "Integrated gradients", "Occlusion"]
    assert not any("(about" in str(option) for option in opened(network="mnist/lenet").button_group[0].options)


def test_the_address_says_what_is_asked(client: Client) -> None:
    test = opened(network="mnist/vgg", input="sample-3", label="8", method="saliency,occlusion")
    assert {(job.network, job.label, job.method) for job in client.of(AttributionRequest)} == {
        ("mnist/vgg", 8, "saliency"),
        ("mnist/vgg", 8, "occlusion"),
    }
    assert len(every(test, "photo")) == 2
    assert every(test, "ranks")[0]["chosen"] == "8"
    assert test.query_params["label"] == "8"
    assert test.query_params["method"] == "saliency,occlusion"


@pytest.mark.parametrize(
    ("label", "method"),
    [(label, "") for label in ("-1", "10", "²", "seven", "", "1e1", "<script>")]
    + [("10", method) for method in ("guesswork", "guided-backpropagation", ",,")],
)
def test_a_bogus_address_is_ignored(label: str, method: str, client: Client) -> None:
    opened(network="mnist/lenet", input="sample-7", label=label, method=method)
    (job,) = client.of(AttributionRequest)
    assert (job.label, job.method) == (7, "grad-cam")


def test_another_class_gets_its_own_evidence(client: Client) -> None:
    test = opened(network="mnist/resnet", input="sample-7")
    test.session_state["evidence:bars:mnist/resnet:sample-7"] = {"chosen": {"value": "1", "turn": 1}}
    checked(test.run())
    assert client.of(AttributionRequest)[-1].label == 1
    assert test.query_params["label"] == "1"
    assert "The evidence for 1 lies" in every(test, "photo")[0]["caption"]


def test_a_class_beyond_the_bars_can_be_asked_for(client: Client) -> None:
    test = opened(network="imagenet/efficientnet_lite0", input="cat")
    other = next(box for box in test.selectbox if box.label == "Any other class")
    checked(other.set_value(999).run())
    assert client.of(AttributionRequest)[-1].label == 999
    assert test.query_params["label"] == "999"
    assert [rank["key"] for rank in every(test, "ranks")[0]["ranks"]].count("999") == 1


def test_another_input_begins_with_what_is_answered_there(client: Client) -> None:
    test = opened(network="mnist/resnet", input="sample-7", label="1")
    test.query_params["input"] = "sample-3"
    checked(test.run())
    assert client.of(AttributionRequest)[-1].label == 3


def test_methods_side_by_side_share_a_scale_and_are_compared() -> None:
    test = opened(network="mnist/resnet", method="grad-cam,layer-cam,saliency,occlusion")
    overlays = every(test, "photo")
    assert len(overlays) == 4
    assert len({overlay["ramp"] for overlay in overlays}) == 1
    assert "The methods hardly agree" in said(test)
    assert "| Rank correlation | Grad-CAM | Layer-CAM | Gradient saliency | Occlusion |" in said(test)


def test_without_a_method_one_is_asked_for() -> None:
    test = opened(network="mnist/resnet")
    checked(test.button_group[0].set_value([]).run())
    assert "Choose a method" in test.info[0].value
    assert not every(test, "photo")


def test_what_is_still_to_come_says_so(client: Client) -> None:
    client.silent = (AttributionRequest,)
    (overlay,) = every(opened(network="mnist/resnet"), "photo")
    assert overlay["caption"] == evidence_heatmaps.LOOKING  # under 2 s: no estimate
    assert overlay["heat"] == ""


def test_a_test_that_is_still_to_come_says_so(client: Client) -> None:
    client.silent = (FaithfulnessRequest,)
    assert evidence_heatmaps.TESTING in said(opened(network="mnist/resnet"))


def test_what_comes_while_the_page_is_drawn_is_shown_with_the_next_look(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A map that ended between the snapshot and its drawing had no test yet: the page fell over it."""
    client.silent = (AttributionRequest,)
    drawn = evidence_heatmaps.render_heatmap_overlay

    def late(*shown: Any) -> None:
        for question, answer in zip(client.questions, client.answers, strict=True):
            if not answer.done():
                answer.set_result(made_up(question))
        drawn(*shown)

    monkeypatch.setattr(evidence_heatmaps, "render_heatmap_overlay", late)
    test = opened(network="mnist/resnet", method="grad-cam,saliency")
    assert [one["caption"] for one in every(test, "photo")] == [evidence_heatmaps.LOOKING] * 2
    checked(test.run())
    assert all(one["heat"] for one in every(test, "photo"))


def test_a_slow_method_can_be_stopped_and_asked_again(client: Client) -> None:
    client.silent = (AttributionRequest,)
    test = opened(network="imagenet/efficientnet_lite0", method="score-cam")
    checked(button(test, "Stop").click().run())
    assert every(test, "photo")[0]["caption"] == "Stopped."
    client.silent = ()
    checked(button(test, "Look again").click().run())
    assert every(test, "photo")[0]["heat"]


def test_without_evidence_there_is_a_reason(client: Client) -> None:
    client.trouble = RuntimeError("The engine ended.")
    test = opened(network="mnist/resnet")
    assert every(test, "photo")[0]["caption"] == "The engine ended."
    assert button(test, "Look again")


def test_weights_are_shuffled_when_one_asks(client: Client) -> None:
    test = opened(network="mnist/resnet", input="sample-7")
    assert not client.of(RandomizationRequest)
    checked(button(test, "Shuffle the weights").click().run())
    (question,) = client.of(RandomizationRequest)
    assert (question.network, question.label, question.method) == ("mnist/resnet", 7, "grad-cam")
    (strip,) = every(test, "pictures")
    assert [one["title"] for one in strip["pictures"]] == ["as trained", "down to logits", "down to conv1"]
    assert "Grad-CAM needs what the network learned, as it should." in said(test)


def test_long_work_shows_how_far_it_is_and_stops(client: Client) -> None:
    client.silent = (RandomizationRequest,)
    test = opened(network="mnist/resnet")
    checked(button(test, "Shuffle the weights").click().run())
    assert button(test, "Stop")
    checked(button(test, "Stop").click().run())
    assert button(test, "Shuffle the weights")


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_network_makes_a_picture_for_a_unit(name: str, client: Client) -> None:
    test = opened(network=name)
    checked(button(test, "Make a picture for ").click().run())
    (question,) = client.of(VisualizationRequest)
    kernels = [layer.name for layer in activations.open_network(name).graph.layers if "kernel" in layer.weights]
    assert (question.network, question.layer) == (name, kernels[-1])
    assert [question.unit] == ([job.label for job in client.of(AttributionRequest)] or [0])
    (strip,) = every(test, "pictures")
    assert "rose from 0.50 to 7.25" in strip["pictures"][0]["note"]
    checked(button(test, "Begin anew").click().run())
    assert [one.seed for one in client.of(VisualizationRequest)] == [0, 1]


def test_any_unit_of_any_layer_can_be_chosen(client: Client) -> None:
    test = opened(network="mnist/vgg")
    box = next(one for one in test.selectbox if one.label == "Layer")
    checked(box.set_value("conv2_1").run())
    number = test.number_input[0]
    assert number.max == zoo_units("mnist/vgg", "conv2_1") - 1
    checked(number.set_value(5).run())
    checked(button(test, "Make a picture for channel 5 of conv2_1").click().run())
    assert (client.of(VisualizationRequest)[0].layer, client.of(VisualizationRequest)[0].unit) == ("conv2_1", 5)


def zoo_units(name: str, layer: str) -> int:
    content = json.loads((zoo.NETWORKS_FOLDER / f"{name}.layers.json").read_text())
    return int(next(one["shape"][-1] for one in content["layers"] if one["name"] == layer))


@pytest.mark.parametrize("name", sorted(set(zoo.network_names()) - set(zoo.answering_networks())))
def test_a_network_without_a_classifier_says_why_and_still_shows_units(name: str, client: Client) -> None:
    test = opened(network=name)
    assert "no classifier" in test.info[0].value
    assert not client.of(AttributionRequest)
    assert [header.value for header in test.header] == ["Feature visualization: what does a channel look for?"]
    checked(button(test, "Take ").click().run())
    assert test.query_params["network"] == pretrained.SHIPPED_IMAGENET_NETWORK
    assert not test.info
    assert client.of(AttributionRequest)
