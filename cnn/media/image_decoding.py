"""A photo's way in: bytes -> RGB pixels, safely, and pixels -> a network's input. No TensorFlow."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import PIL
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from cnn.array_types import Array, Pixels
from cnn.errors import BadInput
from cnn.media import decompression_bombs
from cnn.media.turnstile import OnWait, Turnstile

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
MOST_BYTES: Final = 20 * 2**20
MOST_PIXELS: Final = 40_000_000
LONGER_PX: Final = 2048  # no network sees more; a photo is reduced to it
EDGE_PARTS: Final = 64  # of a px: how finely the edges of a crop are placed
DRAFT_PX: Final = 600  # of the shorter side: JPEG may decode at an eighth, a quarter or half, but no smaller
BAND_PX: Final = 2_000_000  # pixels of a large photo that are reduced at once
LARGE_PIXELS: Final = 2_000_000  # from here on pictures wait for each other; a PNG of 12 megapixels takes 87 MB
AT_ONCE: Final = 2  # large pictures that are decoded
DEEP: Final = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # more than 8 bits; Pillow would clip them to white
WHITES: Final = (1, 255, 4095, 65535)  # the values that files of more than 8 bits mean by white; scanners give 12 bits
OVER: Final = 0.25  # share by which values may pass black and white: highlights, and ringing from resizing
SPACES: Final = {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab"}  # a mode's name in colour profiles
GREYS: Final = ("1", "L", "LA", "La", *DEEP)
PROBE: Final = np.moveaxis(np.mgrid[0:256:15, 0:256:15, 0:256:15], 0, -1).reshape(18, -1, 3)  # colours of all kinds
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
    """A picture, upright: its name, and uint8 (height, width, 3 or 4) of at most LONGER_PX on the longer side."""

    name: str
    pixels: Pixels


def decode_image_file(path: Path, alpha: bool = False, least_px: int = DRAFT_PX) -> Photo:
    """Decode a file, as `decode_image` says.

    Raises: BadInput: also where it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{path.name} could not be read ({error.strerror}).") from error
    return decode_image(data, path.name, alpha, least_px)


def decode_image(
    data: bytes, name: str, alpha: bool = False, least_px: int = DRAFT_PX, on_wait: OnWait = lambda before: None
) -> Photo:
    """Decode a picture: the one way in, whatever it is asked about.

    Large ones wait for each other, so that a class that brings photos at once does not fill the memory. A file that
    ends early is refused: what is missing of it would be shown to the network as grey.

    Args:
        data: a file of one of FORMATS; of several frames, the first counts.
        name: what to call it in errors.
        alpha: whether opacity stays, as a fourth channel where there is any, instead of lying over white.
        least_px: a JPEG's shorter side may be halved while it is decoded, but no further than this.
        on_wait: told how many large pictures come before this one, whenever that changes.
    Returns: sRGB, turned as its EXIF says.
    Raises: BadInput: empty, over MOST_BYTES or MOST_PIXELS (a WebP: decompression_bombs.MOST_WEBP), damaged,
        or no picture that we read.
    """
    if not data:
        raise BadInput(f"{name} is empty. Choose another file.")
    if len(data) > MOST_BYTES:
        raise BadInput(f"{name} has over {MOST_BYTES // 2**20} MB, more than are read. Save it smaller.")
    try:
        decompression_bombs.check_decompression_cost(data, MOST_PIXELS)
        with Image.open(BytesIO(data), formats=_formats()) as picture:
            decompression_bombs.check_pixel_count(*picture.size, MOST_PIXELS)
            with _turnstile(picture, on_wait):
                return Photo(name, np.asarray(_decoded(picture, alpha, least_px)))
    except (decompression_bombs.TooManyPixels, Image.DecompressionBombError) as error:
        most = error.most if isinstance(error, decompression_bombs.TooManyPixels) else MOST_PIXELS
        raise BadInput(f"{name} has over {most // 10**6} megapixels, more than are read. Save it smaller.") from error
    except UnidentifiedImageError as error:
        known = ", ".join(_formats())
        raise BadInput(
            f"{name} is no picture that can be read, whatever its name says. Use one of: {known}."
        ) from error
    except Exception as error:  # a decoder may raise anything on a damaged file: struct.error, KeyError, ...
        raise BadInput(f"{name} is damaged or cut short. Save or download it again.") from error


_LARGE: Final = Turnstile(AT_ONCE)


def _turnstile(picture: Image.Image, on_wait: OnWait) -> AbstractContextManager[None]:
    return _LARGE.enter(on_wait) if picture.width * picture.height >= LARGE_PIXELS else nullcontext()


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


def _decoded(picture: Image.Image, alpha: bool, least_px: int) -> Image.Image:
    if picture.format in ("JPEG", "MPO"):
        picture.draft(picture.mode, (least_px, least_px))
    picture.load()
    turn, profile, grey = _turn(picture), _profile(picture), picture.mode in GREYS
    colours, opacity = _apart(_eight_bits(_reduced(picture)))
    small = _in_srgb(colours.convert("L") if grey else colours, profile)
    small = small if small.mode == "RGB" else small.convert("RGB")  # Pillow would copy it
    if opacity is not None:
        small.putalpha(opacity)
        small = small if alpha else _over_white(small)
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
    if picture.mode in DEEP:
        return picture.convert("F")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture.convert("RGB") if picture.mode in ("1", "P") else picture


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


def _apart(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Part colours and opacity; None where all is opaque."""
    if picture.has_transparency_data:
        with_opacity = picture.convert("RGBA")
        return with_opacity.convert("RGB"), with_opacity.getchannel("A")
    return picture.convert("RGB") if picture.mode in ("1", "P") else picture, None


def _over_white(picture: Image.Image) -> Image.Image:
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    return white.convert("RGB")


def _profile(picture: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """Read the colour profile that came along; None where there is none, or a broken one."""
    if picture.mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    try:
        return ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
    except (KeyError, OSError, TypeError, ValueError, ImageCms.PyCMSError):
        return None


def _in_srgb(picture: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """Convert by a colour profile: by what it does, never by what it is called. One of another kind is ignored."""
    if profile is None or profile.profile.xcolor_space.strip() != SPACES.get(picture.mode):
        return picture
    try:
        convert = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), picture.mode, "RGB")
        if picture.mode == "RGB" and _changes_nothing(convert):  # so it is for most, and 3 megapixels take 60 ms
            return picture
        return ImageCms.applyTransform(picture, convert) or picture
    except (OSError, TypeError, ValueError, ImageCms.PyCMSError):
        return picture


def _changes_nothing(convert: ImageCms.ImageCmsTransform) -> bool:
    """Try the colours of PROBE: sRGB by any other name moves none by more than a level."""
    made = ImageCms.applyTransform(Image.fromarray(PROBE.astype(np.uint8)), convert)
    return made is not None and bool(np.abs(np.asarray(made, int) - PROBE).max() <= 1)


def resize_for_network(pixels: Pixels, size: int, resize: int) -> Array:
    """Make a network's input: the shorter side to `resize` px, then the middle.

    Args:
        pixels: uint8 (height, width, 3).
        size: height and width of the input, in px, at most `resize`.
        resize: length of the shorter side before the crop, in px.
    Returns: float32 (size, size, 3) in [0, 1].
    """
    # Only what the crop keeps is resized: all of a photo of 1 x 2048 px would be 256 x 524,288. Across, then down, by
    # our own order: Pillow 13 goes down first where that is cheaper, which moves bytes by up to 14, and an exported
    # network (`cnn.bundle.picture_input`) and the page must make the same of a photo.
    height, width, _ = pixels.shape
    (left, right), (top, bottom) = (_kept(side, min(height, width), size, resize) for side in (width, height))
    narrow = Image.fromarray(pixels).resize((size, height), Image.Resampling.BICUBIC, (left, 0, right, height))
    cut = narrow.resize((size, size), Image.Resampling.BICUBIC, (0, top, size, bottom))
    return np.asarray(cut, np.float32) / np.float32(255)


def _kept(side: int, shorter: int, size: int, resize: int) -> tuple[float, float]:
    """Say from where to where the crop reaches along a side, in px of the photo, to 1 / EDGE_PARTS.

    Pillow takes 32-bit floats: finer edges would be rounded, and an exported network could not tell how.
    """
    grown = max(np.float32(resize), np.rint(np.float32(side * resize) / np.float32(shorter)))
    first = np.rint((grown - np.float32(size)) / np.float32(2))
    edges = (np.rint(edge * np.float32(side * EDGE_PARTS) / grown) for edge in (first, first + np.float32(size)))
    begin, end = (float(edge) / EDGE_PARTS for edge in edges)
    return begin, end
