"""One step of training on its page: the sums are held against Keras', and steps are taken one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn.backpropagation.results import TrainingStep
from cnn.backpropagation.weight_gradient import (
    ConvolutionWindow,
    WeightPlace,
    gradient_terms,
    optimizer_update,
    read_by_weight,
)
from cnn.worker.client import ComputationFailed
from cnn.worker.protocol import TrainingStepRequest
from tests.pages import driver
from tests.pages.driver import checked
from ui.resources import attributions

WINDOW = ConvolutionWindow((5, 5), (1, 1), True)


class Learner:
    """Stands for the process: it takes steps of plain numbers, at once."""

    ready = True

    def __init__(self) -> None:
        self.asked: list[TrainingStepRequest] = []
        self.wrong = 0.0  # added to what Keras is said to find

    def submit(self, request: TrainingStepRequest, asker: int = 0) -> Future[TrainingStep]:
        self.asked.append(request)
        answer: Future[TrainingStep] = Future()
        if request.asked.rate > 0.05:
            answer.set_exception(ComputationFailed("It was ended."))
            return answer
        rng = np.random.default_rng(0)
        deltas, kernel = rng.standard_normal((28, 28), np.float32), rng.standard_normal((5, 5, 1), np.float32)
        gradient, after = np.zeros_like(kernel), np.zeros_like(kernel)
        steps = request.asked.taken + 1
        for at in np.ndindex(kernel.shape):
            read = read_by_weight(request.image, WeightPlace(*at), WINDOW, (28, 28))
            gradient[at] = gradient_terms(read, deltas).sum() + self.wrong
            how = request.asked.optimizer, request.asked.rate, float(kernel[at])
            after[at] = optimizer_update(*how, [float(gradient[at])] * steps).after
        logits = np.linspace(0, 1, (steps + 1) * 10, dtype=np.float32).reshape(-1, 10)
        losses = tuple(float(loss) for loss in np.linspace(3, 1, steps + 1))
        answer.set_result(
            TrainingStep(request.image, deltas, kernel, after, np.stack([gradient] * steps), logits, losses)
        )
        return answer


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Learner]:
    one = Learner()
    attributions.training_step_future.clear()
    monkeypatch.setattr(attributions, "worker_client", lambda: one)
    yield one
    attributions.training_step_future.clear()


def text(test: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*test.markdown, *test.warning))


def press(test: AppTest, label: str) -> None:
    next(one for one in test.button if one.label == label).click()
    checked(test.run())


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "sgd"])
def test_the_numbers_are_held_against_keras(learner: Learner, optimizer: str) -> None:
    test = driver.opened("backpropagation", {"backpropagation optimizer": optimizer}, network="mnist/lenet")
    said = text(test)
    assert learner.asked[-1].asked.layer == "c1"
    assert said.count("is what Keras found") == 2
    assert "the other 779 places" in said
    assert "c1.kernel[" in said


def test_steps_are_taken_one_after_the_other_and_back(learner: Learner) -> None:
    test = driver.opened("backpropagation", network="mnist/lenet")
    press(test, "Take the step")
    press(test, "Take the step")
    assert [one.asked.taken for one in learner.asked] == [0, 1, 2]
    assert "| 3 steps |" in text(test)
    press(test, "Back to the start")
    assert "| 3 steps |" not in text(test)


def test_a_difference_is_told(learner: Learner) -> None:
    learner.wrong = 0.1
    assert "differs from Keras" in text(driver.opened("backpropagation", network="mnist/lenet"))


def test_a_process_that_ended_is_told(learner: Learner) -> None:
    test = driver.opened("backpropagation", {"backpropagation rate": 0.1}, network="mnist/lenet")
    assert "It was ended." in text(test)


def test_the_first_question_is_what_it_finds_second_most_probable(learner: Learner) -> None:
    driver.opened("backpropagation", network="mnist/lenet", input="sample-7")
    first = learner.asked[-1]
    assert first.asked.label != 7
    assert replace(first.asked, label=0).taken == 0
