"""The documents: what they name is there."""

import re

import pytest

from cnn.paths import ROOT

FOLDERS = "assets|bench|cnn|pages|scripts|tests|ui"
TO_WRITE = {"cnn/architectures/mynet.py", "pages/mypage.py", "ui/components/mything/"}  # of the recipes


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "NOTICE"])
def test_every_path_that_a_document_names_is_there(name: str) -> None:
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w./]*)`", (ROOT / name).read_text("utf-8")))
    assert [path for path in sorted(named - TO_WRITE) if not (ROOT / path).exists()] == []


def test_the_map_leads_to_every_file_that_it_names() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = [re.findall(r"`([^`]+)`", row) for row in re.findall(r"^\| .*\? \| (.+) \|$", text, re.MULTILINE)]
    assert len(rows) >= 20
    for first, *others in rows:
        folder = (ROOT / first).parent
        assert [name for name in others if not ((ROOT / name).exists() or (folder / name).exists())] == []
