"""The front ends of our components: a .js, a .css and a .html beside the .py that uses them."""

from pathlib import Path
from typing import Any

import streamlit as st


def component(file: str) -> Any:
    """Register the front end that stands beside `file`, a module's `__file__`; once, at import.

    Streamlit ties a name to what was registered first, so the name is the module's own.
    """
    path = Path(file)
    html, css, js = (path.with_suffix(ending).read_text("utf-8") for ending in (".html", ".css", ".js"))
    return st.components.v2.component(f"convscope_{path.stem}", html=html, css=css, js=js)
