"""The Help page without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from cnn.doctor import Finding
from tests.pages import driver
from ui.guide import doctor_report, help

FINE = Finding("Memory", "25 GB.")
NOTE = Finding("Data", "MNIST is not there.", "note", "Put it there.")
BAD = Finding("Names", "the file keras.py hides the real keras.", "bad", "Rename it.")


opened = partial(driver.opened, "help")


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Future[tuple[Finding, ...]]]]:
    """Stand for the doctor; the last future is what it is asked now."""
    futures: list[Future[tuple[Finding, ...]]] = [Future()]

    def now(again: bool = False) -> Future[tuple[Finding, ...]]:
        futures.extend([Future()] if again else [])
        return futures[-1]

    monkeypatch.setattr(doctor_report, "findings_future", now)
    yield futures


def said(test: AppTest) -> str:
    return "\n".join(element.value for element in test.markdown)


def test_it_answers_what_people_ask() -> None:
    test = opened()
    assert test.title[0].value == "Help"
    labels = [one.label for one in test.expander]
    assert labels == [question.title for question in help.QUESTIONS]
    text = said(test)
    for words in (
        "not a package",
        "x-ray",
        "ADDRESS=0.0.0.0",
        "python -m cnn train",
        "unlike anything it",
        "fetch vgg16",
    ):
        assert words in text + "".join(labels)


def test_it_lists_the_keys() -> None:
    text = said(opened())
    assert all(f"| {where} | {keys} | {what} |" in text for where, keys, what in help.KEYS)


def test_it_says_that_it_is_looking() -> None:
    test = opened()
    assert test.info[0].value == doctor_report.LOOKING
    assert not test.button


def test_a_healthy_machine(asked: list[Future[tuple[Finding, ...]]]) -> None:
    asked[0].set_result((FINE, NOTE))
    test = opened()
    assert test.success[0].value == "Nothing to mend on this machine."
    assert ":orange-badge[note] **Data:** MNIST is not there. Put it there." in said(test)
    assert test.expander[-1].label == "What is fine (1)"
    assert not test.error


def test_what_is_to_be_mended_comes_first(asked: list[Future[tuple[Finding, ...]]]) -> None:
    asked[0].set_result((FINE, NOTE, BAD))
    test = opened()
    assert test.error[0].value == "One thing to mend."
    text = said(test)
    assert 0 < text.index("Rename it.") < text.index("Put it there.") < text.index("25 GB")


def test_one_may_look_again(asked: list[Future[tuple[Finding, ...]]]) -> None:
    asked[0].set_result((BAD,))
    test = opened()
    test.button[0].click().run()
    assert test.info[0].value == doctor_report.LOOKING
    asked[-1].set_result((FINE,))
    assert test.run().success
