"""The most probable classes, the best first; one is chosen, to ask why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components import register
from ui.components.choice import follow_choice

_component = register.register_component(__file__, shared=("keys", "turns", "radio", "bars"))


@dataclass(frozen=True, slots=True)
class RankedClass:
    """One class.

    Attributes:
        key: names the class, unique in the ranking.
        name: in plain words.
        note: what it means, in one line; "" where the name says it.
        share: its probability in [0, 1], the length of the bar.
        value: the same in words.
    """

    key: str
    name: str
    note: str
    share: float
    value: str


def render_class_ranking(ranks: Sequence[RankedClass], asked: str, caption: str, key: str) -> str:
    """Show the bars and return the key of the chosen class.

    Args:
        ranks: at least one.
        asked: the class that is chosen at first, and whenever this changes.
        caption: one line above, and the name of the group for screen readers.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    kept = follow_choice(key, "chosen", asked, [rank.key for rank in ranks])
    data = {"ranks": tuple(asdict(rank) for rank in ranks), "caption": caption, "chosen": kept.value, "turn": kept.turn}
    _component(
        key=key, data=data, on_chosen_change=lambda: None
    )  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py
    return kept.value
