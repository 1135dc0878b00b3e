"""The x-ray: which steps are off, whatever the browser sends."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.components.preprocessing_steps import preprocessing_steps
from ui.components.preprocessing_steps.preprocessing_steps import StepPanel, parse_steps_off

STEPS = ("crop", "box", "pen")


def page() -> None:
    import streamlit as st

    from ui.components.preprocessing_steps.preprocessing_steps import StepPanel, render_preprocessing_steps, steps_off

    steps = st.session_state.get("steps", ("crop", "box", "pen"))
    gone = steps_off("x", steps)
    panels = [StepPanel("input", "Input", "as drawn", "", fixed=True)]
    panels += [StepPanel(step, step.title(), "a line", "data:,", step not in gone) for step in steps]
    assert render_preprocessing_steps(panels, "VGG reads 7", "x") == gone
    st.text(" ".join(sorted(gone)))


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def send(app: AppTest, message: object) -> str:
    """Let the browser send `message`: which steps are off then?"""
    app.session_state["x"] = {"off": message}
    app.run()
    assert not app.exception
    return str(app.text[0].value)


def shown(app: AppTest) -> dict[str, Any]:
    return dict(json.loads(app.get("bidi_component")[0].proto.json))


def test_all_steps_are_on_at_first(app: AppTest) -> None:
    assert app.text[0].value == ""
    assert [panel["on"] for panel in shown(app)["panels"]] == [True] * 4


def test_a_switch_is_answered_in_the_same_run_and_lasts(app: AppTest) -> None:
    assert send(app, {"value": ["box"], "turn": 1}) == "box"
    assert [panel["on"] for panel in shown(app)["panels"]] == [True, True, False, True]
    assert shown(app)["turn"] == 1
    assert app.run().text[0].value == "box"


def test_switches_go_on_again(app: AppTest) -> None:
    send(app, {"value": ["box", "pen"], "turn": 1})
    assert send(app, {"value": ["pen"], "turn": 2}) == "pen"
    assert send(app, {"value": [], "turn": 3}) == ""


def test_an_older_message_is_ignored(app: AppTest) -> None:
    send(app, {"value": ["box"], "turn": 2})
    assert send(app, {"value": [], "turn": 1}) == "box"


def test_what_is_no_step_with_a_switch_is_dropped(app: AppTest) -> None:
    assert send(app, {"value": ["input", "box", "bogus", 7, None, ["pen"], {}], "turn": 1}) == "box"


@pytest.mark.parametrize("message", [None, ["box"], {"turn": 1}, {"value": {"box": 1}, "turn": 1}])
def test_a_malformed_message_changes_nothing(app: AppTest, message: object) -> None:
    assert send(app, message) == ""


def test_a_step_keeps_its_switch_while_it_is_not_shown(app: AppTest) -> None:
    send(app, {"value": ["pen"], "turn": 1})
    app.session_state["steps"] = ("crop", "box")
    assert app.run().text[0].value == ""
    app.session_state["steps"] = STEPS
    assert app.run().text[0].value == "pen"


@pytest.mark.parametrize("value", [None, 7, "crop", {}, ("crop",), ["crop"] * (preprocessing_steps.MOST_STEPS + 1)])
def test_reads_only_a_short_list(value: object) -> None:
    assert parse_steps_off(value, STEPS) is None


def test_reads_the_steps_of_a_list() -> None:
    assert parse_steps_off(["crop", "crop", "zoom"], STEPS) == {"crop"}
    assert parse_steps_off([], STEPS) == frozenset()


@pytest.mark.parametrize(
    ("panel", "alt"),
    [
        (StepPanel("crop", "Crop", "", "data:,"), "Crop: the ink after this step"),
        (StepPanel("crop", "Crop", "", "data:,", on=False), "Crop: the ink without this step"),
        (StepPanel("input", "Input", "", "data:,", fixed=True), "Input: the ink at this step"),
        (StepPanel("crop", "Crop", "", ""), "Crop: nothing drawn yet"),
    ],
)
def test_every_picture_is_described(panel: StepPanel, alt: str) -> None:
    assert panel.alt == alt
