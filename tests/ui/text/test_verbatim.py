"""Whatever a file is called, that is what stands on the page: no picture, no link, no letter lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.text.verbatim import verbatim

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LATER = re.compile(r":[\w+-]+:|:\w+\[|www\.|https?://|@|->|<-|--|\$|~")  # what Streamlit changes after Markdown is read
SIGNS = st.sampled_from("*_`~:$[](){}<>!#|\\/&;.,-+=@1a7七 \t\n'\"%?")

NAMES = [
    "*IMG*_1.png",
    ":smile:.png",
    ":material/bolt:.png",
    "![](https://example.org/track.gif).png",
    "<img src=x onerror=alert(1)>.png",
    "a_b_c.png",
    "$x^2$.png",
    "`code`.png",
    "``.png",
    "1. photo.png",
    "# title.png",
    "a -> b -- c.png",
    "www.example.org.png",
    "x/www.example.org",
    "me@example.org.png",
    ":red[hot].png",
    "~~old~~.png",
    "&amp;.png",
    "a|b|c.png",
    "- [ ] todo.png",
    "七 (1).jpg",
    "a\\*b.png",
    "---",
    "photo.png",
]


def shown(markdown: str) -> tuple[str, list[str]]:
    """Give what a reader sees, and the pieces of it that are no code; assert that there is but one paragraph."""
    opened, inline, closed = MARKDOWN.parse(markdown)
    assert (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
    pieces = inline.children or []
    assert {piece.type for piece in pieces} <= {"text", "code_inline"}
    return "".join(piece.content for piece in pieces), [one.content for one in pieces if one.type == "text"]


def check(text: str) -> None:
    if words := text.split():
        seen, free = shown(verbatim(text))
        assert seen == " ".join(words)
        assert not any(LATER.search(piece) for piece in free)
    else:
        assert verbatim(text) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    check(name)
    check(f"{name} is over 20 MB. Save it smaller.")


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(SIGNS, max_size=20),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    )
)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    check(text)


def test_our_own_sentences_need_no_code() -> None:
    said = "half.png ends early: it could not be read (OSError: 12 bytes, or 97%). Save it again, don't cut it."
    assert verbatim(said) == said
