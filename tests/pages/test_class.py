"""Class mode without a browser: every kind of question over real networks, and every way in that fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn.attribution.results import AttributionMap
from tests.pages import driver
from tests.pages.driver import checked, shown
from ui.classroom import questions, seats
from ui.classroom.rooms import Rooms
from ui.resources import attributions

opened = partial(driver.opened, "class")


@pytest.fixture(autouse=True)
def school(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    """Give each test a server without rooms, in which evidence lies in the upper left."""
    rooms = Rooms()
    monkeypatch.setattr(seats, "rooms", lambda: rooms)
    heat, found = np.zeros((7, 7), np.float32), Future[AttributionMap]()
    heat[0, 0] = 1
    found.set_result(AttributionMap(heat, 1.0))
    monkeypatch.setattr(attributions, "attribution_future", lambda *_: found)
    yield rooms


def said(test: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*test.markdown, *test.info, *test.warning, *test.caption))


def address(test: AppTest, name: str) -> str:
    """Read what the page wrote into its address."""
    value = test.query_params[name]
    return value if isinstance(value, str) else value[0]


def press(test: AppTest, label: str) -> AppTest:
    return checked(next(one for one in test.button if one.label == label).click().run())


def asked(kind: str, **address: str) -> AppTest:
    """Let a teacher ask a question of a kind."""
    test = press(opened(**address), "Open a room")
    checked(test.selectbox(key="class kind").set_value(kind).run())
    return press(test, "Ask the class")


@pytest.mark.parametrize("kind", list(questions.QUESTION_KINDS))
@pytest.mark.parametrize("network", ["mnist/lenet", "imagenet/efficientnet_lite0"])
def test_every_question_hides_its_answer_until_it_is_revealed(school: Rooms, kind: str, network: str) -> None:
    teacher = asked(kind, network=network)
    code = address(teacher, "room")
    question = school.look(code).question
    assert question is not None
    assert question.options[question.answer]
    assert len(question.options) == len(question.shares) == len(set(question.options))
    assert all(0 <= share <= 1 for share in question.shares)
    pupil = opened(room=code)
    assert question.ask in said(pupil)
    assert question.told not in said(pupil) + said(teacher)
    pupil = press(pupil, question.options[question.answer])
    assert f"You said **{question.options[question.answer]}**" in said(pupil)
    teacher = press(teacher, "Reveal the answer")
    assert question.told in said(teacher)
    rows = shown(teacher, "rows", question.ask)["rows"]
    assert [row["shares"][0] for row in rows].count(1) == 1
    assert [row["best"] for row in rows].index(True) == question.answer


def test_evidence_is_asked_by_ninths_of_the_picture(school: Rooms) -> None:
    code = address(asked("evidence", network="mnist/lenet"), "room")
    question = school.look(code).question
    assert question is not None
    assert question.options[question.answer] == "in the upper left"


def test_a_wrong_code_leads_back_to_the_door() -> None:
    test = opened(room="BCDF")
    assert "There is no room BCDF." in said(test)
    assert next(one.label for one in press(test, "Back to the door").button) == "Join"


def test_a_second_teacher_has_another_room_and_leads_no_other(school: Rooms) -> None:
    one, other = (press(opened(), "Open a room") for _ in range(2))
    code, key = address(one, "room"), other.query_params["teacher"][0]
    assert code != address(other, "room")
    thief = opened(room=code, teacher=key)
    assert f"Room {code} is led from another device." in said(thief)
    assert "Ask the class" not in [button.label for button in thief.button]


def test_a_phone_is_the_same_after_a_reload_and_another_one_is_not(school: Rooms) -> None:
    code = address(asked("answer", network="mnist/lenet"), "room")
    phone = press(opened(room=code), "7")
    number = address(phone, "phone")
    assert "You said **7**" in said(opened(room=code, phone=number))
    assert "You said" not in said(opened(room=code, phone="nonsense"))
    assert school.look(code).answered == 1


def test_this_machine_alone_is_told_how_to_open_to_a_class() -> None:
    assert "ADDRESS=0.0.0.0" in said(opened())
