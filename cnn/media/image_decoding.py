"""A photo's way in: bytes -> RGB pixels, safely, and pixels -> a network's input. No TensorFlow."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import PIL
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from cnn.errors import BadInput
from cnn.media import decompression_bombs

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
MOST_BYTES: Final = 20 * 2**20
MOST_PIXELS: Final = 40_000_000
LONGER_PX: Final = 2048  # no network sees more; a photo is reduced to it
DRAFT_PX: Final = (600, 600)  # JPEG may decode at an eighth, a quarter or half, but no smaller than this
BAND_PX: Final = 2_000_000  # pixels of a large photo that are reduced at once
DEEP: Final = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # more than 8 bits; Pillow would clip them to white
WHITES: Final = (1, 255, 65535)  # the values that files of more than 8 bits mean by white
OVER: Final = 0.25  # share by which values may pass black and white: highlights, and ringing from resizing
SPACES: Final = {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab"}  # a mode's name in colour profiles
TURNS: Final[Mapping[object, Image.Transpose]] = {  # EXIF 2.32, tag Orientation -> what turns it upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo, upright: its name, and uint8 (height, width, 3) of at most LONGER_PX on the longer side."""

    name: str
    pixels: npt.NDArray[np.uint8]


def read(data: bytes, name: str) -> Photo:
    """Decode a photo.

    A file that ends early is refused: what is missing of it would be shown to the network as grey.

    Args:
        data: a file of one of FORMATS; of several frames, the first counts.
        name: what to call it in errors.
    Returns: sRGB, turned as its EXIF says, what is transparent over white.
    Raises: BadInput: empty, over MOST_BYTES or MOST_PIXELS (a WebP: photo_guard.MOST_WEBP), damaged,
        or no picture that we read.
    """
    if not data:
        raise BadInput(f"{name} is empty. Choose another file.")
    if len(data) > MOST_BYTES:
        raise BadInput(
            f"{name} has {len(data) / 2**20:.1f} MB; at most {MOST_BYTES // 2**20} are read. Save it smaller."
        )
    try:
        decompression_bombs.check(data, MOST_PIXELS)
        with Image.open(BytesIO(data), formats=_formats()) as picture:
            decompression_bombs.check_size(*picture.size, MOST_PIXELS)
            return Photo(name, np.asarray(_decoded(picture)))
    except (decompression_bombs.TooLarge, Image.DecompressionBombError) as error:
        most = error.most if isinstance(error, decompression_bombs.TooLarge) else MOST_PIXELS
        raise BadInput(f"{name} has over {most // 10**6} megapixels, more than are read. Save it smaller.") from error
    except UnidentifiedImageError as error:
        known = ", ".join(_formats())
        raise BadInput(
            f"{name} is no picture that can be read, whatever its name says. Use one of: {known}."
        ) from error
    except Exception as error:  # a decoder may raise anything on a damaged file: struct.error, KeyError, ...
        raise BadInput(f"{name} is damaged or cut short. Save or download it again.") from error


@cache
def _formats() -> tuple[str, ...]:
    """Prepare Pillow, once: its plugins, HEIC, and silence about damaged files, of which we speak ourselves."""
    warnings.filterwarnings("ignore", module="PIL")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    _silence_libtiff()
    Image.init()
    with suppress(ImportError):
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    return tuple(form for form in FORMATS if form in Image.OPEN)


def _silence_libtiff() -> None:
    """Stop libtiff from printing its errors, which Pillow raises as well; its wheels bring their own copy of it."""
    package = Path(PIL.__file__).parent
    for library in (*package.parent.glob("pillow.libs/libtiff*"), *package.glob(".dylibs/libtiff*")):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(str(library)).TIFFSetErrorHandler(None)


def _decoded(picture: Image.Image) -> Image.Image:
    if picture.format in ("JPEG", "MPO"):
        picture.draft(picture.mode, DRAFT_PX)
    picture.load()
    turn = _turn(picture)
    small = _in_srgb(_over_white(_eight_bits(_reduced(picture))))
    small = small if small.mode == "RGB" else small.convert("RGB")  # Pillow would copy it
    return small.transpose(turn) if turn is not None else small


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # what else the EXIF holds may be broken in any way; the pixels are not
        return None


def _reduced(picture: Image.Image) -> Image.Image:
    """Reduce a large photo to about LONGER_PX, band by band: a second copy of it whole might not fit."""
    factor = max(picture.size) // LONGER_PX
    if factor > 1:
        bands = [_reducible(band).reduce(factor) for band in _bands(picture, factor)]
        whole = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
        for number, band in enumerate(bands):
            whole.paste(band, (0, number * bands[0].height))
        whole.info = _profile_only(picture)
        picture = whole
    if max(picture.size) > LONGER_PX:
        picture = _reducible(picture)
        picture.thumbnail((LONGER_PX, LONGER_PX), Image.Resampling.BICUBIC)
    return picture


def _bands(picture: Image.Image, factor: int) -> Iterator[Image.Image]:
    rows = max(1, BAND_PX // picture.width // factor) * factor
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def _reducible(picture: Image.Image) -> Image.Image:
    if picture.mode in ("1", "P"):
        return _over_white(picture).convert("RGB")
    return picture.convert("F") if picture.mode in DEEP else _over_white(picture)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Scale deep grey to 8 bits: by the least of WHITES that about holds it, or else by what it holds."""
    if picture.mode not in DEEP:
        return picture
    values = np.nan_to_num(np.asarray(picture, np.float64), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    for white in WHITES:
        if -OVER * high <= low and high <= (1 + OVER) * white:
            low, high = 0.0, float(white)
            break
    shares = np.clip((values - low) / max(high - low, 1e-9), 0, 1)
    return Image.fromarray(np.rint(shares * 255).astype(np.uint8))


def _over_white(picture: Image.Image) -> Image.Image:
    """Lay what is transparent over white."""
    if not picture.has_transparency_data:
        return picture
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture.convert("RGBA"))
    white.info = _profile_only(picture)
    return white.convert("RGB")


def _profile_only(picture: Image.Image) -> dict[str | tuple[int, int], Any]:
    """Keep the colour profile, but not the colour that is transparent: what was, is white by now."""
    return {key: value for key, value in picture.info.items() if key == "icc_profile"}


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Convert by the colour profile that came along; a broken one, or one of another kind, is ignored."""
    try:
        profile = _profile(picture)
        if "sRGB" in (profile.profile.profile_description or ""):
            return picture
        if profile.profile.xcolor_space.strip() != SPACES[picture.mode]:
            return picture
        converted = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return converted or picture
    except (KeyError, OSError, TypeError, ValueError, ImageCms.PyCMSError):
        return picture


def _profile(picture: Image.Image) -> ImageCms.ImageCmsProfile:
    if picture.mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))


def network_input(pixels: npt.NDArray[np.uint8], size: int, resize: int) -> npt.NDArray[np.float32]:
    """Make a network's input: the shorter side to `resize` px, then the middle.

    Args:
        pixels: uint8 (height, width, 3).
        size: height and width of the input, in px, at most `resize`.
        resize: length of the shorter side before the crop, in px.
    Returns: float32 (size, size, 3) in [0, 1].
    """
    height, width, _ = pixels.shape
    scale = resize / min(height, width)
    wide, high = max(resize, round(width * scale)), max(resize, round(height * scale))
    x, y = round((wide - size) / 2), round((high - size) / 2)
    # only what the crop keeps is resized: all of a photo of 1 x 2048 px would be 256 x 524,288
    across, down = width / wide, height / high
    box = (x * across, y * down, (x + size) * across, (y + size) * down)
    cut = Image.fromarray(pixels).resize((size, size), Image.Resampling.BICUBIC, box)
    return np.asarray(cut, np.float32) / np.float32(255)
