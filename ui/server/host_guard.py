"""Names under which the server answers: a page elsewhere must not reach it by a name that it points here itself."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSED: Final = "/_stcore/metrics"  # Streamlit tells everybody its caches, sessions and memory; /host has a token
REFUSED: Final = (
    b"This server does not answer to that name. Open it by its address, or give the name to server.allowedHosts "
    b"(STREAMLIT_SERVER_ALLOWED_HOSTS)."
)


def host_names() -> tuple[str, ...]:
    """List the names that the server answers to besides addresses, which nobody can point elsewhere.

    `server.allowedHosts` where it is set, such as `app.example.org` or `*.example.org`; else this machine's own.
    """
    named: Sequence[str] = st.get_option("server.allowedHosts") or ()
    own = socket.gethostname().lower()
    return tuple(name.lower() for name in named) or ("localhost", "*.localhost", own, f"{own}.local")


def is_host_allowed(host: str, names: Sequence[str]) -> bool:
    """Say whether a request's Host is an address or one of `names`; `*` stands for all, `*.` for all below a name."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.path:
        return False
    with suppress(ValueError):
        return bool(ip_address(name))
    return any(
        one == "*" or name == one.rstrip(".") or (one.startswith("*.") and name.endswith(one[1:])) for one in names
    )


class HostGuard:
    """Middleware that refuses requests and websockets for other names: DNS rebinding."""

    def __init__(self, app: AsgiApp) -> None:
        """Stand before `app`."""
        self._app, self._names = app, host_names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is allowed."""
        if scope.get("path", "").endswith(CLOSED):
            await _answer(send, 404, b"Not Found")
        elif scope["type"] not in ("http", "websocket") or is_host_allowed(_host(scope), self._names):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _answer(send, 421, REFUSED)


async def _answer(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(text))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _host(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
