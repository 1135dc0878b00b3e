"""The running server: it asks for no name, answers to no foreign one, and tells nobody where it lies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bench.server import free_port, wait_for_health
from cnn.paths import ROOT
from ui.server.security_headers import HEADERS
from ui.theme import STYLES

SPY = """
import socket
from pathlib import Path
def told(name):
    with Path(LOG).open("a") as file: print(name, file=file)
def watched(look_up):
    def asked(name, *args, **options):
        told(name)
        return look_up(name, *args, **options)
    return asked
told("spying")
for one in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    setattr(socket, one, watched(getattr(socket, one)))
"""  # notes every name that the server's process looks up


@dataclass(frozen=True, slots=True)
class Running:
    port: int
    log: Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Open the app to all, as for a class, where Streamlit asks most."""
    folder, port = tmp_path_factory.mktemp("spy"), free_port()
    (folder / "sitecustomize.py").write_text(f"LOG = {str(folder / 'log')!r}\n{SPY}")
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=0.0.0.0"]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "serve.py", *options],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(folder)},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_health(process, f"http://127.0.0.1:{port}")
        yield Running(port, folder / "log")
    finally:
        process.terminate()
        process.wait(30)


def new_session(port: int, former: str = "") -> ForwardMsg:
    """Visit as a browser does; give the first message of a session.

    Args:
        port: of the server.
        former: the session that the browser had before it lost its connection.
    """
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit", "no-token", former] if former else ["streamlit"],
        origin=f"http://127.0.0.1:{port}",
    ) as visit:
        visit.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
        while True:
            message = ForwardMsg.FromString(visit.recv(timeout=60))
            if message.WhichOneof("type") == "new_session":
                return message


def test_a_visitor_gets_no_path(running: Running) -> None:
    told = new_session(running.port)
    assert told.new_session.main_script_path == "app.py"
    assert str(ROOT).encode() not in told.SerializeToString()


def test_who_loses_the_connection_for_a_minute_comes_back_to_the_same_session(running: Running) -> None:
    former = new_session(running.port).new_session.initialize.session_id
    assert new_session(running.port, former).new_session.initialize.session_id == former
    assert st.get_option("server.disconnectedSessionTTL") >= 60  # s


def test_what_a_left_page_still_asks_for_does_not_bring_it_back(running: Running) -> None:
    """A canvas reports its last stroke when another page was asked for: the browser showed an empty page."""

    def run(**asked: str) -> list[ForwardMsg]:
        visit.send(BackMsg(rerun_script=asked).SerializeToString())
        came = [ForwardMsg.FromString(visit.recv(timeout=60))]
        while came[-1].WhichOneof("type") != "script_finished":
            came.append(ForwardMsg.FromString(visit.recv(timeout=60)))
        return came

    with connect(
        f"ws://127.0.0.1:{running.port}/_stcore/stream",
        subprotocols=["streamlit"],
        origin=f"http://127.0.0.1:{running.port}",
        max_size=None,
    ) as visit:
        first = run(query_string="")
        menu = [message.navigation for message in first if message.WhichOneof("type") == "navigation"][-1]
        draw = next(page.page_script_hash for page in menu.app_pages if page.url_pathname == "draw")
        canvas = next(message.delta.fragment_id for message in first if message.delta.fragment_id)
        visit.send(BackMsg(rerun_script={"page_script_hash": draw}).SerializeToString())
        shown = run(page_script_hash=menu.page_script_hash, fragment_id=canvas)
        shown += run(page_script_hash=draw)
    opened = [message.new_session.page_script_hash for message in shown if message.WhichOneof("type") == "new_session"]
    assert set(opened) == {draw}


def test_two_tabs_of_one_person_are_two_sessions(running: Running) -> None:
    first, second = (new_session(running.port).new_session.initialize.session_id for _ in range(2))
    assert first != second


def test_every_answer_has_the_headers(running: Running) -> None:
    with urlopen(f"http://127.0.0.1:{running.port}/") as answer:
        for name, value in HEADERS.items():
            assert answer.headers.get_all(name.decode()) == [value.decode()]


def test_a_page_comes_with_its_style_sheet_however_it_is_asked_for(running: Running) -> None:
    """What comes later, over the websocket, moves what stands there already."""
    known = {"If-None-Match": "*", "Accept-Encoding": "gzip", "Range": "bytes=0-9"}
    for path in ("", "draw", "no/such/page"):
        with urlopen(Request(f"http://127.0.0.1:{running.port}/{path}", headers=known)) as answer:
            assert STYLES.read_text("utf-8") in answer.read().decode()
            assert "ETag" not in answer.headers


def test_nobody_uploads_without_the_token_of_the_page(running: Running) -> None:
    """Cross-site request forgery: a page elsewhere cannot read the cookie that it would have to repeat."""
    address = f"http://127.0.0.1:{running.port}/_stcore/upload_file/session/file"
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(address, data=b"x", method="PUT"))


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/host", "/host/metrics"])
def test_how_the_server_does_is_told_to_nobody_without_a_token(running: Running, path: str) -> None:
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://127.0.0.1:{running.port}{path}")


def test_a_rebound_name_is_refused(running: Running) -> None:
    with pytest.raises(HTTPError, match="421"):
        urlopen(Request(f"http://127.0.0.1:{running.port}/", headers={"Host": "evil.example"}))
    with socket.create_connection(
        ("127.0.0.1", running.port)
    ) as line:  # the origin is the host's own, as in a rebinding
        line.sendall(
            b"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        assert line.recv(64).startswith(b"HTTP/1.1 403")


def test_no_name_is_looked_up(running: Running) -> None:
    """Neither at the start nor at a handshake from elsewhere: names may resolve slowly, and nothing leaves."""
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://127.0.0.1:{running.port}/_stcore/stream", origin="http://evil.example")
    new_session(running.port)
    assert running.log.read_text().split() == ["spying"]
