"""A network as a column of boxes: how wide the maps are, how many, what makes them, and what that costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cnn.case_studies import architecture_table
from cnn.case_studies.architecture_table import ArchitectureRow, ArchitectureTable
from ui.components import register
from ui.text.numbers import large_number

_component = register.register_component(__file__)


def render_architecture_diagram(title: str, rows: ArchitectureTable, key: str) -> None:
    """Show the rows from the input down to the answer.

    Args:
        title: what network it is.
        rows: at least one; those that look alike are gathered.
        key: of the component, unique on the page.
    """
    few = architecture_table.merge_repeated_rows(rows)
    widest = max(part.shape[0] for part in few)
    most = max(part.parameters for part in few)
    parts = tuple(_part(part, widest, most) for part in few)
    _component(key=key, data={"title": title, "sum": total_sentence(rows), "parts": parts})


def total_sentence(rows: ArchitectureTable) -> str:
    """Say what the whole costs."""
    parameters, work = architecture_table.total_parameters(rows), architecture_table.total_multiply_adds(rows)
    return f"{parameters:,} parameters, {large_number(work)} multiply-adds an answer"


def _part(part: ArchitectureRow, widest: int, most: int) -> dict[str, Any]:
    height, width, maps = part.shape
    shape = f"{maps:,} numbers" if height == width == 1 else f"{height}x{width}, {maps} map{'s' if maps > 1 else ''}"
    cost = f"{part.parameters:,} parameters" if part.parameters else "nothing learned" if part.kind != "input" else ""
    return asdict(part) | {
        "said": shape,
        "cost": cost,
        "weight": part.parameters / most if most else 0.0,
        "wide": height / widest,
    }
