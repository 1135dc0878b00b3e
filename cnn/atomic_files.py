"""Files that are whole or not there: written beside, then renamed."""

import hashlib
from pathlib import Path


def sha256(path: Path) -> str:
    """Compute a file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write beside, then rename: nobody ever reads half a file."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside, then rename; nothing is left behind where the disk is full."""
    beside = path.with_name(f"beside-{path.name}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
