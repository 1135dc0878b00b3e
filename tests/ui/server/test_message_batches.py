"""What a session has to say leaves in one turn of the server's loop, in order, and nothing twice."""

from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import SessionClientDisconnectedError
from streamlit.runtime.app_session import AppSession

from ui.server import message_batches
from ui.server.message_batches import BATCH

Sent = list[str]


def flushed(
    monkeypatch: pytest.MonkeyPatch, messages: int, breaks_at: int = -1, connected: bool = True
) -> tuple[Sent, Sent]:
    """Let a session flush so many messages; list what was sent, and what is left to Streamlit's loop."""
    sent: Sent = []

    def send(client: object, message: ForwardMsg) -> None:
        assert client == "client of session"
        if len(sent) == breaks_at:
            raise SessionClientDisconnectedError
        sent.append(message.hash)

    manager = SimpleNamespace(get_active_session_info=lambda name: f"client of {name}" if connected else None)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager, _send_message=send))
    queue = [ForwardMsg(hash=str(number)) for number in range(messages)]
    monkeypatch.setattr(message_batches, "_flush_all", lambda session: queue)
    session: AppSession = SimpleNamespace(id="session")  # type: ignore[assignment]
    return sent, [one.hash for one in message_batches._flush(session)]


def names(count: int) -> Sent:
    return [str(number) for number in range(count)]


@pytest.mark.parametrize("messages", [0, 1, 51, BATCH, BATCH + 30])
def test_an_answer_leaves_at_once(messages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, left = flushed(monkeypatch, messages)
    assert sent == names(messages)[:BATCH]
    assert sent + left == names(messages)


@pytest.mark.parametrize(("breaks_at", "connected"), [(20, True), (0, True), (0, False)])
def test_what_a_broken_connection_did_not_take_stays_with_streamlit(
    breaks_at: int, connected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its loop ends the session's connection when it fails to send; an error here would end the loop."""
    sent, left = flushed(monkeypatch, 51, breaks_at, connected)
    assert len(sent) == breaks_at
    assert sent + left == names(51)
