"""What is computed of an input serves all sessions, and is gone with the last one that asked for it."""

from __future__ import annotations

import ast
from concurrent.futures import Future
from threading import Event, Thread

import pytest

from cnn.errors import BadInput
from cnn.paths import ROOT
from ui.resources import visits
from ui.resources.visitor_cache import VisitorCache, VisitorFutures, visitor_cache, visitor_futures
from ui.resources.visits import Visit

Pictures = VisitorCache[..., list[str]]


@pytest.fixture
def computed() -> list[str]:
    return []


@pytest.fixture
def pictures(computed: list[str]) -> Pictures:
    @visitor_cache(max_entries=3)
    def picture(key: str, size: int = 1, _data: bytes = b"") -> list[str]:
        """Paint."""
        computed.append(key)
        return [key * size]

    return picture


def test_it_is_computed_once(pictures: Pictures, computed: list[str]) -> None:
    found = pictures("cat", 1, b"x")
    assert pictures("cat", _data=b"y") is found
    assert pictures("cat", size=2) == ["catcat"]
    assert computed == ["cat", "cat"]
    assert pictures.__doc__ == "Paint."


def test_it_says_what_it_holds_and_computes_nothing_for_that(pictures: Pictures, computed: list[str]) -> None:
    pictures("cat", 1, b"x")
    assert pictures.holds("cat", _data=b"y")
    assert not pictures.holds("cat", 2)
    assert not pictures.holds("dog")
    assert computed == ["cat"]
    assert len(pictures) == 1


def test_the_most_that_were_used_last_stay(pictures: Pictures, computed: list[str]) -> None:
    for key in "abcad":
        pictures(key)
    computed.clear()
    for key in "acdb":
        pictures(key)
    assert computed == ["b"]
    assert len(pictures) == 3


@pytest.mark.parametrize("error", [BadInput("bad"), KeyError("any")])
def test_an_error_is_not_kept(error: Exception) -> None:
    tries = [error]

    @visitor_cache(max_entries=3)
    def picture(key: str) -> str:
        if tries:
            raise tries.pop()
        return key

    with pytest.raises(type(error)):
        picture("cat")
    assert picture("cat") == "cat"


def test_one_or_all_can_be_cleared(pictures: Pictures) -> None:
    for key in "ab":
        pictures(key)
    pictures.clear("a")
    assert len(pictures) == 1
    pictures.clear()
    assert len(pictures) == 0


def test_it_goes_with_the_last_visit_that_asked(
    pictures: Pictures, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here: dict[str, Visit] = {"first": Visit("first"), "second": Visit("second")}
    asking = ""
    monkeypatch.setattr(visits, "current_visit", lambda: here.get(asking))
    for asking, keys in (("first", "ab"), ("second", "b"), ("nobody", "c")):  # noqa: B007
        for key in keys:
            pictures(key)
    assert [list(visit.holders) for visit in here.values()] == [[pictures]] * 2
    del here["first"]
    pictures.sweep()
    computed.clear()
    pictures("b")
    assert computed == []
    del here["second"]
    pictures.sweep()
    assert len(pictures) == 0


class RunEnded(BaseException):
    """As Streamlit ends a run whose person clicked again."""


@pytest.mark.parametrize("ended", [None, RunEnded(), BadInput("bad")])
def test_who_waits_for_another_gets_the_value_or_computes_it_and_never_their_error(ended: BaseException | None) -> None:
    started, go_on, runs = Event(), Event(), []

    @visitor_cache(max_entries=3)
    def picture(key: str) -> str:
        runs.append(key)
        if len(runs) == 1:
            started.set()
            assert go_on.wait(60)
            if ended:
                raise ended
        return f"{key} {len(runs)}"

    def first() -> None:
        try:
            picture("cat")
        except BaseException as error:
            got.append(error)

    got: list[object] = []

    def second() -> None:
        try:
            got.append(picture("cat"))
        except BadInput as error:
            got.append(error)

    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    assert started.wait(60)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, got)) == (["cat 1"] if ended is None else sorted([str(ended), "cat 2"]))


@pytest.fixture
def evidence() -> VisitorFutures[[str], int]:
    @visitor_futures(3)
    def ask(key: str) -> Future[int]:
        return Future()

    return ask


def test_who_stops_waiting_stops_nobody_elses(evidence: VisitorFutures[[str], int], asking: dict[str, Visit]) -> None:
    first = evidence("cat")
    asking["now"] = asking["bob"]
    assert evidence("cat") is first
    evidence.leave("cat")
    assert not first.cancelled()
    asking["now"] = asking["ann"]
    assert evidence("cat") is first
    evidence.leave("cat")
    assert first.cancelled()
    assert not evidence("cat").cancelled()


def test_what_nobody_waits_for_any_more_is_cancelled(
    evidence: VisitorFutures[[str], int], asking: dict[str, Visit]
) -> None:
    found = evidence("cat")
    asking.clear()
    evidence.sweep()
    assert found.cancelled()


def test_what_was_cancelled_is_never_given_to_the_next(evidence: VisitorFutures[[str], int]) -> None:
    found = evidence("cat")
    found.cancel()
    assert not evidence("cat").cancelled()
    assert evidence("cat") is not found


def test_only_what_failed_is_asked_again(evidence: VisitorFutures[[str], int]) -> None:
    going, failed, done = map(evidence, "abc")
    failed.set_exception(BadInput("bad"))
    done.set_result(1)
    for key in "abc":
        evidence.retry(key)
    assert [evidence(key) is found for key, found in zip("abc", (going, failed, done), strict=True)] == [1, 0, 1]


def test_nothing_else_keeps_what_came_of_an_input() -> None:
    """Streamlit's own caches outlive every session: what is keyed by an input is in none of them."""
    found = []
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                decorators = " ".join(ast.unparse(one) for one in node.decorator_list)
                named = {one.arg for one in node.args.args} & {"key", "subject", "_subject", "_image", "_brought"}
                if "st.cache" in decorators and named:
                    found.append(f"{path.name}: {node.name}({', '.join(named)})")
    assert found == []
