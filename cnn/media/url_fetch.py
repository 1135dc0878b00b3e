"""A picture by its address, and nothing but the public web. No TensorFlow.

Each redirect is looked at like the first address. Proxies of the environment are not used: they
would resolve names anew.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, responses
from io import BufferedReader, RawIOBase
from ipaddress import ip_address
from threading import Thread
from typing import Any, Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from cnn.errors import BadInput
from cnn.media.ssrf_guard import MOST_BYTES, PUBLIC_WEB_RULES, SECONDS, FetchRules, connect_to_permitted_host

__all__ = ["MOST_BYTES", "SECONDS", "FetchRules", "fetch_url", "is_fetching_allowed"]

MOST_REDIRECTS: Final = 5
MOST_LETTERS: Final = 2048  # of an address
MOST_HEADERS: Final = 2**20  # bytes
NAME_LETTERS: Final = 80  # of a file's name
FETCH_VARIABLE: Final = "CONVSCOPE_FETCH"  # environment: 1 fetches, 0 does not
PORTS: Final = {"http": 80, "https": 443}
REDIRECTS: Final = (301, 302, 303, 307, 308)
HOST: Final = re.compile(r"[\w.:-]+")  # letters of any language; an IPv6 address without its zone
UNRESERVED: Final = "/%:@!$&'()*+,;=?~"  # what quoting leaves alone in a path and a query
HEADERS: Final = {"User-Agent": "ConvScope", "Accept": "image/*", "Connection": "close"}


def is_fetching_allowed(listens_on: str | None) -> bool:
    """Say whether fetching is on: by default only where the server is for this machine alone.

    Args:
        listens_on: the address that the server listens on; None or "" for all.
    """
    switch = os.environ.get(FETCH_VARIABLE)
    if switch in ("0", "1"):
        return switch == "1"
    return is_for_this_machine(listens_on)


def is_for_this_machine(listens_on: str | None) -> bool:
    """Say whether a server is for this machine alone; the argument as for `is_fetching_allowed`."""
    with suppress(ValueError):
        return ip_address(listens_on or "").is_loopback
    return listens_on == "localhost"


def fetch_url(address: str, rules: FetchRules = PUBLIC_WEB_RULES) -> tuple[bytes, str]:
    """Fetch a picture.

    Args:
        address: http:// or https://, of a public server, without a user's name.
        rules: the bounds.
    Returns: the content, not yet looked at, and a name for it.
    Raises: BadInput: the address is none, is not public, or gives no whole file in time.
    """
    done: Future[tuple[bytes, str]] = Future()
    way = _Way(rules)
    Thread(target=_run, args=(way, address.strip(), done), daemon=True).start()
    try:
        return done.result(rules.seconds)
    except TimeoutError as error:
        way.cut()
        raise BadInput(
            f"The picture did not arrive within {rules.seconds:g} s. Try again, or save it and drop the file."
        ) from error


def _run(way: _Way, address: str, done: Future[tuple[bytes, str]]) -> None:
    """Follow `address` on a thread of its own: whatever hangs, the one who asked does not."""
    try:
        done.set_result(way.follow(address))
    except BaseException as error:
        done.set_exception(error)


class _Way:
    """One way through redirects to a file; `cut` ends it from another thread."""

    def __init__(self, rules: FetchRules) -> None:
        self._rules = rules
        self._socket: socket.socket | None = None
        self._over = False

    def cut(self) -> None:
        """End it: a read that waits comes back at once."""
        self._over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def follow(self, address: str) -> tuple[bytes, str]:
        """Fetch `address`, through at most MOST_REDIRECTS redirects.

        Raises: BadInput.
        """
        for _ in range(MOST_REDIRECTS + 1):
            parts = _parts(address)
            try:
                found = self._ask(parts)
            except BadInput:
                raise
            except Exception as error:  # whatever Python's reader makes of an odd answer, such as ValueError
                raise BadInput(_why(parts.hostname or "", error)) from error
            if isinstance(found, bytes):
                return found, _name(parts)
            address = _joined(address, found.target)
        raise BadInput(f"This address is redirected more than {MOST_REDIRECTS} times. Give the picture's own address.")

    def _ask(self, parts: SplitResult) -> bytes | _Redirect:
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        connection = HTTPConnection(host, port)
        connection.default_port = PORTS[parts.scheme]
        connection.response_class = partial(_BoundedResponse, self._rules.most_bytes)  # type: ignore[assignment]
        connection.sock = self._connect(host, port, parts.scheme == "https")
        try:
            path = quote(parts.path or "/", UNRESERVED) + (f"?{quote(parts.query, UNRESERVED)}" if parts.query else "")
            connection.request("GET", path, headers=HEADERS)
            with connection.getresponse() as response:
                target = response.getheader("Location")
                if response.status in REDIRECTS and target:
                    return _Redirect(target)
                return self._content(response, host)
        finally:
            connection.close()

    def _connect(self, host: str, port: int, secure: bool) -> socket.socket:
        self._socket = connect_to_permitted_host(host, port, secure, self._rules)
        if self._over:
            self._socket.close()
            raise TimeoutError
        return self._socket

    def _content(self, response: HTTPResponse, host: str) -> bytes:
        if response.status != 200:
            said = f"{response.status} {responses.get(response.status, '')}".strip()  # not in the server's own words
            raise BadInput(f"{host} has no picture at this address: it answered {said}.")
        most, length = self._rules.most_bytes, response.length
        content = b"" if (length or 0) > most else response.read(most + 1)
        if (length or 0) > most or len(content) > most:
            raise _too_large(most)
        if length is not None and len(content) < length:
            raise BadInput(f"{host} sent {len(content):,} of {length:,} bytes. Try again.")
        return content


class _BoundedResponse(HTTPResponse):
    """An answer of which no more is read, headers and all, than twice what a picture may have.

    Python would read a chunk of size -1 to the end, which never comes.
    """

    def __init__(self, most: int, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = BufferedReader(_Counted(self.fp.detach(), most))


class _Counted(RawIOBase):
    def __init__(self, raw: RawIOBase, most: int) -> None:
        self._raw, self._most, self._left = raw, most, 2 * most + MOST_HEADERS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count: int | None = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise _too_large(self._most)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _too_large(most: int) -> BadInput:
    return BadInput(f"The picture has over {most / 2**20:g} MB, which is the most that is read. Find a smaller one.")


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str


def _joined(address: str, target: str) -> str:
    """Find where a redirect leads; an address that is none is for `_parts` to refuse."""
    with suppress(ValueError):
        return urljoin(address, target)
    return target


def _parts(address: str) -> SplitResult:
    """Take an address apart.

    Raises: BadInput: it is none of the web, or has what no address of a picture needs.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput("This is no address of a picture. One looks like https://example.org/cat.jpg.") from error
    if parts.scheme not in PORTS or not host or len(address) > MOST_LETTERS or port == 0:
        raise BadInput("This is no address of a picture on the web. One looks like https://example.org/cat.jpg.")
    if "@" in parts.netloc or not HOST.fullmatch(host):
        raise BadInput("An address with a user's name, or with odd signs before the path, is not fetched.")
    return parts


def _name(parts: SplitResult) -> str:
    """Name the file as the end of its path, or as its server."""
    last = unquote(parts.path).rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-NAME_LETTERS:] or parts.hostname or ""


def _why(host: str, error: Exception) -> str:
    """Say what went wrong on the way, and what to do."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"{host} was not found. Check the address, and that this machine has a network."
    if isinstance(error, ssl.SSLError):
        return f"{host} could not prove who it is ({getattr(error, 'reason', None) or 'TLS'}), so nothing was fetched."
    if isinstance(error, TimeoutError):
        return f"{host} did not answer in time. Try again, or save the picture and drop the file."
    if isinstance(error, OSError) and not isinstance(error, HTTPException):
        told = error.strerror or type(error).__name__
        return f"{host} could not be reached ({told}). Is there a network?"
    return f"{host} sent an answer that cannot be read ({type(error).__name__}). Try another address."
