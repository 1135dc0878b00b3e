"""A line of time with a few milestones on it; one is chosen, by mouse, finger or arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components import register
from ui.components.choice import follow_choice

_component = register.register_component(__file__, shared=("keys", "turns", "radio"))


@dataclass(frozen=True, slots=True)
class TimelineMilestone:
    """One milestone.

    Attributes:
        key: names it, unique on the line.
        year: when.
        title: what it is called.
        note: a few words below.
        flag: of where it was made, as a data URI.
        place: the country in words, for who cannot see the flag.
    """

    key: str
    year: int
    title: str
    note: str
    flag: str
    place: str


def render_milestones(shown: Sequence[TimelineMilestone], asked: str, key: str) -> str:
    """Show the line and return the key of the chosen milestone.

    Args:
        shown: at least one, the earliest first.
        asked: the one that is chosen at first, and whenever this changes.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    kept = follow_choice(key, "chosen", asked, [era.key for era in shown])
    data = {"eras": tuple(asdict(era) for era in shown), "chosen": kept.value, "turn": kept.turn}
    _component(
        key=key, data=data, on_chosen_change=lambda: None
    )  # no lists in data: see ui/components/drawing_canvas/drawing_canvas.py
    return kept.value
