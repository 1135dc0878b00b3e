"""The documents: what they name is there."""

import re
from pathlib import Path

import pytest

from cnn.paths import ROOT
from scripts.write_readme_tables import with_tables

FOLDERS = "assets|bench|cnn|pages|scripts|tests|ui"
TO_WRITE = {"cnn/architectures/mynet.py", "pages/mypage.py", "ui/components/mything/"}  # of the recipes


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "NOTICE", "SECURITY.md", "docs/deploy.md", "docs/lessons.md"]
)
def test_every_path_that_a_document_names_is_there(name: str) -> None:
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w./]*)`", (ROOT / name).read_text("utf-8")))
    assert [path for path in sorted(named - TO_WRITE) if not (ROOT / path).exists()] == []


def test_the_readme_says_of_the_networks_what_their_cards_say() -> None:
    """Mended by `python -m scripts.write_readme_tables`."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert with_tables(readme) == readme


def test_a_readme_without_the_marks_of_its_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        with_tables("# ConvScope\n")


def test_no_line_of_the_readme_is_too_wide_but_tables_and_pictures() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith(("|", "!["))] == []


def test_the_map_leads_to_every_file_that_it_names() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = [re.findall(r"`([^`]+)`", row) for row in re.findall(r"^\| .*\? \| (.+) \|$", text, re.MULTILINE)]
    assert len(rows) >= 20
    for first, *others in rows:
        folder = (ROOT / first).parent
        assert [name for name in others if not ((ROOT / name).exists() or (folder / name).exists())] == []


def test_the_slow_tests_are_listed_with_their_reasons() -> None:
    """Those of the browser are listed by the marks that make them slow, `everywhere` and `on_both_widths`."""
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("| in `test-all` alone |")[2].partition("\n\n")[0]
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    slow = {path.name for path in files if re.search(r"mark\.slow|slow_but_for\(", path.read_text("utf-8"))}
    assert slow == set(re.findall(r"\(`(test_\w+\.py)`\)", table))
    assert "`everywhere`, `on_both_widths`" in table
