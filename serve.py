"""The server of ConvScope: `python serve.py` opens app.py behind its guards (SECURITY.md).

It takes Streamlit's options, such as `--server.address 0.0.0.0`. `streamlit run app.py` is the app without its guards.
"""

import sys

import streamlit as st
from starlette.middleware import Middleware

from ui.server import HostGuard, SecurityHeaders, keep_to_itself

keep_to_itself()
app = st.App("app.py", middleware=[Middleware(HostGuard), Middleware(SecurityHeaders)])

if __name__ == "__main__":
    from streamlit.web import cli

    cli.main(["run", __file__, *sys.argv[1:]])
