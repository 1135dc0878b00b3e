"""Look now and then at what comes from elsewhere, and run the page once more when it is there."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Final

import streamlit as st

POLL_S: Final = 0.5


SHORT_S: Final = 0.02  # between two questions whether an end that is near has come


def show_until(done: Callable[[], bool], look: Callable[[], object]) -> bool:
    """Show a result that comes piece by piece, from its first piece on to its end.

    The whole stands at the same place as its pieces did: else the browser would make every component anew when the last
    one comes, and what a person has set in it meanwhile (a slider, the order of a table) would be lost.

    Args:
        done: says whether all is there.
        look: shows what there is so far, anew each time.

    Returns:
        whether all was there.
    """
    ended = done()
    if ended:
        with st.container():  # `poll_until` has one, too: Streamlit puts each fragment into one
            look()
    else:
        poll_until(done, look)
    return ended


def poll_until(
    done: Callable[[], bool],
    look: Callable[[], object],
    every: float = POLL_S,
    seconds_left: Callable[[], float | None] = lambda: None,
) -> None:
    """Show what there is until all is there; the page's next run, which then comes at once, ends the polling.

    Args:
        done: says whether all is there.
        look: shows what there is so far, anew each time.
        every: seconds between two looks.
        seconds_left: guesses when all will be there, in seconds; what comes before the next look is waited for, since
            that would come `every` / 2 too late on average. None where nobody knows.
    """

    def tick() -> None:
        if done():
            st.rerun(scope="app")
        look()
        left = seconds_left()
        if left is not None and left < every and _comes(done, every):
            st.rerun(scope="app")

    st.fragment(tick, run_every=every)()


def _comes(done: Callable[[], bool], within: float) -> bool:
    """Wait for it; meanwhile this session waits, too, and no other."""
    begun = monotonic()
    while not (there := done()) and monotonic() - begun < within:
        sleep(SHORT_S)
    return there
