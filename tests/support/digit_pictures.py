"""Pictures of digits as people take them, each kind with its own trouble: for tests and for the bench.

A kind is a function of the label and of a generator of random numbers: it chooses hand, pen, shades, place and tilt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn.array_types import Array, Pixels
from cnn.datasets.synthetic_handwriting import write_digit
from cnn.preprocessing.rasterize import fit_strokes, rasterize_strokes, smooth_strokes

Random = np.random.Generator
Kind = Callable[[int, Random], Pixels]

LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
PAPERS = ((255, 255, 255), (244, 244, 238), (235, 238, 242), (246, 236, 190), (225, 222, 214))
INKS = ((20, 20, 25), (30, 30, 60), (25, 45, 140), (70, 70, 72), (150, 30, 35), (15, 90, 60))
RULES = ((170, 180, 200), (90, 120, 190), (60, 70, 140), (40, 40, 50), (215, 150, 150))
DESKS = ((20, 20, 24), (60, 40, 30), (95, 60, 35), (140, 140, 145), (190, 150, 105), (40, 60, 90), (60, 110, 70))
SKINS = ((240, 200, 175), (198, 134, 100), (90, 56, 40))


def ink(label: int, random: Random, height: int, width: int, share: float) -> Array:
    """Write a digit that is `share` of the shorter side, somewhere near the middle: float32 (height, width)."""
    size = min(height, width)
    long = share * size
    pen = max(1.5, long * random.uniform(0.07, 0.13))
    square = rasterize_strokes(fit_strokes(smooth_strokes(write_digit(label, random)), long - pen, size), pen, size)
    room = (size - long) / 3
    square = np.roll(square, random.uniform(-room, room, 2).astype(int), (0, 1))
    result = np.zeros((height, width), np.float32)
    top, left = random.integers(height - size + 1), random.integers(width - size + 1)
    result[top : top + size, left : left + size] = square
    return result


def cropped(picture: Array) -> Array:
    """Cut away all rows and columns without ink."""
    rows, columns = np.flatnonzero(picture.max(axis=1) > 0.3), np.flatnonzero(picture.max(axis=0) > 0.3)
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def plain(label: int, random: Random) -> Pixels:
    height, width = _size(random)
    return _photo(_laid(_paper(height, width, random), ink(label, random, height, width, 0.6), INKS, random), random)


def sheet(label: int, random: Random) -> Pixels:
    """Lay a sheet on a desk with grain, turned by up to 10 degrees; 10 to 100 px of the desk are seen."""
    height, width = _size(random)
    page = _laid(_paper(height, width, random), ink(label, random, height, width, 0.5), INKS, random)
    return _photo(_on_desk(page, random), random)


def reaching(label: int, random: Random) -> Pixels:
    """Photograph a sheet that reaches out of the picture, but for a desk at one or two of its sides."""
    height, width = _size(random)
    page = _laid(_paper(height, width, random), ink(label, random, height, width, 0.35), INKS, random)
    return _photo(_beside_desk(page, random), random)


def ruled(label: int, random: Random) -> Pixels:
    height, width = _size(random)
    page = _laid(_paper(height, width, random), _rules(height, width, random), RULES, random)
    return _photo(_laid(page, ink(label, random, height, width, 0.55), INKS, random), random)


def squared(label: int, random: Random) -> Pixels:
    height, width = _size(random)
    page = _laid(_paper(height, width, random), _rules(height, width, random, squared=True), RULES, random)
    return _photo(_laid(page, ink(label, random, height, width, 0.55), INKS, random), random)


def squared_sheet(label: int, random: Random) -> Pixels:
    """Lay a sheet of fine squares on a desk: most of the ink lies on or beside a printed line."""
    height, width = _size(random)
    page = _laid(_paper(height, width, random), _rules(height, width, random, squared=True, finer=2), RULES, random)
    return _photo(_on_desk(_laid(page, ink(label, random, height, width, 0.55), INKS, random), random), random)


def box(label: int, random: Random) -> Pixels:
    """Print a box around the digit: closed, without one side, or with a gap in it."""
    height, width = _size(random)
    middle, half = np.array([width, height]) / 2, min(height, width) * random.uniform(0.36, 0.46)
    turn = np.deg2rad(random.uniform(-5, 5) * (random.random() < 0.5))
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * half
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) @ turned + middle
    sides = [corners[i : i + 2] for i in range(4)]
    broken, way = random.integers(4), random.integers(3)
    if way:
        first, last = sides.pop(broken)
        sides += [np.array([first, 0.7 * first + 0.3 * last]), np.array([0.3 * first + 0.7 * last, last])] * int(
            way == 1
        )
    longer = max(height, width)
    lines = rasterize_strokes([side.astype(np.float32) for side in sides], random.uniform(1.5, 0.02 * half), longer)
    page = _laid(_paper(height, width, random), lines[:height, :width], RULES[1:], random)
    written = np.zeros((height, width), np.float32)
    size = int(1.6 * half)
    top, left = (height - size) // 2, (width - size) // 2
    written[top : top + size, left : left + size] = ink(label, random, size, size, 0.75)
    return _photo(_laid(page, written, INKS, random), random)


def small(label: int, random: Random) -> Pixels:
    """Write 3 to 10 % of a page's height high."""
    height, width = 1414, 1000
    share = random.uniform(0.03, 0.1) * height
    written = np.zeros((height, width), np.float32)
    size = int(share / 0.8)
    top, left = random.integers(20, height - size - 20), random.integers(20, width - size - 20)
    written[top : top + size, left : left + size] = ink(label, random, size, size, 0.8)
    return _photo(_laid(_paper(height, width, random), written, INKS[:3], random), random, noise=1)


def tight(label: int, random: Random) -> Pixels:
    """Cut to the ink, 16 to 64 px a side, dark on light or light on dark."""
    picture = cropped(ink(label, random, 160, 160, 0.9))
    share = random.uniform(16, 64) / max(picture.shape)
    return _grey(_resized(picture, share, share), random)


def postal(label: int, random: Random) -> Pixels:
    """Fill 16x16 px, as scans of addresses come."""
    picture = cropped(ink(label, random, 160, 160, 0.9))
    high, wide = 16 / picture.shape[0], 16 / picture.shape[1]
    return _grey(_resized(picture, high, min(wide, 1.25 * high)), random)


def colour(label: int, random: Random) -> Pixels:
    """Choose ink and paper of another colour and the same luma."""
    height, width = _size(random)
    while True:
        paper, pen = random.uniform(20, 235, (2, 3))
        if abs((paper - pen) @ LUMA) < 2 and np.linalg.norm(paper - pen) > 90:
            break
    written = ink(label, random, height, width, 0.6)
    return _photo(_laid(np.ones((height, width, 3)) * paper, written, (tuple(pen),), random), random)


def stacked(label: int, random: Random) -> Pixels:
    """Write the digit, and the next one under it."""
    written = np.vstack([ink((label + i) % 10, random, 200, 240, 0.75) for i in range(2)])
    return _photo(_laid(_paper(400, 240, random), written, INKS, random), random)


def shadow(label: int, random: Random) -> Pixels:
    """Let a shadow with a hard edge fall on the page."""
    height, width = _size(random)
    page = _laid(_paper(height, width, random), ink(label, random, height, width, 0.55), INKS[:2], random)
    return _photo(_shaded(page, random), random)


def blank_shadow(_: int, random: Random) -> Pixels:
    return _photo(_shaded(_paper(*_size(random), random), random), random)


def blank_sheet(_: int, random: Random) -> Pixels:
    return _photo(_on_desk(_paper(*_size(random), random), random), random)


def blank_reaching(_: int, random: Random) -> Pixels:
    return _photo(_beside_desk(_paper(*_size(random), random), random), random)


def blank_ruled(_: int, random: Random) -> Pixels:
    height, width = _size(random)
    page = _laid(_paper(height, width, random), _rules(height, width, random), RULES, random)
    return _photo(page, random)


def blank_squared(_: int, random: Random) -> Pixels:
    height, width = _size(random)
    page = _vignetted(_paper(height, width, random), random)
    return _photo(_laid(page, _rules(height, width, random, squared=True, finer=1.5), RULES, random), random)


def blank_vignette(_: int, random: Random) -> Pixels:
    """Photograph bare paper by a lens, or a lamp, that leaves its corners dark."""
    return _photo(_vignetted(_paper(*_size(random), random), random), random)


def thumb(_: int, random: Random) -> Pixels:
    """Hold a blank page with a thumb at its edge."""
    page = _paper(*_size(random), random)
    height, width = page.shape[:2]
    y, x = np.mgrid[:height, :width]
    wide = random.uniform(0.05, 0.1) * width
    across, down = (x - random.uniform(0.2, 0.8) * width) / wide, y / (wide * random.uniform(1.5, 3.5))
    reach = (across**2 + down**2)[..., None]
    cover = np.clip((1 - reach) * 8, 0, 1)
    page = page * (1 - cover) + np.array(SKINS[random.integers(len(SKINS))]) * (1 - 0.2 * np.clip(reach, 0, 1)) * cover
    return _photo(np.rot90(page, random.integers(4)), random)


READ: Final[Mapping[str, Kind]] = {
    "plain": plain,
    "sheet": sheet,
    "part of a sheet": reaching,
    "ruled": ruled,
    "squared": squared,
    "fine squares on a desk": squared_sheet,
    "box": box,
    "small": small,
    "tight": tight,
    "postal": postal,
    "colour": colour,
    "shadow": shadow,
}
EMPTY: Final[Mapping[str, Kind]] = {
    "shadow": blank_shadow,
    "sheet": blank_sheet,
    "part of a sheet": blank_reaching,
    "rules": blank_ruled,
    "squares": blank_squared,
    "dark corners": blank_vignette,
    "thumb": thumb,
}


def _size(random: Random) -> tuple[int, int]:
    return int(random.integers(240, 420)), int(random.integers(240, 420))


def _paper(height: int, width: int, random: Random) -> npt.NDArray[np.float64]:
    """Make paper in light that falls off to one side."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    turn = random.uniform(0, 2 * np.pi)
    light = 1 - random.uniform(0, 0.12) * (1 + x * np.cos(turn) + y * np.sin(turn))
    return np.array(PAPERS[random.integers(len(PAPERS))]) * light[..., None]


def _laid(
    page: npt.NDArray[np.floating],
    written: Array,
    colours: tuple[tuple[float, ...], ...],
    random: Random,
) -> npt.NDArray[np.float64]:
    chosen = np.array(colours[random.integers(len(colours))])
    return page * (1 - written[..., None]) + chosen * page.max() / 255 * written[..., None]


def _vignetted(page: npt.NDArray[np.float64], random: Random) -> npt.NDArray[np.float64]:
    y, x = np.mgrid[-1 : 1 : page.shape[0] * 1j, -1 : 1 : page.shape[1] * 1j]
    return page * (1 - random.uniform(0.05, 0.3) * (x**2 + y**2) / 2)[..., None]


def _rules(height: int, width: int, random: Random, squared: bool = False, finer: float = 1) -> Array:
    y, x = np.mgrid[:height, :width]
    tilt = np.deg2rad(random.uniform(1, 8) * random.choice([-1, 1]))
    pitch, thick = random.uniform(0.08, 0.2) * height / finer, random.uniform(0.8, 2.5)
    along = [y * np.cos(tilt) - x * np.sin(tilt), y * np.sin(tilt) + x * np.cos(tilt)][: 1 + squared]
    from_line = np.min([np.abs((way + random.uniform(0, pitch)) % pitch - pitch / 2) for way in along], axis=0)
    return np.asarray(np.clip(thick / 2 + 0.5 - from_line, 0, 1), np.float32)


def _beside_desk(page: npt.NDArray[np.float64], random: Random) -> npt.NDArray[np.float64]:
    """Lay a desk along one side of the page, or along two that meet or face each other, all turned by one angle."""
    height, width = page.shape[:2]
    y, x = np.mgrid[:height, :width] - np.array([height, width])[:, None, None] / 2
    turn = np.deg2rad(random.uniform(-10, 10) * (random.random() < 0.7))
    along, down = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    ways = [(down, height), (along, width), (-down, height), (-along, width)]
    first, second = random.integers(4), random.integers(1, 4)
    cover = np.ones((height, width))
    for way, long in (ways[first], ways[(first + second) % 4])[: random.integers(1, 3)]:
        cover = cover * np.clip(way + (0.5 - random.uniform(0.08, 0.25)) * long, 0, 1)
    return _over_desk(page, cover[..., None], random)


def _on_desk(page: npt.NDArray[np.float64], random: Random) -> npt.NDArray[np.float64]:
    rim, turn = int(random.uniform(10, 100)), random.uniform(-10, 10) * (random.random() < 0.7)
    opaque = np.dstack([page, np.full(page.shape[:2], 255)]).astype(np.uint8)
    cover = Image.fromarray(np.pad(opaque, ((rim, rim), (rim, rim), (0, 0))))
    laid = np.asarray(cover.rotate(turn, Image.Resampling.BICUBIC, expand=rim > 20), np.float64)
    return _over_desk(laid[..., :3], laid[..., 3:] / 255, random)


def _over_desk(
    page: npt.NDArray[np.float64], cover: npt.NDArray[np.float64], random: Random
) -> npt.NDArray[np.float64]:
    """Let a desk with grain be seen where the page does not cover it: (height, width, 3)."""
    height, width = page.shape[:2]
    tone = np.median(page[cover[..., 0] > 0.5], axis=0)
    apart = [desk for desk in DESKS if np.abs(np.array(desk) - tone).max() > 40]
    grain = np.repeat(random.normal(0, random.uniform(0, 8), (height, width // 16 + 1)), 16, axis=1)
    desk = np.array(apart[random.integers(len(apart))]) + grain[:, :width, None]
    return np.asarray(desk * (1 - cover) + page * cover)


def _shaded(page: npt.NDArray[np.float64], random: Random) -> npt.NDArray[np.float64]:
    y, x = np.mgrid[-1 : 1 : page.shape[0] * 1j, -1 : 1 : page.shape[1] * 1j]
    turn = random.uniform(0, 2 * np.pi)
    edge = (x * np.cos(turn) + y * np.sin(turn) - random.uniform(-0.5, 0.5)) * page.shape[0] / random.choice([2, 6])
    return np.asarray(page * (1 - random.uniform(0.3, 0.55) / (1 + np.exp(-np.clip(edge, -30, 30))))[..., None])


def _photo(page: npt.NDArray[np.floating], random: Random, noise: float = 2) -> Pixels:
    grain = random.normal(0, random.uniform(0, noise), page.shape[:2])[..., None]
    return np.clip(np.rint(page + grain), 0, 255).astype(np.uint8)


def _grey(written: Array, random: Random) -> Pixels:
    low, high = random.uniform(0, 60), random.uniform(190, 255)
    ground, pen = (low, high) if random.random() < 0.5 else (high, low)
    return np.clip(np.rint(ground + (pen - ground) * written), 0, 255).astype(np.uint8)


def _resized(picture: Array, high: float, wide: float) -> Array:
    size = max(3, round(picture.shape[1] * wide)), max(3, round(picture.shape[0] * high))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX), np.float32)
