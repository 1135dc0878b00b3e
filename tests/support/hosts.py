"""Servers on this machine that behave as they are told, byte for byte."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from types import TracebackType

Answer = Callable[["Visit"], None]


class Visit:
    """One connection: what was asked, and ways to answer."""

    def __init__(self, connection: socket.socket, over: Event) -> None:
        self._connection = connection
        self.over = over
        self.request = self._heard()

    def _heard(self) -> bytes:
        """Read a request's head; a TLS hello, which has no blank line, ends with its first packet."""
        heard = b""
        while b"\r\n\r\n" not in heard and not heard.startswith(b"\x16\x03"):
            piece = self._connection.recv(65536)
            if not piece:
                break
            heard += piece
        return heard

    @property
    def path(self) -> str:
        return self.request.split(b" ")[1].decode()

    def header(self, name: str) -> str:
        """Read a header of the request; "" where it has none."""
        lines = self.request.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines)
        return next((value for key, _, value in pairs if key.lower() == name.lower()), "")

    def raw(self, content: bytes) -> None:
        self._connection.sendall(content)

    def say(self, status: str, content: bytes = b"", **headers: str) -> None:
        """Answer whole, with the right length unless `headers` has another."""
        self.raw(head(status, {"Content-Length": str(len(content))} | named(headers)) + content)


def named(headers: dict[str, str]) -> dict[str, str]:
    return {key.replace("_", "-"): value for key, value in headers.items()}


def head(status: str, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{key}: {value}" for key, value in headers.items()), "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Host:
    """A server on 127.0.0.1 that gives each visit to `answer`, on a thread of its own."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._over = Event()
        self._lock = Lock()
        self.visits: list[Visit] = []
        Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def url(self, path: str = "/", name: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{name}:{self.port}{path}"

    def _serve(self) -> None:
        with suppress(OSError):
            while not self._over.is_set():
                connection, _ = self._listening.accept()
                Thread(target=self._visit, args=(connection,), daemon=True).start()

    def _visit(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            visit = Visit(connection, self._over)
            with self._lock:
                self.visits.append(visit)
            self._answer(visit)

    def __enter__(self) -> Host:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        with suppress(OSError):  # where that wakes no one, closing does
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def paths(answers: dict[str, Answer]) -> Answer:
    """Answer by path; 404 elsewhere."""
    return lambda visit: answers.get(visit.path, lambda lost: lost.say("404 Not Found"))(visit)


def redirect(target: str, status: str = "302 Found") -> Answer:
    return lambda visit: visit.say(status, Location=target)


def silent(visit: Visit) -> None:
    """Take the request and never answer."""
    visit.over.wait()


def dripping(start: bytes) -> Answer:
    """Send `start`, then a byte every little while, for ever."""

    def drip(visit: Visit) -> None:
        visit.raw(start)
        while not visit.over.wait(0.02):
            visit.raw(b"x")

    return drip


def endless(start: bytes) -> Answer:
    """Send `start`, then as much as the other side takes."""

    def pour(visit: Visit) -> None:
        visit.raw(start)
        while not visit.over.is_set():
            visit.raw(b"x" * 65536)

    return pour


@contextmanager
def refused() -> Iterator[int]:
    """Give a port on 127.0.0.1 where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])
