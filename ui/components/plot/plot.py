"""Curves, dots with their intervals, or bars on two axes: read by mouse, finger and keys, spoken, or as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from ui.components import register

_component = register.register_component(__file__, shared=("keys", "numbers"), own=("axes",))

MAX_CURVE_POINTS: Final = 400  # points a curve: more cannot be told apart on a screen
AxisFit = Literal["ends", "zero", "share", "room", "powers", "ratios"]
NumberForm = Literal["number", "percent", "points", "amount"]
LOGARITHMIC: Final = ("powers", "ratios")


@dataclass(frozen=True, slots=True)
class PlotAxis:
    """One axis; the browser works out its ticks, for they depend on the room there is.

    Attributes:
        label: what it measures, with its unit.
        fit: where it begins and ends: at the values' own "ends"; at "zero", or below; with some "room" around them;
            "share", from 0 to 1; logarithmic from one of the "powers" of ten to another; logarithmic around them, with
            ticks 1, 2 and 5 at equal "ratios". What is not above 0 has no place on the logarithmic ones.
        form: how its numbers are written: `number`, `percent`, `points` or `amount` of `_shared/numbers.js`.
        ticks: instead of the browser's own.
    """

    label: str
    fit: AxisFit = "ends"
    form: NumberForm = "number"
    ticks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PlotLine:
    """One curve: its name, its points from left to right, its colour (None for one of its own), a band around it."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    dashed: bool = False
    hue: int | None = None
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class PlotDot:
    """A point: its place, the ends of its interval upwards, its name, and all of it in words."""

    x: float
    y: float
    low: float
    high: float
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PlotBar:
    """A bar from the ground: its sides, its height, and all of it in words."""

    low: float
    high: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: curves, or dots, or bars.

    Attributes:
        x, y: the axes.
        title, said: one line above, and a sentence on what is seen; "" for none.
        caption: one or two lines below.
        spoken: its name for who cannot see it, where there is no title.
        lines, dots, bars: at least one of one kind.
        table: the dots in words, a row each after a row of heads; curves make their own, and bars have none.
        diagonal: draw a line from corner to corner.
        from_left: whether reading curves begins at the left, else at the right.
        tall: height in px; 0: half the width, within bounds.
        square: as high as it is wide.
    """

    x: PlotAxis
    y: PlotAxis
    title: str = ""
    said: str = ""
    caption: str = ""
    spoken: str = ""
    lines: tuple[PlotLine, ...] = ()
    dots: tuple[PlotDot, ...] = ()
    bars: tuple[PlotBar, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    diagonal: bool = False
    from_left: bool = False
    tall: int = 240
    square: bool = False


def render_plot(shown: Plot, key: str) -> None:
    """Show it; pointing at it costs no message.

    Args:
        shown: what to draw.
        key: of the component, unique on the page.
    """
    told = ("title", "said", "caption", "spoken", "table", "diagonal", "from_left", "tall", "square")
    drawn = {
        "axes": (asdict(shown.x), asdict(shown.y)),  # in a tuple: for a bare dict Streamlit would load pandas
        "lines": tuple(_line(line, place, shown.y) for place, line in enumerate(shown.lines)),
        "dots": tuple(map(asdict, shown.dots)),
        "bars": tuple(asdict(bar) | {"x": (bar.low + bar.high) / 2} for bar in shown.bars),
    }
    _component(key=key, data={name: getattr(shown, name) for name in told} | drawn)


def _line(line: PlotLine, place: int, y: PlotAxis) -> Mapping[str, object]:
    band = zip(line.xs, line.low, line.high, strict=False)
    return {
        "name": line.name,
        "dashed": line.dashed,
        "hue": place if line.hue is None else line.hue,
        "points": _points(line, y.fit in LOGARITHMIC),
        "band": tuple((float(x), float(low), float(high)) for x, low, high in band),
    }


def _points(line: PlotLine, log: bool) -> tuple[tuple[float, float], ...]:
    """Keep at most MOST points, the last one always."""
    points = [(float(x), float(y)) for x, y in zip(line.xs, line.ys, strict=True) if y > 0 or not log]
    step = max(1, -(-len(points) // MAX_CURVE_POINTS))
    return tuple(points[(len(points) - 1) % step :: step])
