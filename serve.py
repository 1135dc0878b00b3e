"""The server of ConvScope: `python serve.py` opens app.py behind its guards (SECURITY.md).

It takes Streamlit's options, such as `--server.address 0.0.0.0`. `streamlit run app.py` is the app without its guards.
"""

import logging
import os
import sys

import streamlit as st
from starlette.middleware import Middleware

from ui.server import ROUTES, HostGuard, JsonLines, SecurityHeaders, TrafficMeter, forget_left_pages, keep_to_itself

keep_to_itself()
forget_left_pages()
if os.environ.get("CONVSCOPE_LOG") == "json":
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines], force=True)
app = st.App(
    "app.py", routes=ROUTES, middleware=[Middleware(HostGuard), Middleware(SecurityHeaders), Middleware(TrafficMeter)]
)

if __name__ == "__main__":
    from streamlit.web import cli

    cli.main(["run", __file__, *sys.argv[1:]])
