"""A file is whole or not there, and no other one is written in its stead."""

from pathlib import Path

import pytest

from cnn import atomic_files


@pytest.mark.parametrize("link", ["card.json", "beside-card.json"])
def test_nothing_is_written_through_a_link(link: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_bytes(b"mine")
    (tmp_path / link).symlink_to(mine)
    atomic_files.write_bytes(tmp_path / "card.json", b"{}")
    assert mine.read_bytes() == b"mine"
    assert (tmp_path / "card.json").read_bytes() == b"{}"
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", "card.json"}


@pytest.mark.skipif(not hasattr(atomic_files.os, "O_NOFOLLOW"), reason="this system has no such flag")
def test_a_link_that_comes_in_between_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "part").symlink_to(tmp_path / "mine.txt")
    with pytest.raises(OSError), open(tmp_path / "part", "wb", opener=atomic_files.not_through_links):
        pass
    assert not (tmp_path / "mine.txt").exists()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        atomic_files.write_bytes(tmp_path / "card.json", b"{}")
    assert not list(tmp_path.iterdir())
