"""Bringing a network in a file, on the page Your networks; the process that opens files is played by a stand-in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.errors import BadInput
from cnn.home import HOME_VARIABLE
from cnn.importing import Arrival, InputForm, ModelFacts
from cnn.importing.arrival import CORE_TFLITE
from tests.pages.driver import TIMEOUT, checked, opened
from ui.shelf import bring_form, bring_network

RESNET = zoo.NETWORKS_FOLDER / "cifar10" / "resnet.tflite"
FACTS = ModelFacts("keras", (32, 32, 3), False, 10, "softmax", 9, 3, 0, (), "bytes", 4, True, 0.0)


def said(test: AppTest) -> str:
    return "\n".join(one.value for one in [*test.markdown, *test.caption, *test.warning, *test.success])


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Read every file as a shipped network of CIFAR-10, and note what is put on the shelf."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    asked: list[dict[str, Any]] = []

    def examine(arrival: Arrival, side: int | None, stopped: object) -> ModelFacts:
        if "bad" in arrival.name:
            raise BadInput("It can run code: `rm`.")
        (arrival.folder / CORE_TFLITE).write_bytes(RESNET.read_bytes())
        return FACTS

    def shelve(arrival: Arrival, form: InputForm, data: str, labels: Sequence[str], title: str, stopped: object) -> str:
        asked.append({"form": form, "data": data, "labels": tuple(labels), "title": title})
        raise BadInput("The shelf is full.")

    monkeypatch.setattr(bring_network, "examine_file", examine)
    monkeypatch.setattr(bring_form, "shelve_arrival", shelve)
    bring_network._jobs.clear()
    bring_form._jobs.clear()
    yield asked


def bring(name: str) -> AppTest:
    test = opened("networks")
    assert "Trained somewhere else" in said(test)
    checked(test.file_uploader("bring file").set_value((name, b"content", "application/octet-stream")).run())
    assert all(work.ended.wait(TIMEOUT) for work in bring_network._jobs()._works.values())
    return checked(test.run())


def test_each_guess_shows_its_answer_and_the_right_one_is_put_on_the_shelf(put: list[dict[str, Any]]) -> None:
    test = bring("my_net.keras")
    form = next(one for one in test.radio if one.label == "How it takes pictures")
    assert form.value == "bytes"
    assert "tells 10 classes" in said(test)
    assert any("class 3" in caption for caption in form.proto.captions)  # the sample cat, under one of the guesses
    checked(form.set_value("unit").run())
    names = next(one for one in test.button_group if one.label == "Names of its classes")
    checked(names.set_value("A list of mine").run())
    assert not [one for one in test.button if one.label == "Put it on the shelf"]
    checked(test.text_area[0].set_value("a\nb").run())
    assert "2 names" in said(test)
    classes = "airplane automobile bird cat deer dog frog horse ship truck"
    checked(test.text_area[0].set_value(classes.replace(" ", "\n")).run())
    next(one for one in test.button if one.label == "Put it on the shelf").click()
    checked(test.run())
    assert all(work.ended.wait(TIMEOUT) for work in bring_form._jobs()._works.values())
    checked(test.run())
    assert put == [{"form": InputForm(), "data": "cifar10", "labels": tuple(classes.split()), "title": "my net"}]
    assert "The shelf is full" in said(test)


def test_a_refused_file_is_a_sentence(put: list[dict[str, Any]]) -> None:
    assert "It can run code: `` `rm`. ``" in said(bring("bad.keras"))
    assert put == []
