"""Rooms of a class: who may do what, what is counted, and what is forgotten."""

from __future__ import annotations

import dataclasses

import pytest

from ui.classroom import rooms
from ui.classroom.rooms import ClassError, Question, Rooms

QUESTION = Question("What will it say?", "data:,", ("1", "7"), 1, (0.1, 0.9), "It says 7.", "", {})


class Clock:
    """Seconds that pass when one says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def school(clock: Clock) -> Rooms:
    return Rooms(clock)


def test_a_class_predicts_and_then_sees(school: Rooms) -> None:
    code, key = school.open()
    assert school.look(code, "a").question is None
    school.ask(code, key, QUESTION, 0)
    for phone, option in (("a", 0), ("b", 1), ("c", 1), ("a", 1), ("a", 0)):
        school.answer(code, phone, 1, option)
    before = school.look(code, "a")
    assert (before.answered, before.counts, before.own) == (3, (), 0), "counts would lead those who still think"
    school.reveal(code, key)
    after = school.look(code, "b")
    assert (after.answered, after.counts, after.own, after.revealed) == (3, (1, 2), 1, True)
    school.ask(code, key, QUESTION, 1)
    assert (school.look(code, "b").own, school.look(code).answered) == (None, 0)


def test_an_answer_that_comes_late_is_told_so_and_not_counted(school: Rooms) -> None:
    code, key = school.open()
    school.ask(code, key, QUESTION, 0)
    school.reveal(code, key)
    with pytest.raises(ClassError, match="too late"):
        school.answer(code, "a", 1, 0)
    school.ask(code, key, QUESTION, 1)
    with pytest.raises(ClassError, match="too late"):
        school.answer(code, "a", 1, 0)
    with pytest.raises(ClassError, match="no answer"):
        school.answer(code, "a", 2, 2)
    assert school.look(code).answered == 0


def test_a_wrong_code_is_told_what_to_compare(school: Rooms) -> None:
    code, _ = school.open()
    for wrong in ("", "AAAA", code[::-1] + "X"):
        with pytest.raises(ClassError, match="Compare the 4 letters"):
            school.look(wrong, "a")


@pytest.mark.parametrize(("typed", "read"), [("bcdf", "BCDF"), (" b c-d f ", "BCDF"), ("", ""), ("bcdfgh", "BCDFG")])
def test_a_code_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert rooms.read_code(typed) == read


def test_two_teachers_have_two_rooms_and_neither_leads_the_other(school: Rooms) -> None:
    (one, key), (other, other_key) = school.open(), school.open()
    assert one != other
    school.ask(one, key, QUESTION, 0)
    assert school.look(other).question is None
    assert (school.leads(one, key), school.leads(one, other_key)) == (True, False)
    for act in (lambda: school.ask(one, other_key, QUESTION, 1), lambda: school.reveal(one, other_key)):
        with pytest.raises(ClassError, match="led from another device"):
            act()
    with pytest.raises(ClassError, match="led from another device"):
        school.close(one, "schlüssel")


def test_two_devices_of_one_teacher_do_not_ask_over_each_other(school: Rooms) -> None:
    code, key = school.open()
    school.ask(code, key, QUESTION, 0)
    with pytest.raises(ClassError, match="Another device of yours"):
        school.ask(code, key, QUESTION, 0)


def test_a_hundred_phones_fit_and_a_lost_one_gives_way(school: Rooms, clock: Clock) -> None:
    code, key = school.open()
    school.ask(code, key, QUESTION, 0)
    for phone in range(rooms.MOST_PHONES):
        school.look(code, str(phone))
    with pytest.raises(ClassError, match="full"):
        school.look(code, "late")
    school.answer(code, "0", 1, 1)
    clock.now = rooms.GONE_S + 1
    assert school.look(code).phones == 0
    assert school.look(code, "late").phones == 1
    assert school.look(code, "0").own == 1, "who answered and lost the connection is not forgotten"


def test_rooms_are_few_and_end(school: Rooms, clock: Clock) -> None:
    code, key = school.open()
    for _ in range(rooms.MOST_ROOMS - 1):
        school.open()
    with pytest.raises(ClassError, match="no more fit"):
        school.open()
    school.close(code, key)
    with pytest.raises(ClassError, match="no room"):
        school.look(code)
    last, _ = school.open()
    clock.now = rooms.IDLE_S + 1
    with pytest.raises(ClassError, match="no room"):
        school.look(last)
    assert school.open()


def test_a_large_picture_is_refused(school: Rooms) -> None:
    code, key = school.open()
    large = dataclasses.replace(QUESTION, picture="x" * (rooms.MOST_PICTURE + 1))
    with pytest.raises(ClassError, match="too large"):
        school.ask(code, key, large, 0)
