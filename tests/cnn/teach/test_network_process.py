"""The process that makes a network: what it says is heard, however it ends, and it ends when asked to."""

from __future__ import annotations

import sys

import pytest

from cnn.errors import BadInput, Cancelled
from cnn.teach import network_process
from cnn.teach.network_process import MadeNetwork, make_network


def says(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(network_process, "COMMAND", (sys.executable, "-c", code))


def test_it_is_told_how_far_the_process_is_and_what_came_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """import sys, json
print('{"done": 1, "of": 4}'); print('{"done": 4, "of": 4}')
figures = {"asked": 10, "frozen": 6, "tuned": len(sys.argv), "chance": 0.5}
print(json.dumps({"name": "own/1", "title": sys.argv[3], **figures}))
"""
    says(monkeypatch, code)
    counts: list[tuple[int, int]] = []
    made = make_network("person", "trunk", "My pets", True, lambda *one: counts.append(one))
    assert counts == [(1, 4), (4, 4)]
    assert made == MadeNetwork("own/1", "My pets", 10, 6, 5, 0.5), "the order to fine-tune is the fifth word"
    assert not made.fine_tuned


@pytest.mark.parametrize(
    ("code", "said"), [("""print('{"why": "Too few."}')""", "Too few."), ("1 / 0", "ended from outside")]
)
def test_why_there_is_no_network_is_a_sentence(monkeypatch: pytest.MonkeyPatch, code: str, said: str) -> None:
    says(monkeypatch, code)
    with pytest.raises(BadInput, match=said):
        make_network("person", "trunk", "My pets")


def test_one_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, "import sys; sys.stdin.read()")
    with pytest.raises(Cancelled):
        make_network("person", "trunk", "My pets", stopped=lambda: True)
