"""Which names the server answers to."""

from __future__ import annotations

import socket
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.support.run_async import run_async
from ui.server import host_guard
from ui.server.host_guard import HostGuard, is_host_allowed

NAMES = ("localhost", "app.example.org", "*.school.example")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8501",
        "LOCALHOST:8501",
        "127.0.0.1:8501",
        "192.168.1.7",
        "[::1]:8501",
        "app.example.org.",
        "a.school.example:443",
    ],
)
def test_addresses_and_known_names_are_answered(host: str) -> None:
    assert is_host_allowed(host, NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "school.example",
        "",
        "[",
        "localhost:x",
        "evil@localhost",
        "localhost/",
        "@",
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert not is_host_allowed(host, NAMES)


def test_names_are_this_machines_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert socket.gethostname().lower() in host_guard.host_names()
    monkeypatch.setattr(host_guard.st, "get_option", lambda option: ["App.Example.org"])
    assert host_guard.host_names() == ("app.example.org",)


@pytest.mark.parametrize(
    ("kind", "host", "said"),
    [
        ("http", b"localhost", ["app"]),
        ("websocket", b"[::1]:8501", ["app"]),
        ("lifespan", b"", ["app"]),
        ("http", b"evil.example", ["http.response.start", "http.response.body"]),
        ("websocket", b"evil.example", ["websocket.close"]),
    ],
)
def test_what_is_refused_never_reaches_the_app(kind: str, host: bytes, said: list[str]) -> None:
    told: list[str] = []

    async def app(*_: Any) -> None:
        told.append("app")

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message["type"])

    run_async(HostGuard(app)({"type": kind, "headers": [(b"host", host)]}, None, send))  # type: ignore[arg-type]
    assert told == said
