"""What Streamlit tells and asks of its own accord, and here does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit import net_util
from streamlit.runtime.app_session import AppSession


def keep_to_itself() -> None:
    """Ask no host for this machine's address, and tell no visitor where the app lies on the disk.

    Streamlit 1.67 asks an outside host for the machine's address when it starts headless on all addresses, and again at
    every handshake whose origin is not the server's, in the thread that serves everybody: where names resolve slowly,
    all wait for seconds. Every session is told the path of the main script, which the browser only shows in its menu.
    """
    net_util.get_external_ip = lambda: None
    AppSession._create_new_session_message = _without_path  # type: ignore[method-assign, assignment]


_with_path = AppSession._create_new_session_message


def _without_path(session: AppSession, *args: Any, **options: Any) -> Any:
    message = _with_path(session, *args, **options)
    message.new_session.main_script_path = Path(message.new_session.main_script_path).name
    return message
