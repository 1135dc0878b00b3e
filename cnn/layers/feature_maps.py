"""What the maps of a layer say: where each unit is strongest, in numbers and in words, and between which bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.metrics import localization

PEAKS_PER_UNIT: Final = 3  # strongest places of each unit
TINY: Final = 4  # places on a side
PEAK_DISTANCE: Final = 8  # they are further apart than a share of 1/APART of the map's side
COLOR_SCALES: Final[Mapping[str, str]] = {"unit": "each unit", "layer": "the layer", "network": "the network"}


@dataclass(frozen=True, slots=True)
class ActivationPeak:
    """A strong place of a unit: its row and column in the map, and its value."""

    y: int
    x: int
    value: float


def as_maps(values: Array) -> Array:
    """Give (height, width, units): a row of numbers becomes maps of one place."""
    return values if values.ndim == 3 else values[None, None]


def color_bounds(values: Array) -> tuple[float, float]:
    """Give the ends of a scale that holds all `values`: from 0, or the same on both sides of 0 where some are under 0.

    Returns: (-m, m) or (0, m); m is above 0.
    """
    low, high = float(values.min()), float(values.max())
    most = max(-low, high) or 1.0
    return (-most, most) if low < 0 else (0.0, most)


def unit_color_bounds(maps: Array, whole: Iterable[Array], of: str) -> tuple[tuple[float, float], ...]:
    """Choose the ends of the colour scale, see `color_bounds`.

    Args:
        maps: float32 (height, width, units) of the layer.
        whole: the values of all layers.
        of: key of SCALES: what shares one scale.
    Returns: one pair for all units, or one a unit; all of the same sign.
    """
    if of == "network":
        return (join_color_bounds(color_bounds(values) for values in whole),)
    if of == "layer":
        return (color_bounds(maps),)
    signed = bool(maps.min() < 0)
    most = np.abs(maps).max((0, 1))  # (units,)
    return tuple((-m if signed else 0.0, m) for m in np.where(most > 0, most, 1).tolist())


def join_color_bounds(pairs: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Span several scales."""
    lows, highs = zip(*pairs, strict=True)
    most = max(*highs, *(-low for low in lows))
    return (-most if min(lows) < 0 else 0.0, most)


def most_active_unit(maps: Array) -> int:
    """Name the unit with the greatest value: one far below 0 is silent behind a ReLU."""
    return int(maps.max((0, 1)).argmax())


def find_activation_peaks(maps: Array) -> tuple[tuple[ActivationPeak, ...], ...]:
    """Find the strongest places of each unit, the strongest first; those of value 0 are left out.

    Args:
        maps: float32 (height, width, units).
    Returns: at most SPOTS of each unit, not beside each other.
    """
    height, width, units = maps.shape
    left = np.abs(maps)
    rows, columns = np.arange(height)[:, None, None], np.arange(width)[None, :, None]
    found: list[list[ActivationPeak]] = [[] for _ in range(units)]
    for _ in range(min(PEAKS_PER_UNIT, height * width)):
        best = left.reshape(-1, units).argmax(0)  # (units,)
        y, x = best // width, best % width
        values, open_ = maps[y, x, np.arange(units)], left[y, x, np.arange(units)] > 0
        for unit in np.flatnonzero(open_):
            found[unit].append(ActivationPeak(int(y[unit]), int(x[unit]), float(values[unit])))
        near = (np.abs(rows - y) <= _apart(height)) & (np.abs(columns - x) <= _apart(width))
        left = np.where(near, np.float32(0), left)
    return tuple(map(tuple, found))


def _apart(side: int) -> int:
    """Say how far from a strong place no other is looked for, in places; on tiny maps only the place itself."""
    return max(side // PEAK_DISTANCE, int(side > TINY))


def describe_unit_locations(maps: Array) -> tuple[str, ...]:
    """Say where each unit is strong, in the words of `localization.describe_location`, such as "in the upper left".

    Args:
        maps: float32 (height, width, units); their sign does not count.
    """
    return localization.describe_locations(np.abs(maps))


def describe_peak_location(spot: ActivationPeak, sides: tuple[int, int]) -> str:
    """Say where in a map of height and width `sides` a peak lies, in the words of `describe_unit_locations`."""
    return localization.PLACES[3 * spot.y // sides[0]][3 * spot.x // sides[1]]
