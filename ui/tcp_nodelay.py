"""How the server's messages leave: at once, not when a full packet has gathered."""

import os
import socket
from contextlib import suppress
from pathlib import Path

import streamlit as st

OPEN_FILES = Path("/dev/fd")  # Linux and macOS


@st.cache_resource(show_spinner=False)
def without_delay() -> None:
    """Turn Nagle's algorithm off, once for the whole server.

    Streamlit 1.67 makes its listening socket without naming TCP, and asyncio then leaves Nagle's algorithm on: with
    the browser's delayed acknowledgement every second or third answer came 40 ms late. What is accepted later
    inherits the option. Windows, which has no list of open files, stays as it is.
    """
    for file in OPEN_FILES.iterdir() if OPEN_FILES.exists() else ():
        with suppress(OSError):  # a connection that has just gone
            _send_at_once(os.dup(int(file.name)))


def _send_at_once(duplicate: int) -> None:
    """Set the option where `duplicate` is a TCP connection's; close it in any case."""
    try:
        one = socket.socket(fileno=duplicate)
    except OSError:  # a file: then no socket has taken it over
        os.close(duplicate)
        return
    with one:
        if one.type == socket.SOCK_STREAM and one.family in (socket.AF_INET, socket.AF_INET6):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
