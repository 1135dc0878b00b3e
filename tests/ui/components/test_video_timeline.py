"""The timeline as the browser gets it, and what the browser may send."""

import pytest
from streamlit.testing.v1 import AppTest

from cnn.inference.video_classification import FrameAnswer, Timeline, TimelineLane
from ui.components.video_timeline import video_timeline

SCRIPT = """
import streamlit as st
from cnn.inference.video_classification import FrameAnswer, TimelineLane, Timeline
from ui.components.video_timeline.video_timeline import render_video_timeline
lane = TimelineLane("cifar10/vgg", "VGG", tuple(FrameAnswer((("cat", 0.8), ("dog", 0.2))) for _ in range(3)))
shown = Timeline((0.5, 1.5, 2.5), (lane,))
st.session_state.got = render_video_timeline(shown, ["data:,"] * 3, 3.0, "clip")
"""


def chosen(message: object = None) -> int:
    test = AppTest.from_string(SCRIPT, default_timeout=60)
    if message is not None:
        test.session_state["clip"] = {"chosen": message}
    test.run()
    assert not test.exception
    return int(test.session_state["got"])


def test_the_first_frame_is_chosen_at_first() -> None:
    assert chosen() == 0


def test_the_browser_chooses() -> None:
    assert chosen({"value": "2", "turn": 1}) == 2


@pytest.mark.parametrize(
    "message",
    [
        "2",
        ["2"],
        {},
        {"value": "3", "turn": 1},
        {"value": "-1", "turn": 1},
        {"value": 2, "turn": 1},
        {"value": ["2"], "turn": 1},
        {"value": "2", "turn": "1"},
        {"value": "2", "turn": True},
        {"value": "2", "turn": -1},
        {"value": "2"},
    ],
)
def test_a_malformed_choice_changes_nothing(message: object) -> None:
    assert chosen(message) == 0


def lane(network: str, *names: str, known: bool = True) -> TimelineLane:
    return TimelineLane(network, network, tuple(FrameAnswer(((name, 0.75), ("next", 0.2)), known) for name in names))


def content(*lanes: TimelineLane) -> dict:
    times = tuple(float(at) for at in range(len(lanes[0].answers)))
    return video_timeline.timeline_data(Timeline(times, lanes), ["data:,"] * len(times), float(len(times)))


def test_equal_names_have_equal_colours_in_all_lanes() -> None:
    data = content(lane("cifar10/vgg", "cat", "dog", "cat"), lane("cifar10/resnet", "dog", "cat", "cat"))
    colours = {answer["name"]: answer["colour"] for one in data["lanes"] for answer in one["answers"]}
    assert colours == {"cat": 0, "dog": 1}
    assert all(answer["colour"] == colours[answer["name"]] for one in data["lanes"] for answer in one["answers"])
    assert [(entry["name"], entry["colour"]) for entry in data["legend"]] == [("cat", 0), ("dog", 1)]
    assert data["apart"] == (0, 1)


def test_rare_names_share_a_colour() -> None:
    data = content(lane("cifar10/vgg", *"aabbccddeeffgh"))
    assert [entry["name"] for entry in data["legend"]] == [*"abcdef", "other answers"]
    assert {answer["colour"] for answer in data["lanes"][0]["answers"][-2:]} == {video_timeline.TIMELINE_COLOURS}


def test_an_answer_far_from_all_classes_says_so() -> None:
    data = content(lane("cifar10/vgg", "cat", known=False))
    answer = data["lanes"][0]["answers"][0]
    assert data["legend"][-1]["name"] == "faded: unlike anything it learned"
    assert (answer["known"], answer["percent"]) == (False, "75.0 %")
    assert "do not trust" in answer["then"]
    assert content(lane("cifar10/vgg", "cat"))["lanes"][0]["answers"][0]["then"] == "then next, 20.0 %"


@pytest.mark.parametrize(
    ("lanes", "note"),
    [
        ([lane("cifar10/vgg", "cat")], "Choose two networks"),
        ([lane("cifar10/vgg", "cat"), lane("imagenet/vgg16", "tabby")], "Choose two networks"),
        ([lane("cifar10/vgg", "cat"), lane("cifar10/resnet", "cat")], "agree all along"),
        ([lane("cifar10/vgg", "cat"), lane("cifar10/resnet", "dog")], "disagree in 1 of 1"),
    ],
)
def test_it_says_whether_they_agree(lanes: list[TimelineLane], note: str) -> None:
    assert note in content(*lanes)["note"]


def test_the_data_hold_no_lists() -> None:
    def lists(value: object) -> bool:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
        return isinstance(value, list) or any(map(lists, inside))

    assert not lists(content(lane("cifar10/vgg", "cat", "dog"), lane("cifar10/resnet", "cat", "cat")))
