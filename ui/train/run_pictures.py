"""What a moment of a training looks like: kernels, maps, where pictures lie, and the film of it all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from math import ceil, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, ImageOps

from cnn.array_types import Array, Pixels
from ui.components.image_row.image_row import RowImage
from ui.images import colormap, data_uri

Labels = npt.NDArray[np.int64]

COLOURS: Final = 3  # red, green and blue
EMBEDDING_PX: Final = 360  # side of the picture of all held-out pictures
CLASS_COLOURS: Final = (  # Tableau's ten, red, green and blue
    *("1f77b4", "ff7f0e", "2ca02c", "d62728", "9467bd"),
    *("8c564b", "e377c2", "7f7f7f", "bcbd22", "17becf"),
)
INK: Final = 90  # of 255: what is paler is paper
MARGIN_PX: Final = 16
FILM_MS: Final = 6_000
HOLD_MS: Final = 2_000


def sheet_image(sheet: Pixels, alt: str, title: str, note: str = "") -> RowImage:
    """Make a sheet of kernels or maps one of a row of images, as wide and high as it is."""
    return RowImage(data_uri.color_png_uri(sheet), alt, title, note, ratio=sheet.shape[1] / sheet.shape[0])


def kernel_sheet(kernels: Array) -> Pixels:
    """Draw kernels on one scale: RGBA.

    Args:
        kernels: float32 (height, width, in, units); in colour where they read colours, else the first channel of each,
            blue below 0 and amber above.
    """
    kernels = np.nan_to_num(kernels, posinf=0, neginf=0)
    most = float(np.abs(kernels).max()) or 1.0
    if kernels.shape[2] == COLOURS:
        painted = np.rint((0.5 + kernels / (2 * most)) * 255).astype(np.uint8).transpose(3, 0, 1, 2)
    else:
        levels = np.rint(colormap.ZERO + kernels[:, :, 0] / most * (255 - colormap.ZERO)).clip(0, 255)
        painted = colormap.diverging_colormap()[levels.astype(np.uint8).transpose(2, 0, 1)]
    return _laid_out(painted)


def map_sheet(maps: Array) -> Pixels:
    """Draw feature maps, float32 (height, width, units), on one scale from 0 or from below it: RGBA."""
    maps = np.nan_to_num(maps, posinf=0, neginf=0)
    most = float(np.abs(maps).max()) or 1.0
    if maps.min() < 0:
        levels = np.rint(colormap.ZERO + maps / most * (255 - colormap.ZERO)).clip(0, 255)
        table = colormap.diverging_colormap()
    else:
        levels, table = np.rint(maps / most * 255), colormap.sequential_colormap()
    return _laid_out(table[levels.astype(np.uint8).transpose(2, 0, 1)])


def _laid_out(tiles: Pixels) -> Pixels:
    """Lay tiles, uint8 (n, height, width, 3), out in rows: RGBA, transparent between them."""
    count, height, width, _ = tiles.shape
    across = columns_of(count)
    down = ceil(count / across)
    gap = max(1, height // 8)
    sheet = np.zeros((down * across, height + gap, width + gap, 4), np.uint8)
    sheet[:count, :height, :width, :3] = tiles
    sheet[:count, :height, :width, 3] = 255
    rows = sheet.reshape(down, across, height + gap, width + gap, 4).transpose(0, 2, 1, 3, 4)
    return np.asarray(rows.reshape(down * (height + gap), across * (width + gap), 4)[:-gap, :-gap], np.uint8)


def columns_of(count: int) -> int:
    """Say in how many columns `count` tiles stand: about as many as rows, and none is left empty where that can be.

    >>> [columns_of(count) for count in (1, 6, 16, 32, 64, 7)]
    [1, 3, 4, 8, 8, 3]
    """
    least = ceil(sqrt(count))
    return next((across for across in range(least, 2 * least) if count % across == 0), least)


def embedding_picture(places: Array, images: Pixels, labels: Labels, side: int = EMBEDDING_PX) -> Pixels:
    """Lay small pictures where a network sees them, tinted by class: RGBA (side, side, 4).

    Args:
        places: float32 (n, 2) in [0, 1].
        images: uint8 (n, height, width, 1 or 3).
        labels: of the pictures, int64 (n,).
        side: of the picture, in px.
    """
    small = images[:, ::2, ::2].max(axis=3)  # (n, height / 2, width / 2)
    high, wide = small.shape[1:]
    tints = np.frombuffer(bytes.fromhex("".join(CLASS_COLOURS)), np.uint8).reshape(-1, COLOURS)
    sheet = np.zeros((side, side, 4), np.uint8)
    corners = np.rint(places * (side - np.array([wide, high]))).astype(int)
    for (left, top), picture, label in zip(corners, small, labels, strict=True):
        part = sheet[top : top + high, left : left + wide]
        ink = picture > np.maximum(part[..., 3], INK)
        part[ink, :3] = tints[label % len(tints)]
        part[..., 3] = np.where(ink, picture, part[..., 3])
    return sheet


def film_frame(kernels: Array, embedding: Pixels, words: str) -> Image.Image:
    """Draw one moment of the film: kernels, the embedding, and a line of words."""
    film = Image.new("RGB", (2 * EMBEDDING_PX + 3 * MARGIN_PX, EMBEDDING_PX + 4 * MARGIN_PX), "white")
    sheet = Image.fromarray(kernel_sheet(kernels))
    sheet = ImageOps.contain(sheet, (EMBEDDING_PX, EMBEDDING_PX), Image.Resampling.NEAREST)
    seen = Image.fromarray(embedding)
    film.paste(sheet, (MARGIN_PX, 3 * MARGIN_PX), sheet)
    film.paste(seen, (EMBEDDING_PX + 2 * MARGIN_PX, 3 * MARGIN_PX), seen)
    ImageDraw.Draw(film).text((MARGIN_PX, MARGIN_PX // 2), words, "black", ImageFont.load_default(18))
    return film


def film_gif(frames: Sequence[Image.Image]) -> bytes:
    """Join moments to a GIF that repeats, about six seconds long, the last one held."""
    file = BytesIO()
    each = max(40, FILM_MS // len(frames))
    durations = [each] * (len(frames) - 1) + [HOLD_MS]
    frames[0].save(file, "GIF", save_all=True, append_images=list(frames[1:]), duration=durations, loop=0)
    return file.getvalue()


def film_mp4(frames: Sequence[Image.Image]) -> bytes:
    """Join moments to a film as H.264, about six seconds long, the last one held: a tenth of the GIF's bytes."""
    import av  # FFmpeg: not before somebody wants a film

    file, each = BytesIO(), max(40, FILM_MS // len(frames))
    with av.open(file, "w", "mp4") as film:
        stream = film.add_stream("libx264", rate=Fraction(1000, each))
        stream.width, stream.height = (side - side % 2 for side in frames[0].size)  # H.264 halves colours
        stream.pix_fmt = "yuv420p"  # what every browser plays
        for one in (*frames, *[frames[-1]] * (HOLD_MS // each)):
            pixels = np.asarray(one)[: stream.height, : stream.width]
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels))))
        film.mux(stream.encode())
    return file.getvalue()
