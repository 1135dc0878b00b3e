"""The words on the screen: one a thing, the same in menu and heading, each term with its line in the glossary."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn.paths import ROOT
from ui.guide import home
from ui.text import glossary

SHOWN = [path for folder in ("pages", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
OWN_TITLE = {"home"}  # its heading is the app's name
GIVEN_UP = (  # words that stood for the same thing beside the field's own
    "Lesion",
    "How sure",
    "Right answers",
    "How honest",
    "Far from all",
    "no digit?",
    "10 things",
    "1,000 things",
    "Cancel",
    "Keep as PNG",
    "further on",
    "From an address",
)


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    """Yield calls of functions or methods of these names."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        called = getattr(node, "func", None)
        if isinstance(node, ast.Call) and getattr(called, "attr", getattr(called, "id", "")) in names:
            yield node


def menu() -> dict[str, str]:
    """Give what the menu calls each page, by its file."""
    return {
        Path(ast.literal_eval(call.args[0])).stem: next(
            ast.literal_eval(one.value) for one in call.keywords if one.arg == "title"
        )
        for call in calls(ROOT / "app.py", "Page")
    }


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "pages").glob("*.py"))])
def test_a_page_has_the_menus_word_for_its_heading(name: str) -> None:
    (heading,) = (ast.literal_eval(call.args[0]) for call in calls(ROOT / "pages" / f"{name}.py", "title"))
    assert heading == menu()[name] or name in OWN_TITLE


def test_the_home_pages_links_are_the_menus_words() -> None:
    for page, label in home.list_pages():
        assert re.sub(r":primary\[\*\*(.+?)\*\*\]", r"\1", label) == menu()[Path(page).stem]


def test_every_term_that_a_page_links_to_is_in_the_glossary() -> None:
    used = [ast.literal_eval(call.args[0]) for path in SHOWN for call in calls(path, "term") if call.args]
    assert len(used) > 10
    assert set(used) <= set(glossary.TERMS)


def test_a_term_links_to_the_heading_that_help_gives_it() -> None:
    assert glossary.term("feature visualization") == "[feature visualization](help#feature-visualization)"
    assert glossary.term("map", "maps") == "[maps](help#map)"
    with pytest.raises(KeyError):
        glossary.term("lesion")


def test_a_glossary_explains_in_words_that_are_plain_or_its_own() -> None:
    """Terms follow their order, and none is explained by itself alone."""
    assert list(glossary.TERMS) == sorted(glossary.TERMS, key=str.lower)
    for name, meaning in glossary.TERMS.items():
        assert meaning.endswith("."), name
        assert not meaning.lower().startswith(name.lower()), name


def texts(path: Path) -> Iterator[str]:
    """Yield the strings of a file that can reach the screen: all but docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    own = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and is_docstring(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in own:
            yield node.value


def is_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr)


def test_words_that_were_given_up_stand_nowhere() -> None:
    scripts = [*(ROOT / "ui").rglob("*.js"), *(ROOT / "ui").rglob("*.html")]
    said = [(path, text) for path in SHOWN for text in texts(path)]
    said += [(path, path.read_text("utf-8")) for path in [*scripts, ROOT / "README.md"]]
    found = [f"{path.relative_to(ROOT)}: {word}" for path, text in said for word in GIVEN_UP if word in text]
    assert found == []


def test_what_one_may_keep_is_called_a_download() -> None:
    labels = [
        ast.unparse(call.args[0])
        for path in SHOWN
        for call in calls(path, "download_button")
        if path.name != "download.py"
    ]
    assert len(labels) > 10
    assert [label for label in labels if "Download" not in label] == []
