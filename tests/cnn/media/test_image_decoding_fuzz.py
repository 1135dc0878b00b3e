"""Thousands of damaged photos: each is read or refused; none crashes, hangs, bloats or prints."""

import sys
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from cnn.media import image_decoding
from cnn.paths import ROOT
from tests.support import fuzz
from tests.support.mutate import mutated

VARIANTS = 5_000
SAMPLES = ("cat.jpg", "galaxies.jpg")


def test_no_damaged_photo_crashes_hangs_or_bloats(fuzz_seed: int) -> None:
    fuzz.survives("tests.cnn.media.test_image_decoding_fuzz", VARIANTS, fuzz_seed)


def test_the_files_are_read_before_they_are_damaged() -> None:
    assert {Image.open(BytesIO(data)).format for data in files()} == set(image_decoding.FORMATS)
    for data in files():
        assert image_decoding.decode_image(data, "whole").pixels.size


def test_a_seed_makes_the_same_damage_again() -> None:
    made = [mutated(files(), seed) for seed in range(200)]
    assert made == [mutated(files(), seed) for seed in range(200)]
    assert sum(data not in files() for data in made) > 150


def test_what_goes_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("any")

    monkeypatch.setattr(fuzz, "peak", lambda: 0)
    assert fuzz.fault(read, files()[0]) is None
    assert fuzz.fault(read, b"") is None
    monkeypatch.setattr(fuzz, "peak", lambda: 2**40)
    assert "MB so far" in str(fuzz.fault(read, b""))
    monkeypatch.setattr(image_decoding, "decode_image", broken)
    assert fuzz.fault(read, b"") == "raised KeyError('any')"
    photo = image_decoding.Photo("photo", np.zeros((2, 2), np.uint8))
    monkeypatch.setattr(image_decoding, "decode_image", lambda *_: photo)
    assert fuzz.fault(read, b"") == "gave uint8 (2, 2)"


@cache
def files() -> tuple[bytes, ...]:
    """Make small photos in every format, and in the ways of saving that take other paths through the decoders."""
    image_decoding._formats()
    y, x = np.mgrid[0:48, 0:64]
    colour = Image.fromarray(np.stack([x * 4, y * 5, (x + y) * 2], -1).astype(np.uint8))
    alpha = colour.copy()
    alpha.putalpha(Image.fromarray((x * 4).astype(np.uint8)))
    deep, real = Image.fromarray((x * 1000).astype(np.uint16)), Image.fromarray((x / 64).astype(np.float32))
    few, bits = colour.quantize(16), colour.convert("1")
    exif = Image.Exif()
    exif[0x0112] = 6
    about: dict[str, Any] = {
        "exif": exif.tobytes(),
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    }
    display = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    about_colour = about | {"icc_profile": display.replace(b"\0s\0R\0G\0B", b"\0w\0i\0d\0e")}
    frames: dict[str, Any] = {"save_all": True, "append_images": [colour.rotate(90)] * 2}
    return (
        saved(colour, "JPEG", **about_colour),
        saved(alpha, "PNG", **about_colour),
        saved(colour, "WEBP", **about),
        saved(few, "GIF", **frames),
        saved(colour, "BMP"),
        saved(colour, "TIFF", **about),
        saved(alpha, "AVIF", speed=10, **about),
        saved(colour, "HEIF", **about),
        saved(colour, "JPEG", progressive=True, subsampling=2),
        saved(colour.convert("CMYK"), "JPEG"),
        saved(few, "PNG", transparency=1),
        saved(deep, "PNG"),
        saved(colour, "PNG", **frames),
        saved(alpha, "WEBP", lossless=True),
        saved(colour, "WEBP", **frames),
        saved(few, "BMP"),
        run_length_bmp(),
        saved(deep, "TIFF", compression="tiff_lzw"),
        saved(real, "TIFF", compression="tiff_adobe_deflate"),
        saved(bits, "TIFF", compression="group4"),
        saved(colour, "TIFF", compression="jpeg"),
        saved(alpha, "TIFF", compression="packbits"),
        saved(alpha, "HEIF"),
        saved(colour.convert("L"), "AVIF", speed=10),
        *((ROOT / "assets" / "photos" / name).read_bytes() for name in SAMPLES),
    )


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def run_length_bmp() -> bytes:
    """Save 16 x 4 px in runs (BI_RLE8), which Pillow reads but does not write."""
    head = bytearray(saved(Image.new("P", (16, 4)), "BMP")[: 54 + 1024])
    head[30] = 1
    return bytes(head) + b"\x10\x07\0\0" * 3 + b"\0\x02\x03\0\x0d\x01\0\x01"


def read(data: bytes) -> str | None:
    """Read a photo, and say what is wrong with its pixels."""
    pixels = image_decoding.decode_image(data, fuzz.NAME).pixels
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        return f"gave {pixels.dtype} {pixels.shape}"
    return None


if __name__ == "__main__":
    fuzz.main(files(), read, int(sys.argv[1]), int(sys.argv[2]))
