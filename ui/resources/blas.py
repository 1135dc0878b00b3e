"""How NumPy multiplies in the pages' server."""

from __future__ import annotations

import streamlit as st


@st.cache_resource(show_spinner=False)
def multiply_on_one_thread() -> None:
    """Keep NumPy's products on one thread, from now on in the whole process; whoever runs a network in NumPy asks.

    Threads that wait for each other are slower wherever others compute, too: beside trainings an answer of VGG's took
    266 ms of processor time and 3.5 s by the clock, on one thread 5 and 70 ms.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, "blas")
