"""Ten digits as a person draws them on the canvas, in canvas units; not those the networks learned from."""

from collections.abc import Iterator, Mapping
from typing import Final

Point = tuple[float, float]
Strokes = tuple[tuple[Point, ...], ...]

DIGITS: Final[Mapping[int, Strokes]] = {
    0: (
        (
            (252, 72),
            (204, 84),
            (180, 144),
            (180, 216),
            (204, 276),
            (252, 288),
            (300, 264),
            (312, 204),
            (312, 132),
            (288, 84),
            (252, 72),
        ),
    ),
    1: (((216, 108), (252, 72), (252, 288)),),
    2: (((180, 120), (204, 84), (252, 72), (300, 96), (300, 144), (264, 204), (180, 288), (324, 288)),),
    3: (
        (
            (180, 96),
            (228, 72),
            (288, 84),
            (300, 132),
            (264, 168),
            (228, 174),
            (276, 192),
            (312, 228),
            (288, 276),
            (228, 288),
            (180, 264),
        ),
    ),
    4: (((216, 72), (180, 204), (312, 204)), ((276, 120), (264, 300))),
    5: (((204, 84), (192, 168), (252, 156), (300, 192), (300, 252), (252, 288), (180, 276)), ((204, 84), (312, 78))),
    6: (((288, 72), (228, 120), (192, 204), (204, 264), (252, 288), (300, 264), (300, 216), (252, 192), (204, 216)),),
    7: (((168, 84), (312, 84), (264, 168), (228, 288)), ((204, 180), (300, 180))),
    8: (
        (
            (288, 108),
            (240, 72),
            (192, 108),
            (216, 156),
            (276, 192),
            (300, 240),
            (252, 288),
            (192, 252),
            (216, 204),
            (276, 156),
            (288, 108),
        ),
    ),
    9: (((300, 108), (252, 72), (192, 96), (192, 156), (240, 180), (294, 144), (300, 96), (300, 192), (276, 300)),),
}


def arrows(start: tuple[int, int], end: tuple[int, int]) -> Iterator[str]:
    """Walk on a grid from `start` to `end`, as straight as arrow keys allow."""
    x, y = start
    wide, high = abs(end[0] - x), abs(end[1] - y)
    right = "ArrowRight" if end[0] > x else "ArrowLeft"
    down = "ArrowDown" if end[1] > y else "ArrowUp"
    across = along = 0
    while across < wide or along < high:
        if along >= high or (across < wide and across * high <= along * wide):
            across += 1
            yield right
        else:
            along += 1
            yield down
