"""How the server does: counted, written for people and for Prometheus, shown to whoever has the token."""

from __future__ import annotations

import json
import logging
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.requests import Request
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.run_async import run_async
from ui.resources import background_job
from ui.resources.background_job import BackgroundJobs
from ui.server import host_page, traffic
from ui.server.host_page import TOKEN_VARIABLE
from ui.server.traffic import JsonLines, Traffic, TrafficMeter

QUESTION = BackMsg(rerun_script={"query_string": ""}).SerializeToString()
END = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> Traffic:
    """Begin to count anew."""
    one = Traffic()
    for module in (traffic, host_page):
        monkeypatch.setattr(module, "TRAFFIC", one)
    return one


def test_an_answer_lies_between_a_question_and_the_end_of_its_run(counted: Traffic) -> None:
    async def app(_: Any, receive: Any, send: Any) -> None:
        assert counted.sessions == 1
        await receive()
        for content in (b"\xff" * 600, END, END):  # a page, its end, and the end of what nobody asked
            await send({"type": "websocket.send", "bytes": content})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.receive", "bytes": QUESTION}

    async def send(_: Any) -> None:
        pass

    run_async(TrafficMeter(app)({"type": "websocket"}, receive, send))
    assert (counted.sessions, counted.answers, sum(counted.buckets)) == (0, 1, 1)


def test_times_are_counted_in_buckets_and_percentiles(counted: Traffic) -> None:
    for seconds in (0.01, 0.025, 0.03, 0.3, 20.0):
        counted.note(seconds)
    assert counted.buckets == [2, 1, 0, 0, 1, 0, 0, 0, 0, 1]
    assert (counted.percentile(0.5), counted.percentile(0.95)) == (0.03, 20.0)
    assert counted.a_second() == 5 / 60
    text = host_page.prometheus_text()
    assert 'convscope_answer_seconds_bucket{le="0.5"} 4\n' in text
    assert 'convscope_answer_seconds_bucket{le="+Inf"} 5\n' in text
    assert "convscope_answer_seconds_count 5\n" in text


def test_jobs_that_go_on_are_counted() -> None:
    before = background_job.count_jobs()
    jobs: BackgroundJobs[int] = BackgroundJobs(lambda run: None)
    for key in "ab":
        jobs.start(key, "Counting", lambda came, stopped: 1)
    work = jobs.last("a")
    assert work is not None
    work.came(1, 5)
    assert background_job.count_jobs() == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("show", [host_page.show_page, host_page.show_metrics])
def test_only_who_has_the_token_sees_it(show: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(query: bytes = b"", sent: bytes = b"") -> tuple[int, bytes]:
        scope = {"type": "http", "query_string": query, "headers": [(b"authorization", sent)] if sent else []}
        answer = run_async(show(Request(scope)))
        return answer.status_code, answer.body

    monkeypatch.setattr(host_page, "memory_bytes", lambda: 2**20)
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    assert ask(b"token=")[0] == 404
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    assert [ask(query)[0] for query in (b"", b"token=", b"token=other", b"token=secret2")] == [404] * 4
    assert ask(b"token=secret") == ask(sent=b"Bearer secret")
    status, body = ask(sent=b"Bearer secret")
    assert status == 200
    assert b"Connected" in body or b"convscope_sessions 0" in body


def test_a_line_of_the_log_is_json() -> None:
    record = logging.makeLogRecord({"name": "convscope.traffic", "msg": "answer", "seconds": 0.25, "levelname": "INFO"})
    told = json.loads(JsonLines().format(record))
    assert (told["logger"], told["message"], told["seconds"]) == ("convscope.traffic", "answer", 0.25)
