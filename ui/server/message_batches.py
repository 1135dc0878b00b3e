"""An answer's messages leave together, not one in each turn of the server's loop."""

from __future__ import annotations

from typing import Final

from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import SessionClientDisconnectedError
from streamlit.runtime.app_session import AppSession

BATCH: Final = 100  # messages; Streamlit breaks a connection off at 500 that wait to leave


def send_in_batches() -> None:
    """Send up to BATCH messages of a session at once.

    Streamlit 1.67 lets everything else on the server go first after each message. While fifty people bring photos such
    a turn takes 30 ms, an answer has fifty messages, and sessions are served one after the other: that a photo waits to
    be read was told when it had been.
    """
    AppSession.flush_browser_queue = _flush  # type: ignore[method-assign, assignment]


_flush_all = AppSession.flush_browser_queue


def _flush(session: AppSession) -> list[ForwardMsg]:
    """Send what waits, and give Streamlit's loop the rest; it finds out itself whose connection has broken."""
    messages = _flush_all(session)
    server = runtime.get_instance()
    connected = server._session_mgr.get_active_session_info(session.id)
    if connected is None:
        return messages
    for at, message in enumerate(messages[:BATCH]):
        try:
            server._send_message(connected, message)
        except SessionClientDisconnectedError:
            return messages[at:]
    return messages[BATCH:]
