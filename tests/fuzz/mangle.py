"""Mangled values and texts, each made again from its seed alone; files are damaged by `tests.support.mutate`."""

from __future__ import annotations

import math
from copy import deepcopy
from random import Random
from typing import Any, Final

# fmt: off
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1, 2**53, -(2**63), 10**400, 0.5, -0.0, math.nan, math.inf, 1e308, 5e-324,
    "", "0", "\0", "x" * 9_999, "1" * 5_000, "٣", "\ud800", "../../etc/passwd", "<script>", "![](https://evil.example)",
    [], [[]], {}, {"": None}, (), b"",
)
PIECES: Final = (
    "", "0", "-1", "9" * 5_000, "٣", "\0", "\n", "%00", "%2e%2e/", "../", "\\", "//", ":", "@", "#", "?", "&", "=",
    "[", "]", "::1", "127.0.0.1", "0x7f000001", "2130706433", "localhost", "ﬁ", "\u202e", "é", "💥", "\ud800",
    "a" * 3_000, "http://", "file:///etc/passwd", "gopher://", "data:,x", "--", "-", "*", "'", '"', "`", "{{", "$(id)",
    ";", ",", ".", " ",
)
# fmt: on


def mangled_value(value: Any, random: Random) -> Any:
    """Change a JSON-like value in one to three places: to something odd, to one more of the same, or to nothing."""
    made = [deepcopy(value)]
    for _ in range(random.choice((1, 1, 2, 3))):
        holder, key = made, 0
        while isinstance(holder[key], list | dict) and holder[key] and random.random() < 0.7:
            holder = holder[key]
            key = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
        way = random.random()
        if way < 0.6:
            holder[key] = deepcopy(random.choice(ODD))
        elif way < 0.8 and isinstance(holder[key], list):
            holder[key] = holder[key] * random.choice((0, 2, 300))
        elif isinstance(holder, dict):
            holder[random.choice(("", "unit", "\0", "turn"))] = holder.pop(key)
        if not isinstance(made[0], list | dict):
            break
    return made[0]


def mangled_text(text: str, random: Random) -> str:
    """Cut, repeat, shuffle and spike a text."""
    for _ in range(random.choice((1, 1, 2, 4))):
        place, end = sorted((random.randrange(len(text) + 1), random.randrange(len(text) + 1)))
        text = random.choice(
            (
                text[:place] + random.choice(PIECES) + text[place:],
                text[:place] + random.choice(PIECES) + text[end:],
                text[:place] + text[end:],
                text[:place] + text[place:end] * 3 + text[end:],
                text[:place] + chr(random.choice((random.randrange(128), random.randrange(0x11_0000)))) + text[end:],
                text[end:] + text[:end],
            )
        )[:20_000]
    return text
