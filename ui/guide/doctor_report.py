"""What the doctor finds on this machine, for who does not use a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

import streamlit as st

from cnn.doctor import Finding
from cnn.paths import ROOT
from ui.resources.job_snapshot import snapshot
from ui.resources.poll import poll_until

COMMAND: Final = (sys.executable, "-m", "cnn", "doctor", "--json")  # in a process of its own: it loads TensorFlow
PATIENCE_S: Final = 300
FRESH_S: Final = 3600
BADGES: Final = {"bad": ":red-badge[to mend]", "note": ":orange-badge[note]", "fine": ":green-badge[fine]"}
LOOKING: Final = "Looking at Python, the packages, the networks and this machine. It takes about ten seconds."


def show_doctor_report() -> None:
    """Show the findings, or that they are being looked for; other work goes on meanwhile."""
    future = findings_future()
    found = snapshot(future)
    if found.result is not None:
        _tell(found.result)
    else:
        poll_until(future.done, lambda: st.info(LOOKING))


def findings_future(again: bool = False) -> Future[tuple[Finding, ...]]:
    """Give what one doctor finds, for all sessions; another begins when that is old, or `again`, but never two at once.

    Args:
        again: look again, also where the last findings are fresh.
    """
    return _practice().findings(again)


@st.cache_resource(show_spinner=False)
def _practice() -> DoctorsPractice:
    return DoctorsPractice()


@dataclass(slots=True)
class DoctorsPractice:
    """The one doctor of this server: the last examination, and when it began."""

    _lock: Lock = field(default_factory=Lock)
    _future: Future[tuple[Finding, ...]] | None = None
    _began: float = 0.0

    def findings(self, again: bool) -> Future[tuple[Finding, ...]]:
        """See `findings_future`."""
        with self._lock:
            old = again or monotonic() - self._began > FRESH_S
            if self._future is None or (old and self._future.done()):
                pool = ThreadPoolExecutor(1, "doctor")
                self._future, self._began = pool.submit(run_doctor), monotonic()
                pool.shutdown(wait=False)
            return self._future


def run_doctor() -> tuple[Finding, ...]:
    """Ask the doctor, in a process of its own; it always finds something to say."""
    try:
        done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        found = tuple(Finding(**json.loads(line)) for line in done.stdout.splitlines())
    except (OSError, ValueError, TypeError, subprocess.TimeoutExpired) as error:
        return (_silent(type(error).__name__),)
    return found if done.returncode in (0, 1) and found else (*found, _silent(f"exit code {done.returncode}"))


def _silent(why: str) -> Finding:
    advice = "Run `python -m cnn doctor` in a terminal: it says more there."
    return Finding("Doctor", f"did not come to an end ({why}).", "bad", advice)


def _tell(found: Sequence[Finding]) -> None:
    """Tell what is to be mended first; what is fine waits behind a click."""
    bad, notes, fine = ([one for one in found if one.state == state] for state in BADGES)
    if bad:
        st.error(f"{len(bad)} to mend." if len(bad) > 1 else "One thing to mend.")
    else:
        st.success("Nothing to mend on this machine.")
    if bad or notes:
        st.markdown(findings_markdown([*bad, *notes]))
    with st.expander(f"What is fine ({len(fine)})"):
        st.markdown(findings_markdown(fine))
    st.button("Look again", on_click=_look_again)


def _look_again() -> None:
    findings_future(again=True)


def findings_markdown(found: Sequence[Finding]) -> str:
    """List findings in Markdown."""
    return "\n".join(f"- {BADGES[one.state]} **{one.area}:** {_plain(one.what)} {one.advice}" for one in found)


def _plain(text: str) -> str:
    """Keep names of files from being read as Markdown."""
    for sign in "\\`*_[]$~<>:#|":
        text = text.replace(sign, f"\\{sign}")
    return text
