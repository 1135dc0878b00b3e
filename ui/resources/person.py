"""Who is asking, without accounts, and what they may change of what others made."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from typing import Final

import streamlit as st

from cnn.media import url_fetch

COOKIE: Final = "_streamlit_xsrf"  # Streamlit gives every browser one; what it holds besides its mask stays the same


def person() -> str:
    """Name this browser, the same after a reload, by a hash that tells nothing; without a cookie, this session."""
    with suppress(Exception):  # the cookie is Streamlit's own: another release may write it another way
        from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

        token, _ = decode_xsrf_token_string(st.context.cookies[COOKIE])
        if token:
            return hashlib.sha256(token).hexdigest()[:16]
    name: str = st.session_state.setdefault("training:person", secrets.token_hex(8))
    return name


def opened_to_others() -> bool:
    """Say whether other machines can open the app: it listens at more than this machine's own address."""
    return not url_fetch.is_for_this_machine(st.get_option("server.address"))


def owns(owner: str) -> bool:
    """Say whether a run, a network or a set of pictures is this person's, to change and, where private, to see.

    On a machine that nobody else can open, everything is: also what the command line made, and another browser.
    """
    return not opened_to_others() or owner == person()
