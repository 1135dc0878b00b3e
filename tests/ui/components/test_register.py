"""The front ends: what every one of them must not do."""

from pathlib import Path

from ui.components import register

SVG = "http://www.w3.org/2000/svg"  # a name, not an address: nobody fetches it


def test_no_front_end_asks_another_machine() -> None:
    folder = Path(register.__file__).parent
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in {".js", ".css", ".html"}]
    assert len(files) > 60
    assert [path.name for path in files if "//" in _outside(path.read_text("utf-8"))] == []


def _outside(source: str) -> str:
    """Leave of a front end only its addresses: comments begin with // too."""
    return " ".join(word for word in source.replace(SVG, "").split() if "http:" in word or "https:" in word)
