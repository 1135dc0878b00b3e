"""Flags as small pictures of our own: an emoji flag needs a font that many machines lack."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from math import cos, pi, sin
from typing import Final

WIDTH, HEIGHT = 30, 20  # units of the drawings


def _star(x: float, y: float, radius: float, colour: str, turned: float = 0.0) -> str:
    """Draw a star of five points, its first one up when `turned` is 0 (radians)."""
    ends = ((radius if i % 2 == 0 else 0.38 * radius, turned + pi * i / 5) for i in range(10))
    points = " ".join(f"{x + r * sin(angle):.2f},{y - r * cos(angle):.2f}" for r, angle in ends)
    return f'<polygon points="{points}" fill="{colour}"/>'


def _united_states() -> str:
    tall, colours = HEIGHT / 13, ("#b22234", "#fff")
    stripes = "".join(
        f'<rect y="{tall * i:.2f}" width="30" height="{tall:.2f}" fill="{colours[i % 2]}"/>' for i in range(13)
    )
    stars = "".join(
        _star(1.4 + 2.3 * column, 1.5 + 1.95 * row, 0.75, "#fff") for row in range(5) for column in range(5)
    )
    return f'{stripes}<rect width="12" height="10.77" fill="#3c3b6e"/>{stars}'


def _canada() -> str:
    leaf = (
        "M15 2.6 16.4 5.3 18.2 4.4 17.5 8 19.6 5.9 20.2 7.2 22.4 6.8 21.6 8.9 22.7 9.4 19.2 12.3 19.6 13.5 15.4 13 "
        "15.5 17h-1L14.6 13 10.4 13.5 10.8 12.3 7.3 9.4 8.4 8.9 7.6 6.8 9.8 7.2 10.4 5.9 12.5 8 11.8 4.4 13.6 5.3z"
    )
    bars = '<rect width="7.5" height="20" fill="#d80621"/><rect x="22.5" width="7.5" height="20" fill="#d80621"/>'
    return f'<rect width="30" height="20" fill="#fff"/>{bars}<path d="{leaf}" fill="#d80621"/>'


def _united_kingdom() -> str:
    return (
        '<rect width="30" height="20" fill="#012169"/>'
        '<path d="M0 0 30 20M30 0 0 20" stroke="#fff" stroke-width="4"/>'
        '<path d="M0 0 30 20M30 0 0 20" stroke="#c8102e" stroke-width="1.4"/>'
        '<path d="M15 0V20M0 10H30" stroke="#fff" stroke-width="6.6"/>'
        '<path d="M15 0V20M0 10H30" stroke="#c8102e" stroke-width="4"/>'
    )


def _china() -> str:
    small = ((10, 2, 0.54), (12, 4, 0.95), (12, 7, 0.0), (10, 9, 0.4))  # x, y, turn
    stars = _star(5, 5, 3, "#ffde00") + "".join(_star(x, y, 1, "#ffde00", turn) for x, y, turn in small)
    return f'<rect width="30" height="20" fill="#de2910"/>{stars}'


FLAGS: Final[Mapping[str, str]] = {  # country -> the inside of its drawing
    "US": _united_states(),
    "CA": _canada(),
    "GB": _united_kingdom(),
    "CN": _china(),
}


def flag_uri(code: str) -> str:
    """Give a country's flag as a data URI.

    Args:
        code: the country's two letters, one of FLAGS.
    """
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{FLAGS[code]}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
