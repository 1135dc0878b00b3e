"""Files that are whole or not there: written beside, then renamed."""

import hashlib
import os
from pathlib import Path


def not_through_links(path: str, flags: int) -> int:
    """Open for `open(path, mode, opener=...)`: a symbolic link is an error, not a way to another file."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def sha256(path: Path) -> str:
    """Compute a file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write beside, then rename: nobody ever reads half a file."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside, then rename; nothing is left behind where the disk is full, and no link is written through."""
    beside = path.with_name(f"beside-{path.name}")
    try:
        beside.unlink(missing_ok=True)
        with open(beside, "wb", opener=not_through_links) as file:
            file.write(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
