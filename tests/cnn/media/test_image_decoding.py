"""Every format and mode comes in as upright sRGB; what cannot, says so before it costs anything."""

import json
import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms, ImageFile
from pillow_heif import register_heif_opener

from cnn.array_types import Array, Pixels
from cnn.errors import BadInput
from cnn.media import decompression_bombs, image_decoding
from cnn.media.turnstile import Turnstile
from cnn.paths import ASSETS
from tests.support import icc

register_heif_opener(thumbnails=False)
pytestmark = pytest.mark.filterwarnings("ignore:::PIL")  # as cnn.media.image_decoding does outside of pytest

SAMPLES = ASSETS / "photos"
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """Paint four quarters: red, green / blue, white."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(WHITE, (width // 2, height // 2, width, height))
    return picture


def encoded(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def read(data: bytes) -> Pixels:
    pixels = image_decoding.decode_image(data, "cat.jpg").pixels
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    return pixels


def quarters(pixels: Pixels) -> list[tuple[int, ...]]:
    """Name the colours in the middle of the quarters, row by row."""
    height, width, _ = pixels.shape
    middles = [
        (height // 4, width // 4),
        (height // 4, -width // 4),
        (-height // 4, width // 4),
        (-height // 4, -width // 4),
    ]
    return [tuple(round(value / 255) * 255 for value in pixels[place]) for place in middles]


@pytest.mark.parametrize("form", image_decoding.FORMATS)
def test_every_format_is_read(form: str) -> None:
    pixels = read(encoded(corners(), form))
    assert pixels.shape == (48, 64, 3)
    assert quarters(pixels) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "HEIF", "MPO"])
def test_of_several_frames_the_first_counts(form: str) -> None:
    later = Image.new("RGB", (64, 48), "black")
    pixels = read(encoded(corners(), form, save_all=True, append_images=[later, later]))
    assert quarters(pixels) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize(
    ("turn", "found"),
    [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
    ],
)
def test_a_photo_is_turned_upright(form: str, turn: int, found: list[tuple[int, ...]]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    pixels = read(encoded(corners(), form, exif=exif.tobytes()))
    assert pixels.shape == ((48, 64, 3) if turn < 5 else (64, 48, 3))
    assert quarters(pixels) == found


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\0\x05", b"junk"]
)
def test_broken_exif_does_not_spoil_the_pixels(exif: bytes) -> None:
    assert quarters(read(encoded(corners(), "PNG", exif=exif))) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk_is_read(form: str) -> None:
    assert quarters(read(encoded(corners().convert("CMYK"), form))) == [RED, GREEN, BLUE, WHITE]


def test_cmyk_jpegs_are_inverted_as_adobe_writes_them() -> None:
    data = encoded(Image.new("CMYK", (32, 32), (0, 0, 0, 0)), "JPEG")
    assert b"Adobe" in data
    assert read(data).min() > 250


@pytest.mark.parametrize("mode", ["L", "1", "P"])
def test_few_colours_are_read(mode: str) -> None:
    grey = Image.new("L", (40, 30), 0)
    grey.paste(255, (20, 0, 40, 30))
    pixels = read(encoded(grey.convert(mode), "PNG"))
    np.testing.assert_array_equal(pixels, np.repeat(np.asarray(grey)[:, :, None], 3, 2))


@pytest.mark.parametrize(("form", "order"), [("PNG", "<u2"), ("TIFF", "<u2"), ("TIFF", ">u2")])
def test_16_bits_of_grey_keep_their_range(form: str, order: str) -> None:
    values = np.arange(256, dtype=np.uint16).reshape(16, 16) * 257
    picture = (
        Image.fromarray(values)
        if order == "<u2"
        else Image.frombytes("I;16B", (16, 16), values.astype(">u2").tobytes())
    )
    pixels = read(encoded(picture, form))
    np.testing.assert_array_equal(pixels[:, :, 0], np.arange(256).reshape(16, 16))


def test_16_bits_of_colour_are_read() -> None:
    rows = b"".join(b"\0" + np.tile(np.array([65535, 32768, 0], ">u2"), 8).tobytes() for _ in range(6))
    pixels = read(png(8, 6, 16, 2, rows))
    assert (pixels == (255, 128, 0)).all()


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (np.array([[0.0, 0.5, 1.0]]), [0, 128, 255]),
        (np.array([[0.0, 51.0, 255.0]]), [0, 51, 255]),
        (np.array([[0.0, 13107.0, 65535.0]]), [0, 51, 255]),
        (np.array([[-3.0, 0.0, 3.0]]), [0, 128, 255]),
        (np.array([[0.0, np.nan, 1.0]]), [0, 0, 255]),
        (np.array([[0.0, np.inf, 1.0]]), [0, 0, 255]),
        (np.array([[7e6, 7e6, 7e6]]), [0, 0, 0]),
    ],
)
def test_floating_point_is_scaled_by_what_it_means(values: npt.NDArray[np.float64], found: list[int]) -> None:
    pixels = read(encoded(Image.fromarray(values.astype(np.float32)), "TIFF"))
    assert pixels[0, :, 0].tolist() == found


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "RGB"])
def test_what_is_transparent_lies_over_white(mode: str) -> None:
    picture = Image.new("RGBA", (40, 30), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (20, 0, 40, 30))
    if mode in ("RGBA", "LA"):
        data = encoded(picture.convert(mode), "PNG")
    else:  # one value is named as the transparent one
        drawn = Image.new("L", (40, 30), 0)
        drawn.paste(9, (20, 0, 40, 30))
        data = encoded(drawn.convert(mode), "PNG", transparency=(9, 9, 9) if mode == "RGB" else 9)
    pixels = read(data)
    assert (pixels[:, :20] == 0).all()
    assert (pixels[:, 20:] == 255).all()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_opacity_stays_where_it_is_asked_for(form: str) -> None:
    drawn = Image.new("RGBA", (48, 64), (0, 0, 0, 0))
    drawn.paste((255, 255, 255, 255), (0, 0, 24, 32))
    exif = Image.Exif()
    exif[0x0112] = 6
    linear = icc.profile("linear", icc.LINEAR, icc.SRGB)
    data = encoded(drawn, form, exif=exif.tobytes(), icc_profile=linear, **{"lossless": True} if form == "WEBP" else {})
    pixels = image_decoding.decode_image(data, "ink.png", alpha=True).pixels
    assert pixels.shape == (48, 64, 4)
    assert pixels[:24, 32:].min() == 255
    assert pixels[24:, :, 3].max() == pixels[:, :32, 3].max() == 0


def test_half_transparent_is_half_white() -> None:
    pixels = read(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 128)), "PNG"))
    assert np.abs(pixels.astype(int) - 127).max() <= 1


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "HEIF", "TIFF"])
def test_alpha_is_read_in_other_formats(form: str) -> None:
    assert read(encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), form)).min() > 250


@pytest.mark.parametrize("name", ["sRGB", "linear sRGB", "Display P3 Gamut with sRGB Transfer", "c2", ""])
@pytest.mark.parametrize(
    ("primaries", "curve", "colour", "found"),
    [
        (icc.SRGB, icc.LINEAR, (55, 55, 55), (128, 128, 128)),
        (icc.DISPLAY_P3, icc.SRGB_CURVE, (234, 51, 35), (255, 0, 0)),
        (icc.SRGB, icc.SRGB_CURVE, (200, 40, 41), (200, 40, 41)),
    ],
    ids=["linear", "wide", "srgb"],
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_colour_profile_does_the_same_under_any_name(
    name: str, primaries: Any, curve: bytes, colour: tuple[int, ...], found: tuple[int, ...], mode: str
) -> None:
    plain = Image.new("RGB", (16, 16), colour)
    picture = plain.quantize(2) if mode == "P" else plain.convert(mode)
    pixels = read(encoded(picture, "PNG", icc_profile=icc.profile(name, curve, primaries)))
    assert np.abs(pixels.astype(int) - found).max() <= 1


@pytest.mark.parametrize("name", ["sRGB", "Gray Gamma 1.0", ""])
@pytest.mark.parametrize("mode", ["L", "LA", "I;16", "large L"])
def test_a_profile_of_grey_does_the_same_under_any_name(name: str, mode: str) -> None:
    grey = np.full((16, 4200 if mode == "large L" else 16), 55, np.uint8)
    picture = Image.fromarray(grey.astype(np.uint16) * 257 if mode == "I;16" else grey)
    picture = picture.convert("LA") if mode == "LA" else picture
    pixels = read(encoded(picture, "TIFF" if mode == "I;16" else "PNG", icc_profile=icc.profile(name, icc.LINEAR)))
    assert np.abs(pixels.astype(int) - 128).max() <= 1


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_profile_of_another_kind_of_colour_is_ignored(mode: str) -> None:
    other = icc.profile("other", icc.LINEAR, () if mode == "RGB" else icc.SRGB)
    assert (read(encoded(Image.new("RGB", (16, 16), (55, 55, 55)).convert(mode), "PNG", icc_profile=other)) == 55).all()


@pytest.mark.parametrize("profile", [b"junk", b"\0" * 128, b"lab"])
def test_a_profile_that_is_broken_is_ignored(profile: bytes) -> None:
    if profile == b"lab":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert (read(encoded(Image.new("RGB", (16, 16), (200, 40, 40)), "PNG", icc_profile=profile)) == (200, 40, 40)).all()


def test_lab_is_read() -> None:
    lab = ImageCms.profileToProfile(
        corners(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert quarters(read(encoded(lab, "TIFF"))) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1", "LA", "I;16", "CMYK"])
def test_a_large_photo_is_reduced_whole(mode: str) -> None:
    large = corners(6200, 401)
    if mode == "I;16":
        large = Image.fromarray(np.full((401, 6200), 65535, np.uint16))
    pixels = read(encoded(large if mode == "I;16" else large.convert(mode), "TIFF"))
    assert pixels.shape[1] == image_decoding.LONGER_PX
    assert abs(pixels.shape[0] - 401 / 6200 * image_decoding.LONGER_PX) <= 1
    if mode in ("RGB", "RGBA", "P", "CMYK"):
        assert quarters(pixels) == [RED, GREEN, BLUE, WHITE]
    else:
        assert pixels[-2, -2].tolist() == [255, 255, 255]


def test_a_large_photo_is_averaged_before_it_is_made_to_fit() -> None:
    """In bands, each of whole blocks: as Pillow does with all of it at once, which takes a second copy."""
    noise = np.random.default_rng(0).integers(0, 256, (700, 4200), np.uint8)
    expected = Image.fromarray(noise).reduce(2)
    expected.thumbnail((image_decoding.LONGER_PX,) * 2, Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(read(encoded(Image.fromarray(noise), "TIFF"))[..., 0], np.asarray(expected))


@pytest.mark.parametrize(("height", "waits"), [(1000, True), (999, False)])
def test_from_two_megapixels_on_pictures_wait_for_each_other(
    height: int, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[object] = []
    gate = Turnstile(1)
    enter = gate.enter
    monkeypatch.setattr(gate, "enter", lambda on_wait: entered.append(on_wait) or enter(on_wait))
    monkeypatch.setattr(image_decoding, "_LARGE", gate)
    assert read(encoded(Image.new("L", (2000, height)), "PNG")).shape == (height, 2000, 3)
    assert bool(entered) == waits


def test_twelve_bits_are_known_by_the_brightest_of_them() -> None:
    values = np.array([[0, 400], [200, 100]], np.uint16)  # too bright for 8 bits, far too dark for 16
    found = read(encoded(Image.fromarray(values), "PNG"))[..., 0]
    np.testing.assert_array_equal(found, np.rint(values * (255 / 4095)))


def test_a_large_colour_key_is_applied_once() -> None:
    drawn = Image.new("RGB", (4200, 40), (255, 255, 254))
    drawn.paste((0, 0, 0), (0, 0, 2100, 40))
    pixels = read(encoded(drawn, "PNG", transparency=(0, 0, 0)))
    assert pixels.min() >= 252  # shares of opacity are rounded where both meet


def test_a_jpeg_is_decoded_small() -> None:
    assert read(encoded(corners(4032, 3024), "JPEG")).shape == (756, 1008, 3)


@pytest.mark.parametrize("cut", [10, 200, 1000, -2000, -40])
@pytest.mark.parametrize("form", image_decoding.FORMATS)
def test_a_truncated_file_is_refused(form: str, cut: int) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8))
    data = encoded(noise, form)
    assert len(data) > 2000
    with pytest.raises(BadInput, match=r"^cat\.jpg is (damaged or cut short|no picture that can be read)"):
        image_decoding.decode_image(data[:cut], "cat.jpg")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cat.jpg is empty. Choose another file."),
        (b"\0" * (image_decoding.MOST_BYTES + 2**19), "cat.jpg has over 20 MB, more than are read. Save it smaller."),
        (b"Dear photo", "cat.jpg is no picture that can be read, whatever its name says. Use one of: JPEG, PNG"),
        (b"%PDF-1.7\n%junk", "cat.jpg is no picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "cat.jpg is no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cat.jpg is no picture"),
        (b"PK\x03\x04" + b"\0" * 60, "cat.jpg is no picture"),
    ],
)
def test_what_is_no_photo_says_so(data: bytes, message: str) -> None:
    with pytest.raises(BadInput) as raised:
        image_decoding.decode_image(data, "cat.jpg")
    assert str(raised.value).startswith(message)
    assert str(raised.value).endswith(".")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, bits: int, kind: int, rows: bytes, extra: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff(*entries: tuple[int, int, int, int], rest: bytes = b"") -> bytes:
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + b"\0\0\0\0" + rest


def webp(kind: bytes, sides: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 100) + b"WEBP" + kind + struct.pack("<I", 10) + sides + b"\0" * 60


TOO_LARGE = {
    "png": png(8000, 8000, 8, 2, b""),
    "png of 180 megapixels": png(20000, 9000, 8, 2, b""),
    "png of 65535 squared": png(65535, 65535, 8, 2, b""),
    "gif": b"GIF89a" + struct.pack("<HH", 9000, 9000) + b"\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\1\0\1\0\0\2\1\0\0;",
    "bmp": b"BM" + struct.pack("<IHHIIiiHHIIiiII", 9999, 0, 0, 54, 40, 9000, 9000, 1, 24, 0, 0, 0, 0, 0, 0),
    "tiff": tiff((256, 4, 1, 9000), (257, 4, 1, 9000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)),
    "webp": webp(b"VP8X", b"\0\0\0\0" + b"\xff\x3f\0" * 2),
    "webp lossy": webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 9000, 9000)),
    "webp lossless": webp(b"VP8L", b"\x2f\xff\xff\xff\x0f"),
    "jpeg": encoded(corners(), "JPEG").replace(struct.pack(">HH", 48, 64), struct.pack(">HH", 9000, 9000)),
    "avif": encoded(corners(), "AVIF").replace(struct.pack(">II", 64, 48), struct.pack(">II", 9000, 9000)),
    "heif": encoded(corners(64, 64), "HEIF").replace(struct.pack(">II", 64, 64), struct.pack(">II", 9000, 9000)),
}


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE)
def test_too_many_pixels_are_refused_before_they_are_decoded(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr(image_decoding, "_decoded", fail)
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    with pytest.raises(
        BadInput, match=r"^cat\.jpg has over (40|24) megapixels, more than are read\. Save it smaller\.$"
    ):
        image_decoding.decode_image(data, "cat.jpg")


JPEG = encoded(corners(), "JPEG")
GIF = encoded(corners(), "GIF")
GIF_BODY = 13 + (3 << (GIF[10] & 7) + 1)
MANY = 2**21
HOSTILE = {
    "jpeg of many comments": JPEG[:2] + b"\xff\xfe\0\2" * 30_000 + JPEG[2:],
    "jpeg of padding": JPEG[:2] + b"\xff" * MANY + JPEG[2:],
    "jpeg of nothing": b"\xff\xd8\xff" + b"\0" * MANY,
    "jpeg of restarts": JPEG[:2] + b"\xff\xd0" * MANY + JPEG[2:],
    "jpeg of ends": JPEG[:2] + b"\xff\xd9" * MANY + JPEG[2:],
    "jpeg of many scans": encoded(Image.new("L", (6000, 6000)), "JPEG", progressive=True)
    + b"\xff\xda\0\x08\1\1\0\0\0\0" * 300,
    "png of many chunks": png(1, 1, 8, 0, b"\0\0", chunk(b"prVt", b"") * 30_000),
    "png of many profiles": png(1, 1, 8, 0, b"\0\0", chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 1000)) * 2),
    "png with a text bomb": png(1, 1, 8, 0, b"\0\0", chunk(b"zTXt", b"x\0\0" + zlib.compress(b"a" * 50_000_000))),
    "png with a profile bomb": png(1, 1, 8, 0, b"\0\0", chunk(b"iCCP", b"x\0\0" + zlib.compress(b"a" * 50_000_000))),
    "gif of junk": GIF[:GIF_BODY] + b"\1" * MANY + GIF[GIF_BODY:],
    "gif of remarks": GIF[:GIF_BODY] + b"!\xfe" + b"\1a" * MANY + b"\0" + GIF[GIF_BODY:],
    "gif of empty remarks": GIF[:GIF_BODY] + b"!\xfe\0" * MANY + GIF[GIF_BODY:],
    "bmp of runs": b"BM"
    + struct.pack("<IHHIIiiHHIIiiII", 9999, 0, 0, 1078, 40, 20_000_000, 2, 1, 8, 1, 0, 0, 0, 256, 0)
    + b"\0" * 1024
    + b"\1\1\0\0" * 9,
    "tiff of many strips": tiff((256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 100_000, 99), rest=b"\0" * 400_000),
    "tiff of a huge tile": tiff((256, 4, 1, 9), (257, 4, 1, 9), (322, 4, 1, 30_000), (323, 4, 1, 30_000)),
    "tiff of many tags": tiff(*[(tag, 4, 1, 1) for tag in range(2000)]),
    "tiff that leads deeper": tiff((34665, 4, 1, 26), rest=tiff((1, 5, 100_000, 8), rest=b"\0" * 800_000)[8:]),
    "bigtiff of many tags": b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2000) + b"\0" * 40_000,
    "directories without end": b"II*\0" * 2000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_bomb_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"^cat\.jpg is damaged or cut short\. Save or download it again\.$"):
        image_decoding.decode_image(data, "cat.jpg")


@pytest.mark.parametrize("data", [value for key, value in HOSTILE.items() if "bomb" not in key])
def test_a_bomb_never_reaches_pillow(data: bytes) -> None:
    with pytest.raises(decompression_bombs.DecompressionBomb):
        decompression_bombs.check_decompression_cost(data, image_decoding.MOST_PIXELS)


def test_an_endless_gif_costs_one_frame() -> None:
    assert read(GIF[:-1] + GIF[GIF_BODY:-1] * 5000).shape == (48, 64, 3)


def test_a_film_behind_a_photo_does_not_spoil_it() -> None:
    film = np.random.default_rng(0).bytes(5_000_000)
    assert quarters(read(JPEG + film)) == [RED, GREEN, BLUE, WHITE]


def test_what_a_decoder_raises_is_told_as_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Image.Image) -> Image.Image:
        raise KeyError("any")

    monkeypatch.setattr(image_decoding, "_decoded", broken)
    with pytest.raises(BadInput, match="damaged"):
        image_decoding.decode_image(JPEG, "cat.jpg")


def reference(pixels: Pixels, size: int, resize: int) -> Array:
    """Resize the whole photo with Pillow, then crop it."""
    height, width, _ = pixels.shape
    wide, high = (round(side * resize / min(height, width)) for side in (width, height))
    x, y = round((wide - size) / 2), round((high - size) / 2)
    whole = Image.fromarray(pixels).resize((wide, high), Image.Resampling.BICUBIC)
    return np.asarray(whole.crop((x, y, x + size, y + size)), np.float32) / 255


@pytest.mark.parametrize(
    ("height", "width"), [(300, 451), (451, 300), (37, 53), (256, 256), (1, 1), (700, 701), (9, 400)]
)
@pytest.mark.parametrize(("size", "resize"), [(224, 256), (299, 342), (32, 32)])
def test_the_input_is_a_crop_of_the_resized_photo(height: int, width: int, size: int, resize: int) -> None:
    # Pillow takes the shorter way through width and height first; only where noise is clipped in between, it shows
    pixels = np.random.default_rng(height).integers(80, 176, (height, width, 3)).astype(np.uint8)
    made = image_decoding.resize_for_network(pixels, size, resize)
    assert made.shape == (size, size, 3)
    assert made.dtype == np.float32
    assert 0 <= made.min() <= made.max() <= 1
    np.testing.assert_allclose(made, reference(pixels, size, resize), atol=2.1 / 255)


def test_the_middle_is_what_the_network_sees() -> None:
    pixels = np.zeros((100, 300, 3), np.uint8)
    pixels[:, 100:200] = 255
    np.testing.assert_array_equal(image_decoding.resize_for_network(pixels, 64, 100)[:, 8:-8], 1)
    made = image_decoding.resize_for_network(pixels, 128, 128)
    assert made[:, 4:-4].min() == 1
    pixels[:] = 255 - pixels
    assert image_decoding.resize_for_network(pixels, 128, 128)[:, 4:-4].max() == 0


@pytest.mark.parametrize(("height", "width"), [(1, 4000), (4000, 1), (1, 1)])
def test_a_line_of_pixels_is_an_input(height: int, width: int) -> None:
    made = image_decoding.resize_for_network(np.full((height, width, 3), 51, np.uint8), 224, 256)
    assert made.shape == (224, 224, 3)
    np.testing.assert_allclose(made, 0.2, atol=1e-6)


def test_the_samples_are_small_and_named() -> None:
    entries = json.loads((SAMPLES / "photos.json").read_text(encoding="utf-8"))
    assert {entry["file"] for entry in entries} == {path.name for path in SAMPLES.glob("*.*")} - {"photos.json"}
    assert [entry["name"] for entry in entries if "trap" in entry] == [entries[5]["name"]]
    for entry in entries:
        assert set(entry) - {"trap"} == {"name", "file", "licence", "source", "author"}
        assert entry["licence"] in ("CC0", "public domain") or "CIFAR-10" in entry["source"]
        data = (SAMPLES / entry["file"]).read_bytes()
        assert len(data) <= 60_000
        assert max(image_decoding.decode_image(data, entry["name"]).pixels.shape) <= 512
