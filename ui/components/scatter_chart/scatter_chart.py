"""A small chart: points with their intervals, or bars, on two axes; drawn in the browser without a library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import ceil, floor, log10
from typing import Final

from ui.components import register

_component = register.component(__file__, shared=("dom",))

STEPS: Final = (1.0, 2.0, 5.0, 10.0)  # what the distance of two ticks begins with
MOST_TICKS: Final = 7


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, as a share of its length, and its number in words."""

    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        label: what it measures, with its unit.
        low, high: the numbers at its ends.
        ticks: some places on it.
        logarithmic: equal ways are equal ratios; then `low` is above 0.
    """

    label: str
    low: float
    high: float
    ticks: tuple[Tick, ...]
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Say where a number lies, as a share of the length in [0, 1]."""
        scale = log10 if self.logarithmic else float
        low, high = scale(self.low), scale(self.high)
        return min(1.0, max(0.0, (scale(value) - low) / (high - low)))


@dataclass(frozen=True, slots=True)
class Dot:
    """A point: its places, the ends of its interval, its name, and all of it in words."""

    x: float
    y: float
    low: float
    high: float
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the ground: its sides and its height as shares, and all of it in words."""

    left: float
    right: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn.

    Attributes:
        x, y: the axes.
        spoken: what it shows, for who cannot see it.
        caption: one or two lines below.
        dots, bars: where they lie on the axes, as shares.
        diagonal: draw a line from corner to corner.
        square: as high as it is wide.
    """

    x: Axis
    y: Axis
    spoken: str
    caption: str = ""
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()
    diagonal: bool = False
    square: bool = False


def chart(shown: Chart, key: str) -> None:
    """Show it."""
    data = asdict(shown)
    data["axes"] = (data.pop("x"), data.pop("y"))  # in a tuple: for a bare dict Streamlit would load pandas
    _component(key=key, data=data)


def even(label: str, values: Sequence[float], write: Callable[[float], str]) -> Axis:
    """Make an axis of equal steps around `values`, with room at both ends."""
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or max(abs(high), 1e-9) * 0.05
    low, high = low - room, high + room
    step = _step(high - low)
    marks = [number * step for number in range(ceil(low / step), floor(high / step) + 1)]
    ticks = tuple(Tick((mark - low) / (high - low), write(mark)) for mark in marks)
    return Axis(label, low, high, ticks)


def _step(length: float) -> float:
    size = 10.0 ** floor(log10(length / MOST_TICKS))
    return next(size * first for first in STEPS if length / (size * first) <= MOST_TICKS)


def ratios(label: str, values: Sequence[float], write: Callable[[float], str]) -> Axis:
    """Make a logarithmic axis around `values`, all above 0, from one whole tick to another."""
    marks = [first * 10.0**power for power in range(-6, 14) for first in (1, 2, 5)]
    low = max(mark for mark in marks if mark <= min(values) * 0.9)
    high = min(mark for mark in marks if mark >= max(values) * 1.1)
    between = [mark for mark in marks if low <= mark <= high]
    every = ceil(len(between) / MOST_TICKS)
    plain = Axis(label, low, high, (), logarithmic=True)
    ticks = tuple(Tick(plain.place(mark), write(mark)) for mark in between[::every])
    return Axis(label, low, high, ticks, logarithmic=True)
