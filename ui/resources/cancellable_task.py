"""Work of seconds that a person asks for: a button, progress with what there is so far, and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import streamlit as st

from cnn.progress import Progress
from ui.resources import attributions
from ui.resources.job_snapshot import snapshot
from ui.resources.poll import poll_until
from ui.text.attribution import STARTING

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CancellableTask(Generic[T]):
    """Something to ask for.

    Attributes:
        label: of the button.
        waits: what one waits for, in a few words.
        ask: starts it, or gives what was started for all sessions.
        leave: waits no longer; what others wait for goes on.
        retry: lets what failed be asked again.
        key: names the question; unique on the page.
        picture: shows what there is so far.
    """

    label: str
    waits: str
    ask: Callable[[], Future[T]]
    leave: Callable[[], None]
    retry: Callable[[], None]
    key: str
    picture: Callable[[Progress], None] = lambda _: None

    @property
    def wanted(self) -> bool:
        """Say whether somebody asked for it in this session."""
        return bool(st.session_state.get(f"{self.key}:wanted"))

    def want(self) -> None:
        """Ask for it."""
        st.session_state[f"{self.key}:wanted"] = True

    def again(self) -> None:
        """Ask for it anew."""
        self.retry()
        self.want()

    def stop(self) -> None:
        """Stop it for this session, and offer it again."""
        self.leave()
        st.session_state[f"{self.key}:wanted"] = False


def run_section(task: CancellableTask[T], show: Callable[[T], None]) -> None:
    """Offer the task, and show its result as soon as it is there."""
    if not task.wanted:
        st.button(task.label, on_click=task.want, key=f"{task.key} begin")
        return
    future = task.ask()
    attributions.wait_for(future)
    found = snapshot(future)
    if found.result is not None:
        show(found.result)
    elif found.ended:
        st.warning(found.failure)
        st.button("Try again", on_click=task.again, key=f"{task.key} again")
    else:
        poll_until(lambda: task.ask().done() or not task.wanted, partial(_look, task))


def _look(task: CancellableTask[Any]) -> None:
    """Show how far it is."""
    progress = snapshot(task.ask()).progress
    said = task.waits if attributions.worker_client().ready else STARTING
    st.progress(progress.share if progress else 0.0, said)
    if progress:
        task.picture(progress)
    st.button("Stop", on_click=task.stop, key=f"{task.key} stop")
