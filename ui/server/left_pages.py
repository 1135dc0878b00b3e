"""What a page that was left still asks for, and is not done."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType


def forget_left_pages() -> None:
    """Keep a visitor on the page that was asked for last, whatever the one before still says.

    A canvas that reports a stroke, or a fragment that runs every second, may send its message just after its page was
    left. Streamlit 1.67 then takes the page of that message for the one that is wanted: it opens the old page anew, or,
    where the new one is already being made, tells the browser that the old one is there, and draws nothing in it.
    """
    ScriptRequests.request_rerun = _request_rerun  # type: ignore[method-assign, assignment]
    ScriptRunner._run_script = _run_script  # type: ignore[method-assign, assignment]


_request_any = ScriptRequests.request_rerun
_run_any = ScriptRunner._run_script


def _request_rerun(requests: ScriptRequests, new_data: RerunData) -> bool:
    """Take `new_data` up, but not in the place of another page that waits to be run."""
    if new_data.fragment_id and requests._state is ScriptRequestType.RERUN:
        waits = requests._rerun_data
        if not waits.fragment_id_queue and waits.page_script_hash not in ("", new_data.page_script_hash):
            return True
    return _request_any(requests, new_data)


def _run_script(runner: ScriptRunner, rerun_data: RerunData) -> None:
    """Run what is asked for, but no part of a page that is no longer shown."""
    shown = runner._pages_manager.current_page_script_hash
    if rerun_data.fragment_id_queue and rerun_data.page_script_hash not in ("", shown):
        return
    _run_any(runner, rerun_data)
