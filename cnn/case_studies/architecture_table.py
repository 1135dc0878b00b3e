"""Networks row by row, with the shape and the cost of each row. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

RowKind = Literal["input", "conv", "pool", "block", "dense"]
RowShape = tuple[int, int, int]  # height, width, maps


@dataclass(frozen=True, slots=True)
class ArchitectureRow:
    """One row of a diagram.

    Attributes:
        title: such as "conv 5x5".
        kind: what is drawn.
        shape: (height, width, maps) of what leaves it; a vector is (1, 1, length).
        parameters, multiply_adds: of the row, all repeats together.
        note: what else there is to say, in a few words.
        branches: what runs side by side inside, whose maps are joined; () where nothing does.
        shortcut: whether what comes in is added to what comes out.
        repeats: how many times the row stands there.
    """

    title: str
    kind: RowKind
    shape: RowShape
    parameters: int = 0
    multiply_adds: int = 0
    note: str = ""
    branches: tuple[str, ...] = ()
    shortcut: bool = False
    repeats: int = 1


ArchitectureTable = tuple[ArchitectureRow, ...]


def total_parameters(blueprint: ArchitectureTable) -> int:
    """Add up what is learned, and what batch normalisation keeps."""
    return sum(part.parameters for part in blueprint)


def total_multiply_adds(blueprint: ArchitectureTable) -> int:
    """Add up the multiplications of convolutions and dense layers, each with its addition."""
    return sum(part.multiply_adds for part in blueprint)


def merge_repeated_rows(blueprint: ArchitectureTable) -> ArchitectureTable:
    """Write rows that look alike and follow each other as one row that repeats."""
    rows: list[ArchitectureRow] = []
    for part in blueprint:
        last = rows[-1] if rows else None
        if last and replace(last, parameters=0, multiply_adds=0, repeats=1) == replace(
            part, parameters=0, multiply_adds=0, repeats=1
        ):
            rows[-1] = replace(
                last,
                parameters=last.parameters + part.parameters,
                multiply_adds=last.multiply_adds + part.multiply_adds,
                repeats=last.repeats + part.repeats,
            )
        else:
            rows.append(part)
    return tuple(rows)
