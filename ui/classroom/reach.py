"""Where a class opens this app, and who can reach it. No Streamlit."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
OUTSIDE: Final = ("192.0.2.1", 9)  # RFC 5737: belongs to nobody. Nothing is sent: only the way to it is looked up


@dataclass(frozen=True, slots=True)
class Reach:
    """An address for the class, "" where there is none, and a sentence on who can open it."""

    address: str
    who: str


def who_reaches(url: str, bound: str, own: str) -> Reach:
    """Say how others reach a page.

    Args:
        url: of the page, as it was opened here.
        bound: the name or number that the server listens at; "" or "0.0.0.0" for all.
        own: this machine's number in its network; "" where it is in none.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if host not in LOOPBACK:
        return Reach(
            f"{parts.scheme}://{parts.netloc}",
            f"Whoever can open {host} can take part, without a password: mostly everyone in the same network or Wi-Fi.",
        )
    if bound in LOOPBACK:
        return Reach(
            "",
            "Only this machine can open it. For a class, end it and start it with `make app ADDRESS=0.0.0.0`.",
        )
    if not own:
        return Reach("", "This machine is in no network. Join the Wi-Fi of the phones, then open this page again.")
    port = f":{parts.port}" if parts.port else ""
    return Reach(
        f"{parts.scheme}://{own}{port}",
        "Everyone in the same network or Wi-Fi can take part, without a password; nobody outside it. Where a phone "
        "does not get there, it is in another Wi-Fi, or a firewall or guest network keeps the two apart.",
    )


def own_number() -> str:
    """Find this machine's number in its network, such as "192.168.1.20"; "" where it is in none."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(OUTSIDE)
        return str(way.getsockname()[0])
    return ""
