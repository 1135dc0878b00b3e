"""What is told only once is heard, with whatever it shares its message."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from ui.server import shared_messages

CANVAS = "canvas"  # a fragment


@pytest.mark.parametrize(
    ("place", "value", "runs"),
    [
        (CANVAS, {"json_trigger_value": '{"frame": 1}'}, CANVAS),
        (None, {"json_trigger_value": '{"to": 1}'}, ""),
        ("answers", {"trigger_value": True}, ""),
        (None, {"trigger_value": False}, CANVAS),
        (None, {"json_trigger_value": ""}, CANVAS),
        (None, {"json_value": '{"kept": 1}'}, CANVAS),
    ],
    ids=["its own", "of the page", "of another part", "no click", "no key", "a value that stays"],
)
def test_a_part_of_a_page_runs_alone_only_where_nothing_else_spoke(
    monkeypatch: pytest.MonkeyPatch, place: str | None, value: dict[str, Any], runs: str
) -> None:
    asked: list[ClientState] = []
    monkeypatch.setattr(shared_messages, "_request_any", lambda _, state: asked.append(state))
    known = {"widget": SimpleNamespace(fragment_id=place)}
    states = SimpleNamespace(_new_widget_state=SimpleNamespace(widget_metadata=known))
    message = ClientState(fragment_id=CANVAS)
    message.widget_states.widgets.add(id="widget", **value)
    message.widget_states.widgets.add(id="of a page that was left", trigger_value=True)
    shared_messages._request_rerun(cast(AppSession, SimpleNamespace(_session_state=states)), message)
    assert [one.fragment_id for one in asked] == [runs]
