"""How the server's messages leave: at once, not when a full packet has gathered."""

import os
import socket
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
        try:
            with socket.socket(fileno=os.dup(int(file.name))) as one:
                if one.type == socket.SOCK_STREAM and one.family in (socket.AF_INET, socket.AF_INET6):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            continue  # a file, or a connection that has just gone
