"""Tables in Markdown."""

from __future__ import annotations

from ui.text.markdown import markdown_table


def test_a_table_is_markdown() -> None:
    assert markdown_table([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
