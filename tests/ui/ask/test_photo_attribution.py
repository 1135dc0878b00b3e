"""The evidence of a photo: waiting, found, failed, and never polled longer than it takes."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn.attribution.results import AttributionMap
from cnn.paths import ASSETS
from cnn.worker.client import ComputationFailed
from cnn.worker.protocol import AttributionRequest
from ui.ask import photo_attribution
from ui.resources import attributions, photos
from ui.text import attribution

DIED = ComputationFailed("The process ended. Ask again.")


def page() -> None:
    from types import SimpleNamespace

    from ui.ask import photo_attribution
    from ui.resources import photos

    card = SimpleNamespace(title="LeNet", classes=("cat", "dog"))
    network = SimpleNamespace(name="mnist/lenet", card=card, runner=SimpleNamespace(shape=(32, 32, 3)))
    photo_attribution.show_attribution(network, photos.sample_photos()[0], 1, "k")


def found() -> AttributionMap:
    values = np.zeros((7, 7), np.float32)
    values[0, 0] = 1
    return AttributionMap(values, 12.0)


class Late(Future[AttributionMap]):
    """An answer that comes just after one stopped waiting for it."""

    def exception(self, timeout: float | None = None) -> BaseException | None:
        if not self.done():
            self.set_result(found())
            raise TimeoutError
        return super().exception(timeout)


@dataclass
class Asked:
    """Stands for `attributions.request_attribution`: one future until it is forgotten."""

    future: Future[AttributionMap] = field(default_factory=Future)
    questions: list[tuple[Any, ...]] = field(default_factory=list)
    forgotten: list[tuple[Any, ...]] = field(default_factory=list)

    def __call__(self, *question: Any) -> Future[AttributionMap]:
        self.questions.append(question)
        return self.future

    def retry(self, *question: Any) -> None:
        self.forgotten.append(question)
        self.future = Future()


@dataclass
class Fragments:
    """Stands for `st.fragment` and counts, in each run of the page, those that poll."""

    real: Any = st.fragment
    polling: int = 0

    def __call__(self, function: Any, run_every: float) -> Any:
        self.polling += 1
        return self.real(function, run_every=run_every)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    one = Asked()
    monkeypatch.setattr(attributions, "attribution_future", one)
    monkeypatch.setattr(attributions, "worker_client", lambda: SimpleNamespace(ready=False))
    monkeypatch.setattr(attributions, "PATIENT_S", 0)
    return one


@pytest.fixture
def fragments(monkeypatch: pytest.MonkeyPatch) -> Fragments:
    one = Fragments()
    monkeypatch.setattr(photo_attribution.st, "fragment", one)
    return one


def run(app: AppTest | None = None) -> AppTest:
    app = (app or AppTest.from_function(page, default_timeout=60)).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> dict[str, Any]:
    (only,) = app.get("bidi_component")
    return dict(json.loads(only.proto.json))


def test_the_photo_is_there_while_one_waits(asked: Asked) -> None:
    overlay = shown(run())
    assert overlay["photo"].startswith("data:image/png;base64,")
    assert overlay["alt"] == "What LeNet was shown of Cat"
    assert overlay["caption"] == attribution.STARTING
    assert (overlay["heat"], overlay["ramp"], overlay["box"]) == ("", "", None)


def test_once_the_engine_runs_one_waits_for_the_evidence_alone(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributions, "worker_client", lambda: SimpleNamespace(ready=True))
    assert shown(run())["caption"] == attribution.LOOKING


def test_it_asks_about_exactly_what_the_network_was_shown(asked: Asked) -> None:
    run()
    network, key, label, image, folder = asked.questions[0]
    assert (network, key, label) == ("mnist/lenet", photos.sample_photos()[0].key, 1)
    assert (image.shape, image.dtype) == ((32, 32, 3), np.float32)
    assert (folder / "mnist" / "lenet.json").exists()


def test_the_evidence_is_shown_with_its_box_and_a_sentence(asked: Asked) -> None:
    asked.future.set_result(found())
    overlay = shown(run())
    assert overlay["heat"].startswith("data:image/png")
    assert overlay["ramp"].startswith("data:image/png")
    left, top, width, height = overlay["box"]
    assert left == top == 0
    assert 0 < width < 0.5
    assert 0 < height < 0.5
    assert "The evidence for dog lies in the upper left; the box" in overlay["caption"]


def test_where_nothing_speaks_for_the_class_it_says_so(asked: Asked) -> None:
    asked.future.set_result(AttributionMap(np.zeros((7, 7), np.float32), 12.0))
    overlay = shown(run())
    assert overlay["caption"] == "Nothing in this picture speaks for dog."
    assert overlay["box"] is None


def test_a_failure_says_why_and_can_be_asked_again(asked: Asked) -> None:
    asked.future.set_exception(DIED)
    app = run()
    assert shown(app)["caption"] == str(DIED)
    assert shown(app)["photo"]
    app.button[0].click().run()
    (forgotten,) = asked.forgotten
    assert forgotten[:3] == asked.questions[0][:3]
    assert shown(app)["caption"] == attribution.STARTING
    assert not app.button
    asked.future.set_result(found())
    assert "upper left" in shown(run(app))["caption"]


def test_nothing_polls_when_the_answer_is_there(asked: Asked, fragments: Fragments) -> None:
    asked.future.set_result(found())
    run()
    assert fragments.polling == 0


@pytest.mark.parametrize("trouble", [None, DIED])
def test_polling_stops_with_the_answer(asked: Asked, fragments: Fragments, trouble: Exception | None) -> None:
    app = run()
    assert fragments.polling == 1
    if trouble:
        asked.future.set_exception(trouble)
    else:
        asked.future.set_result(found())
    run(app)
    assert fragments.polling == 1
    assert bool(app.button) == bool(trouble)


def test_an_answer_between_two_looks_leaves_no_polling_behind(asked: Asked, fragments: Fragments) -> None:
    asked.future = Late()
    app = run()
    assert shown(app)["heat"]
    assert len(asked.questions) == 1
    assert fragments.polling == 0


def test_a_question_is_asked_once_for_all_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[AttributionRequest] = []

    def submit(job: AttributionRequest, asker: int) -> Future[AttributionMap]:
        jobs.append(job)
        return Future()

    monkeypatch.setattr(attributions, "worker_client", lambda: SimpleNamespace(submit=submit))
    attributions.attribution_future.clear()
    image = np.zeros((32, 32, 3), np.float32)
    question = "mnist/lenet", "photo", 1, image, ASSETS
    first = attributions.attribution_future(*question)
    assert attributions.attribution_future(*question) is first
    assert (jobs[0].network, jobs[0].label, jobs[0].folder) == ("mnist/lenet", 1, ASSETS)
    assert attributions.attribution_future("mnist/lenet", "photo", 2, image, ASSETS) is not first
    attributions.attribution_future.clear(*question)
    assert attributions.attribution_future(*question) is not first
    attributions.attribution_future.clear()
    assert len(jobs) == 3
