"""A message of a browser in which a part of the page and something outside that part speak together."""

from __future__ import annotations

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import _has_active_trigger_value


def hear_everything() -> None:
    """Run the whole page where a message of one of its fragments also says what happened outside that fragment.

    The browser puts what changes in the same moment into one message, with the fragment of one of both. Streamlit 1.67
    runs that fragment alone then, and a click or a key outside it, which is told only once, is never heard of: of
    presses of a key on the projector one in ten was lost beside the digit that draws itself.
    """
    AppSession.request_rerun = _request_rerun  # type: ignore[method-assign, assignment]


_request_any = AppSession.request_rerun


def _request_rerun(session: AppSession, client_state: ClientState | None) -> None:
    if client_state is not None and client_state.fragment_id:
        widgets = session._session_state._new_widget_state.widget_metadata
        for said in client_state.widget_states.widgets:
            widget = widgets.get(said.id) if _has_active_trigger_value(said) else None
            if widget is not None and widget.fragment_id != client_state.fragment_id:
                client_state.fragment_id = ""
                break
    _request_any(session, client_state)
