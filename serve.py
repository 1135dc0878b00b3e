"""The server of ConvScope: `python serve.py` opens app.py behind its guards (SECURITY.md).

It takes Streamlit's options, such as `--server.address 0.0.0.0`. `streamlit run app.py` is the app without its guards.
"""

import logging
import os
import sys

import streamlit as st
from starlette.middleware import Middleware

from ui.server import (
    ROUTES,
    HostGuard,
    JsonLines,
    PageStyles,
    SecurityHeaders,
    TrafficMeter,
    forget_left_pages,
    hear_everything,
    keep_to_itself,
    return_free_memory,
    send_in_batches,
)
from ui.theme import STYLES

keep_to_itself()
forget_left_pages()
hear_everything()
return_free_memory()
send_in_batches()
if os.environ.get("CONVSCOPE_LOG") == "json":
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines], force=True)
MIDDLEWARE = [
    Middleware(HostGuard),
    Middleware(SecurityHeaders),
    Middleware(TrafficMeter),
    Middleware(PageStyles, styles=STYLES),
]
app = st.App("app.py", routes=ROUTES, middleware=MIDDLEWARE)

if __name__ == "__main__":
    from streamlit.web import cli

    cli.main(["run", __file__, *sys.argv[1:]])
