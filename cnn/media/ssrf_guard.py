"""Connect to a server by its name, to none but those that are permitted. No TensorFlow.

A name is resolved once, all that it resolves to is checked, and the connection goes to what was
checked: a name that resolves to something else a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from cnn.errors import BadInput
from cnn.media.public_ip import IP, is_public

SECONDS: Final = 10  # for all of a fetch: names, redirects, headers, content
MOST_BYTES: Final = 20 * 2**20


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for all addresses of `host`; raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class FetchRules:
    """What may be fetched; tests bend them to reach a server on this machine.

    Attributes:
        permitted: whether a connection to an IP address may be made.
        resolve: (host, port) -> its IP addresses.
        seconds: for all of it.
        most_bytes: of the content.
    """

    permitted: Callable[[IP], bool] = is_public
    resolve: Callable[[str, int], Sequence[str]] = resolve_host
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES


PUBLIC_WEB_RULES: Final = FetchRules()


def connect_to_permitted_host(host: str, port: int, secure: bool, rules: FetchRules) -> socket.socket:
    """Connect to `host`; over TLS it has to prove its name.

    Raises: BadInput: one of its addresses is not permitted.
        OSError: it has none, does not answer, or cannot prove its name.
    """
    plain = _first(_checked(host, port, rules), port, rules.seconds)
    return _secured(plain, host) if secure else plain


def _checked(host: str, port: int, rules: FetchRules) -> Sequence[str]:
    found = rules.resolve(host, port)
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    if not all(rules.permitted(ip_address(one.partition("%")[0])) for one in found):
        raise BadInput(f"{host} is not on the public web, so nothing is fetched from it. Drop the file instead.")
    return found


def _first(ips: Sequence[str], port: int, seconds: float) -> socket.socket:
    """Connect to the first of `ips` that answers."""
    for ip in ips[:-1]:
        with suppress(OSError):
            return socket.create_connection((ip, port), seconds / len(ips))
    return socket.create_connection((ips[-1], port), seconds)


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """Let the server prove that it is `host`; the handshake has the time of the socket."""
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
