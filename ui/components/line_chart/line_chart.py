"""Curves in one chart: a small drawing of our own, read by mouse, finger, keys, or as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ui.components import register

_component = register.component(__file__, shared=("dom",))

MOST: Final = 400  # points a curve: more cannot be told apart on a screen


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name, its points from left to right, its colour (None for one of its own), a band around it."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    dashed: bool = False
    hue: int | None = None
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn.

    Attributes:
        title: one line above.
        said: what the curves show, in a sentence, for who cannot see them; it stands below the title for all.
        across, up: what the axes measure.
        lines: at least one.
        log: whether the axis upwards counts in powers of ten; what is not above 0 is left out.
        percent: whether the values are shares in [0, 1].
        from_left: whether reading begins at the left, else at the right.
        tall: height in px.
    """

    title: str
    said: str
    across: str
    up: str
    lines: Sequence[Line]
    log: bool = False
    percent: bool = False
    from_left: bool = False
    tall: int = 240


def lines(chart: Chart, key: str) -> None:
    """Show a chart; pointing at it costs no message.

    Args:
        chart: to draw.
        key: of the component, unique on the page.
    """
    drawn = tuple(
        {
            "name": line.name,
            "dashed": line.dashed,
            "hue": place if line.hue is None else line.hue,
            "points": _points(line, chart.log),
            "band": tuple(
                (float(x), float(a), float(b)) for x, a, b in zip(line.xs, line.low, line.high, strict=False)
            ),
        }
        for place, line in enumerate(chart.lines)
    )
    told = {
        name: getattr(chart, name) for name in ("title", "said", "across", "up", "log", "percent", "from_left", "tall")
    }
    _component(
        key=key, data=told | {"lines": drawn}
    )  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py


def _points(line: Line, log: bool) -> tuple[tuple[float, float], ...]:
    """Keep at most MOST points, the last one always."""
    points = [(float(x), float(y)) for x, y in zip(line.xs, line.ys, strict=True) if y > 0 or not log]
    step = max(1, -(-len(points) // MOST))
    return tuple(points[(len(points) - 1) % step :: step])
