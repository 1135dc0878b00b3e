"""A zip of each kind of malice: refused with its reason, and what is sound in it comes all the same."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from cnn.errors import BadInput
from cnn.teach import zip_pictures
from cnn.teach.zip_pictures import ZipPicture, read_zip_pictures


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes], deflate: bool = False) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return content.getvalue()


def read(data: bytes) -> list[ZipPicture]:
    return list(read_zip_pictures(io.BytesIO(data), "pets.zip"))


def _link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("cat/link.jpg")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (("../../evil.jpg", b"x"), "out of the zip"),
        (("/etc/evil.jpg", b"x"), "out of the zip"),
        (("..\\evil.jpg", b"x"), "out of the zip"),
        (("C:\\evil.jpg", b"x"), "out of the zip"),
        ((_link(), b"/etc/passwd"), "link"),
        (("cat/bomb.jpg", bytes(2 * 2**20)), "times its size"),
    ],
)
def test_what_would_do_harm_is_refused_and_the_rest_comes(entry: tuple[str, bytes], why: str) -> None:
    bad, good = read(packed(entry, ("cat/1.jpg", b"a picture"), deflate=True))
    assert why in bad.refused
    assert not bad.data
    assert (good.path, good.data, good.refused) == ("cat/1.jpg", b"a picture", "")


def test_a_lie_about_a_size_does_not_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of contents says 10 bytes; the entry unpacks to more than is read of any picture."""
    monkeypatch.setattr(zip_pictures, "MOST_BYTES", 1000)
    honest = packed(("cat/1.jpg", bytes(5000)), deflate=True)
    lying = honest.replace(struct.pack("<I", 5000), struct.pack("<I", 10))
    assert lying != honest
    assert all(one.refused and not one.data for one in read(lying))


def test_damage_inside_takes_nothing_else_down() -> None:
    whole = bytearray(packed(("cat/1.jpg", b"A" * 100), ("cat/2.jpg", b"B" * 100)))
    whole[whole.index(b"A" * 100)] ^= 1  # its checksum is wrong now
    bad, good = read(bytes(whole))
    assert "damaged" in bad.refused
    assert good.data == b"B" * 100


def test_what_systems_put_beside_pictures_is_left_out() -> None:
    made = packed(("__MACOSX/cat/._1.jpg", b"x"), ("cat/.DS_Store", b"x"), ("cat/", b""), ("cat/1.jpg", b"x"))
    assert [one.path for one in read(made)] == ["cat/1.jpg"]


@pytest.mark.parametrize("data", [b"", b"no zip", packed(("a", b"b"))[:-10]], ids=["empty", "text", "cut"])
def test_what_is_no_zip_is_told(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"pets\.zip is no zip"):
        read(data)


@pytest.mark.parametrize(("bound", "least", "word"), [("MOST_ENTRIES", 1, "files"), ("MOST_UNPACKED", 3, "unpack")])
def test_too_much_is_refused_whole(bound: str, least: int, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_pictures, bound, least)
    with pytest.raises(BadInput, match=word):
        read(packed(("1.jpg", b"xx"), ("2.jpg", b"xx")))
