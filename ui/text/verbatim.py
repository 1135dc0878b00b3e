"""Texts that others wrote, file names above all, in Markdown that shows them as they are."""

from __future__ import annotations

import re
from typing import Final

# A word of letters and digits, joined by one of these at a time, is the same in Markdown as without; what holds
# "www" or "http" would become a link.
PLAIN: Final = re.compile(r"""(?!.*(www|https?)\b)["'(]?[^\W_]+([.,'\u2019/-][^\W_]+)*[.,;:?!%'\u2019")]*""", re.I)
LIST: Final = re.compile(r"\d+[.)]+")  # what begins a numbered list


def verbatim(text: str) -> str:
    """Write `text` so that `st.markdown` and every label shows its characters and does nothing else.

    A backslash does not do: Streamlit turns `:smile:` into a picture and `->` into an arrow after it has read
    the Markdown, and a link in a name (`![](https://…)`) would make the browser fetch what stands there. So each word
    that could mean something becomes code, in which nothing does.
    """
    return " ".join(
        word if PLAIN.fullmatch(word) and not LIST.fullmatch(word) else _code(word) for word in text.split()
    )


def _code(word: str) -> str:
    """Fence a word with more backticks than it has in a row."""
    fence = "`" * (1 + max(map(len, re.findall("`+", word)), default=0))
    room = " " if word.startswith("`") or word.endswith("`") else ""
    return f"{fence}{room}{word}{room}{fence}"
