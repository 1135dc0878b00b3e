"""Turns: a message counts only when it is newer and well formed."""

import pytest

from ui.components.choice import LAST_TURN, KeptChoice, take_newest

KEPT = KeptChoice("old", 3)


def read(value: object) -> str | None:
    return value if value in ("old", "new") else None  # type: ignore[return-value]


def test_a_newer_turn_wins() -> None:
    assert take_newest(KEPT, {"value": "new", "turn": 4}, read) == KeptChoice("new", 4)
    assert take_newest(KEPT, {"value": "new", "turn": LAST_TURN}, read) == KeptChoice("new", LAST_TURN)


@pytest.mark.parametrize("turn", [3, 2, 0, -1, LAST_TURN + 1, 4.0, "4", True, None, float("nan"), float("inf"), [4]])
def test_any_other_turn_is_ignored(turn: object) -> None:
    assert take_newest(KEPT, {"value": "new", "turn": turn}, read) is KEPT


@pytest.mark.parametrize("message", [None, 4, "new", [], ["new", 4], {}, {"value": "new"}, {"turn": 4}])
def test_what_is_no_message_is_ignored(message: object) -> None:
    assert take_newest(KEPT, message, read) is KEPT


@pytest.mark.parametrize("value", ["other", None, 7, [], {}, float("nan")])
def test_a_refused_value_keeps_the_old_one(value: object) -> None:
    assert take_newest(KEPT, {"value": value, "turn": 4}, read) is KEPT
