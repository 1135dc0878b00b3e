"""The front ends of our components: a .js, a .css and a .html beside the .py that uses them."""

from pathlib import Path
from typing import Any

import streamlit as st


def component(file: str, *shared: str) -> Any:
    """Register the front end that stands beside `file`, a module's `__file__`; once, at import.

    Streamlit ties a name to what was registered first, so the name is the module's own.

    Args:
        file: the module's.
        shared: names of a script and a style sheet beside it, such as "board" for board.js and board.css, that
            come before its own.
    """
    path = Path(file)
    parts = [path.with_name(name) for name in shared] + [path]
    html = path.with_suffix(".html").read_text("utf-8")
    css, js = ("\n".join(part.with_suffix(ending).read_text("utf-8") for part in parts) for ending in (".css", ".js"))
    return st.components.v2.component(f"convscope_{path.stem}", html=html, css=css, js=js)
