"""People who draw at once on the running app: each gets the answer to their own drawing."""

from __future__ import annotations

import pytest

from bench import crowd
from bench.crowd import Crowd
from bench.server import APP, served
from tests.support.run_async import run_async


@pytest.mark.slow
def test_nobody_sees_anothers_picture() -> None:
    with served(APP) as server:
        came = run_async(crowd.draw_together(server.url, people=6, every=0.5, seconds=5))
    assert (came.wrong, came.lost) == (0, 0)
    assert len(came.took) >= 6


def test_an_answer_to_something_else_is_told() -> None:
    told = crowd.crowd_sentence(Crowd([0.01, 0.02, 0.03], wrong=1, lost=2, processor=0.06), 3, 1.0)
    assert told == (
        "3 people, 3.0 answers a second: median 20 ms, 95 % within 29; 1 to something else, 2 people lost; "
        "20.0 ms of processor time an answer."
    )
