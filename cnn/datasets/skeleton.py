"""Filled shapes -> the lines a pen would have drawn: thinned to one pixel, traced, with few points."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array

Mask = npt.NDArray[np.bool_]
Line = Array  # (points, 2), x and y
Pixel = tuple[int, int]

RING: Final = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # P2 to P9, from north clockwise
STRAIGHT: Final = -0.75  # cosine between two line ends: below it a pen would have gone straight on
AHEAD_PX: Final = 6  # along a line, to see where it goes


def skeletonize(masks: Mask) -> Mask:
    """Peel the edges of filled shapes away until lines of one pixel are left.

    Args:
        masks: (n, height, width).
    Returns: (n, height, width).
    Source: Zhang & Suen 1984, A fast parallel algorithm for thinning digital patterns.
    """
    shapes = np.pad(masks, ((0, 0), (1, 1), (1, 1)))
    inner = shapes[:, 1:-1, 1:-1]
    tables, active = _removable(), np.arange(len(shapes))
    while len(active):
        changed = np.zeros(len(active), bool)
        for table in tables:
            gone = table[_neighbour_codes(shapes[active])] & inner[active]
            inner[active] &= ~gone
            changed |= gone.any(axis=(1, 2))
        active = active[changed]
    return inner


def _removable() -> tuple[Mask, Mask]:
    """Tabulate for the 256 surroundings whether a pixel goes, in either half step: (256,) each."""
    ring = (np.arange(256)[:, None] >> np.arange(8)) & 1
    p2, _, p4, _, p6, _, p8, _ = ring.T
    count, rises = ring.sum(axis=1), ((ring == 0) & (np.roll(ring, -1, axis=1) == 1)).sum(axis=1)
    edge = (count >= 2) & (count <= 6) & (rises == 1)
    return edge & (p2 * p4 * p6 == 0) & (p4 * p6 * p8 == 0), edge & (p2 * p4 * p8 == 0) & (p2 * p6 * p8 == 0)


def _neighbour_codes(shapes: Mask) -> npt.NDArray[np.uint8]:
    """Say in eight bits which neighbours of each inner pixel are set."""
    height, width = shapes.shape[1:]
    codes = np.zeros((len(shapes), height - 2, width - 2), np.uint8)
    for bit, (down, right) in enumerate(RING):
        codes |= shapes[:, 1 + down : height - 1 + down, 1 + right : width - 1 + right].astype(np.uint8) << bit
    return codes


def trace_skeleton(skeleton: Mask, spur: int, tolerance: float) -> list[Line]:
    """Follow the lines of a skeleton, straight on where they cross.

    Args:
        skeleton: (height, width), from `skeletonize`.
        spur: a side branch of fewer px is left out: thinning makes them at corners.
        tolerance: in px, how far a line may pass from a point that is left out.
    Returns: float32 (points, 2) each, x and y in px.
    """
    pixels = {(int(row), int(column)) for row, column in np.argwhere(skeleton)}
    paths = _paths({pixel: _neighbours(pixel, pixels) for pixel in pixels})
    tips = Counter(tip for path in paths for tip in (path[0], path[-1]))
    loose = [len(path) < spur and (tips[path[0]] == 1) != (tips[path[-1]] == 1) for path in paths]
    lines = [np.array(path, np.float32)[:, ::-1] for path, short in zip(paths, loose, strict=True) if not short]
    return [simplify_line(line, tolerance) for line in _straight_on(lines)]


def _neighbours(pixel: Pixel, pixels: set[Pixel]) -> list[Pixel]:
    """List what a pixel touches; over a corner only where no side leads there."""
    row, column = pixel
    return [
        (row + down, column + right)
        for down, right in RING
        if (row + down, column + right) in pixels
        and not (down and right and ((row + down, column) in pixels or (row, column + right) in pixels))
    ]


def _paths(near: dict[Pixel, list[Pixel]]) -> list[list[Pixel]]:
    """Walk from each end and crossing to the next, then round the loops that have neither."""
    nodes = sorted(pixel for pixel, others in near.items() if len(others) != 2)
    starts = [(node, first) for node in nodes for first in near[node]]
    paths, walked = [[node] for node in nodes if not near[node]], set[tuple[Pixel, Pixel]]()
    for node, first in starts:
        if (node, first) not in walked:
            path = _walk(near, node, first)
            walked.add((path[-1], path[-2]))
            paths.append(path)
    left = set(near) - {pixel for path in paths for pixel in path}
    for pixel in sorted(left):
        if pixel in left:
            paths.append(_walk(near, pixel, near[pixel][0]))
            left -= set(paths[-1])
    return paths


def _walk(near: dict[Pixel, list[Pixel]], start: Pixel, first: Pixel) -> list[Pixel]:
    path = [start, first]
    while len(near[path[-1]]) == 2 and path[-1] != start:
        one, other = near[path[-1]]
        path.append(other if one == path[-2] else one)
    return path


def _straight_on(lines: list[Line]) -> list[Line]:
    """Join lines at crossings, the straightest pair first, as a pen goes over another line."""
    while best := _straightest(lines):
        (i, from_start), (j, to_start) = best
        first = lines[i][::-1] if from_start else lines[i]
        second = lines[j] if to_start else lines[j][::-1]
        others = [line for k, line in enumerate(lines) if k not in (i, j)]
        lines = [*others, np.vstack([first, second[1:]])]
    return lines


End = tuple[int, bool]  # which line, and whether its start


def _straightest(lines: list[Line]) -> tuple[End, End] | None:
    """Find the two ends at one place that continue each other best; None where none do."""
    ends: dict[tuple[float, float], list[tuple[End, Line]]] = {}
    for i, line in enumerate(lines):
        for start in (True, False) if len(line) > 1 else ():
            way = line if start else line[::-1]
            ahead = way[min(AHEAD_PX, len(way) - 1)] - way[0]
            ends.setdefault((float(way[0, 0]), float(way[0, 1])), []).append(
                ((i, start), ahead / max(float(np.hypot(*ahead)), 1e-6))
            )
    pairs = [
        (float(one @ other), end, last)
        for meeting in ends.values()
        for k, (end, one) in enumerate(meeting)
        for last, other in meeting[:k]
        if end[0] != last[0]
    ]
    if not pairs or min(pairs)[0] >= STRAIGHT:
        return None
    return min(pairs)[1:]


def simplify_line(line: Line, tolerance: float) -> Line:
    """Keep the points that a line cannot do without.

    Source: Douglas & Peucker 1973.
    """
    keep = np.zeros(len(line), bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        part, chord = line[first : last + 1] - line[first], line[last] - line[first]
        length = float(np.hypot(*chord))
        away = np.abs(chord[0] * part[:, 1] - chord[1] * part[:, 0]) / length if length else np.hypot(*part.T)
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            keep[first + farthest] = True
            spans += [(first, first + farthest), (first + farthest, last)]
    return line[keep]
