"""Register the front end of a component: the .js, .css and .html beside the .py that uses it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st

SHARED_FOLDER = Path(__file__).resolve().parent / "_shared"


def register_component(file: str, *, shared: Iterable[str] = (), own: Iterable[str] = ()) -> Any:
    """Register the front end that stands beside `file`, a module's `__file__`; once, at import.

    Streamlit ties a name to what was registered first, so the name is the module's own.

    Args:
        file: the module's.
        shared: names of scripts and style sheets in `_shared/`, such as "radio" for radio.js and radio.css, that come
            before its own, behind "base", which every component has.
        own: names of further scripts and style sheets in the component's folder, that come between.
    """
    path = Path(file)
    parts = [*(SHARED_FOLDER / name for name in ("base", *shared)), *(path.with_name(name) for name in own), path]
    css, js = (_joined(part.with_suffix(ending) for part in parts) for ending in (".css", ".js"))
    html = path.with_suffix(".html").read_text("utf-8")
    return st.components.v2.component(f"convscope_{path.stem}", html=html, css=css, js=js)


def _joined(files: Iterable[Path]) -> str:
    return "\n".join(file.read_text("utf-8") for file in files if file.exists())
