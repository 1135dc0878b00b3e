"""Runs of pages in a process that tests of networks have left Keras in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.runtime.scriptrunner import script_runner


@pytest.fixture(scope="session", autouse=True)
def keras_stays_as_it_is() -> Iterator[None]:
    """Keep Streamlit from resetting Keras after every run of a page.

    It does so where Keras is loaded, which it never is in the server, and each reset collects the garbage of the whole
    process: pages cost seven times as much in one that had loaded TensorFlow.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield
