"""Teach: samples come in, are learned, moved and kept; a reload finds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnn.home import HOME_VARIABLE
from tests.pages import driver
from tests.pages.driver import checked, every
from ui.teach import taking_in, whose

TRUNK = "cifar10/resnet"


def text(test: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*test.markdown, *test.warning, *test.info, *test.caption))


def waited(test: AppTest) -> AppTest:
    job = taking_in.intake_under_way(whose.HERE)
    if job is not None:
        assert job.ended.wait(60)
    return checked(test.run())


def test_cats_and_dogs_are_taught_moved_and_still_there_in_another_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    test = driver.opened("teach", trunk=TRUNK)
    assert "Begin here" in text(test)
    test.button("teach samples").click()
    test = waited(checked(test.run()))
    assert "of 120 right" in text(test)
    assert "more pictures would halve that" in text(test)
    assert "no diagnosis" in text(test)
    assert not every(test, "counts")[0]["classes"][2:]
    doubtful = every(test, "tiles")
    assert doubtful
    assert "what speaks for" in every(test, "heat")[0]["caption"]
    test.toggle("teach curve").set_value(True)
    checked(test.run())
    assert [line["name"] for line in every(test, "lines")[0]["lines"]] == ["right, with its 95 % interval"]
    test.button("teach move doubtful").click()
    checked(test.run())
    labels = [one.label for one in test.expander]
    assert {"**cat**: 60 pictures", "**dog**: 60 pictures"} - set(labels), "one picture changed its class"
    again = driver.opened("teach", trunk=TRUNK)
    assert "of 120 right" in text(again)
    again.button("teach delete all").click()
    checked(again.run())
    assert "Begin here" in text(again)


def test_on_a_machine_of_ones_own_another_browser_finds_the_same_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser's cookie goes with its last window; the pictures shall not."""
    addresses = {"127.0.0.1": whose.HERE, "localhost": whose.HERE, "0.0.0.0": "cookie", None: "cookie"}
    monkeypatch.setattr("ui.resources.person.person", lambda: "cookie")
    monkeypatch.setenv("CONVSCOPE_FETCH", "1")  # what lets a server fetch pictures makes it nobody's own
    for address, person in addresses.items():
        monkeypatch.setattr("streamlit.get_option", lambda _, address=address: address)
        assert whose.whose() == person
