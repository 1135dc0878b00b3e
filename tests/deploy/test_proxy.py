"""Two real replicas behind the real proxy of compose.yaml: visitors stay with theirs, and survive its end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bench.server import free_port, wait_for_health
from cnn.paths import ROOT

pytestmark = pytest.mark.slow
PROXY = shutil.which("haproxy") or "/usr/sbin/haproxy"
REPLICA = re.compile(r"CONVSCOPE_REPLICA=(\w+)")
DRAWING = "GAMoKFB4KHg"  # in the address: one stroke of three points
STROKE = b"[[80.0, 80.0], [160.0, 240.0], [80.0, 240.0]]"  # as the canvas is told


@dataclass
class Visitor:
    """A browser: cookies, and what its page holds."""

    url: str
    until: ExitStack  # its connections end with this
    cookies: dict[str, str] = field(default_factory=dict)
    connection: ClientConnection | None = None
    session: str = ""

    def __post_init__(self) -> None:
        with urlopen(f"{self.url}/_stcore/health") as answer:
            self._take(answer.headers.get_all("Set-Cookie") or [])

    @property
    def replica(self) -> str:
        return self.cookies["CONVSCOPE_REPLICA"]

    @property
    def _sent(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _take(self, cookies: list[str]) -> None:
        self.cookies |= dict(cookie.split(";")[0].split("=", 1) for cookie in cookies)

    def visit(self, page: str = "draw", query: str = "") -> bytes:
        """Open a page, as a browser does after each loss of its connection; give all that comes until it stands."""
        opening = connect(
            f"{self.url.replace('http', 'ws')}/_stcore/stream",
            subprotocols=["streamlit", self.cookies["_streamlit_xsrf"], self.session][: 3 if self.session else 2],
            origin=self.url,
            additional_headers={"Cookie": self._sent},
            max_size=None,
        )
        self.connection = self.until.enter_context(opening)
        assert self.connection.response
        self._take(self.connection.response.headers.get_all("Set-Cookie"))
        return self.run(page, query)

    def run(self, page: str = "draw", query: str = "") -> bytes:
        """Ask for a page over the connection that stands."""
        assert self.connection
        asked: dict[str, Any] = {"query_string": query, "page_name": page}
        self.connection.send(BackMsg(rerun_script=asked).SerializeToString())
        came = b""
        while True:
            came += (data := self.connection.recv(timeout=60))
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == "new_session":
                self.session = message.new_session.initialize.session_id
            if message.WhichOneof("type") == "script_finished" and message.script_finished == 0:
                return came

    def upload(self, content: bytes) -> int:
        """Bring a file; only the replica that holds the session takes it."""
        address = f"{self.url}/_stcore/upload_file/{self.session}/some-file"
        body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.png"\r\n\r\n' + content + b"\r\n--x--\r\n"
        headers = {
            "Cookie": self._sent,
            "X-Xsrftoken": self.cookies["_streamlit_xsrf"],
            "Content-Type": "multipart/form-data; boundary=x",
        }
        try:
            with urlopen(Request(address, data=body, method="PUT", headers=headers)) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code


@contextmanager
def running(command: list[str], url: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for_health(process, url)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Two replicas and the proxy, with its own configuration but for where the replicas are."""
    if not Path(PROXY).exists():
        pytest.skip("No HAProxy: apt-get install haproxy")
    ports, entry = (free_port(), free_port()), free_port()
    with ExitStack() as stack:
        replicas = []
        for port in ports:
            options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
            command = [sys.executable, "serve.py", *options]
            environment = {"CONVSCOPE_HOME": str(tmp_path / str(port)), "STREAMLIT_SERVER_COOKIE_SECRET": "for-all"}
            replicas.append(stack.enter_context(running(command, f"http://127.0.0.1:{port}", environment)))
        servers = "\n".join(f"    server replica-{port} 127.0.0.1:{port}" for port in ports)
        whole = (ROOT / "deploy" / "haproxy.cfg").read_text()
        bent, count = re.subn(r"^    server-template .*$", servers, whole, flags=re.M)
        assert count == 1
        (tmp_path / "haproxy.cfg").write_text(bent)
        bind = {"BIND": f"127.0.0.1:{entry}", "COOKIE_KEY": "key", "REPLICAS": ""}
        command = [PROXY, "-db", "-f", str(tmp_path / "haproxy.cfg")]
        stack.enter_context(running(command, f"http://127.0.0.1:{entry}", bind))
        yield f"http://127.0.0.1:{entry}", replicas


def test_visitors_stay_with_their_replica_and_survive_its_end(
    place: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    url, replicas = place
    with ExitStack() as until:
        visitors = [Visitor(url, until) for _ in range(4)]
        for one in visitors:
            one.visit()
            assert [one.upload(b"x" * 1000) for _ in range(5)] == [
                204
            ] * 5  # on another replica there is no such session
        assert len({one.replica for one in visitors}) == 2
        assert STROKE not in visitors[0].run()
        assert STROKE in visitors[0].run(query=f"drawing={DRAWING}")

        replicas[0].kill()
        replicas[0].wait()
        lost, kept = [], []
        for one in visitors:
            try:
                one.run()
                kept.append(one)
            except ConnectionClosed:
                lost.append(one)
        assert len({one.replica for one in lost}) == len({one.replica for one in kept}) == 1
        for one in lost:
            former = one.replica
            came = one.visit(query=f"drawing={DRAWING}")
            assert one.replica != former
            assert STROKE in came  # the drawing stands in the address, and so on the canvas
            assert one.upload(b"x") == 204
        for one in kept:
            assert one.upload(b"x") == 204
