"""Look now and then at what comes from elsewhere, and run the page once more when it is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

POLL_S: Final = 0.5


def poll_until(done: Callable[[], bool], look: Callable[[], object], every: float = POLL_S) -> None:
    """Show what there is until all is there; the page's next run, which then comes at once, ends the polling.

    Args:
        done: says whether all is there.
        look: shows what there is so far, anew each time.
        every: seconds between two looks.
    """

    def tick() -> None:
        if done():
            st.rerun(scope="app")
        look()

    st.fragment(tick, run_every=every)()
