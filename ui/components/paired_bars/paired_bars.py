"""Shares before and after a change, two bars a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.components import register
from ui.text.numbers import percent

_component = register.register_component(__file__)


@dataclass(frozen=True, slots=True)
class PairedBar:
    """One thing that has a share in [0, 1] before and after; `best` makes it stand out.

    `value` is what is written of the two; "" writes both shares with an arrow between.
    """

    name: str
    before: float
    after: float
    best: bool = False
    value: str = ""


def render_paired_bars(rows: Sequence[PairedBar], title: str, names: tuple[str, str], key: str, said: str = "") -> None:
    """Show the bars.

    Args:
        rows: at least one.
        title: one line above.
        names: what the two bars of a row are.
        key: of the component, unique on the page.
        said: what a screen reader tells when it changes; its stars are left out.
    """
    told = tuple(
        {
            "name": row.name,
            "shares": (row.before, row.after),
            "value": row.value or f"{percent(row.before)} → {percent(row.after)}",
            "best": row.best,
        }
        for row in rows
    )
    words = {"title": title, "first": names[0], "second": names[1], "said": said.replace("**", "")}
    _component(
        key=key, data={"rows": told, **words}
    )  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py
