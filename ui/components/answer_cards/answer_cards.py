"""What each architecture answers, side by side; the chosen one shows its ten bars."""

from __future__ import annotations

from collections.abc import Sequence

from ui.components import register
from ui.components.choice import follow_choice
from ui.text.agreement import NO_ANSWER, NetworkAnswer, agreement_sentence, spoken
from ui.text.numbers import milliseconds, percent
from ui.text.out_of_distribution import UNLIKE

_component = register.register_component(__file__, shared=("keys", "turns", "radio", "bars"))


def render_answer_cards(rows: Sequence[NetworkAnswer], labels: Sequence[str], chosen: str, key: str) -> str:
    """Show one card a network and the bars of the chosen one.

    Args:
        rows: one a network, at least one.
        labels: of the bars, in the order of each row's probabilities.
        chosen: a network's name, such as the address holds; it counts at first and whenever it changes.
        key: of the component, unique on the page; the choice stays in the session under it.
    Returns: the name of the network that is chosen now, always one of the `rows`.
    """
    kept = follow_choice(key, "chosen", chosen, [row.network for row in rows])
    data = {
        "rows": tuple(_row(row) for row in rows),  # no lists here: see ui/components/drawing_canvas/drawing_canvas.py
        "labels": tuple(labels),
        "agreement": agreement_sentence(rows),
        "chosen": kept.value,
        "turn": kept.turn,
    }
    _component(key=key, data=data, on_chosen_change=lambda: None)
    return kept.value


def _row(row: NetworkAnswer) -> dict[str, object]:
    """Turn a row into what the front end shows: every number as text, and widths in [0, 1]."""
    answered = row.label is not None
    several = f" (the {row.label} of {row.reading})" if answered and len(row.reading) > 1 else ""
    return {
        "network": row.network,
        "title": row.title,
        "reading": row.text,
        "shown": row.text + ("" if row.known else "?") if answered else NO_ANSWER,
        "confidence": _confidence(row) if answered else NO_ANSWER,
        "milliseconds": milliseconds(row.milliseconds) if answered else NO_ANSWER,
        "width": row.confidence,
        "known": row.known,
        "spoken": spoken(row),
        "caption": f"Confidence: how sure {row.title} is of each digit{several}",
        "winner": row.probabilities.index(max(row.probabilities)) if answered else -1,
        "bars": [[share, percent(share) if answered else NO_ANSWER] for share in row.probabilities],
    }


def _confidence(row: NetworkAnswer) -> str:
    return percent(row.confidence) if row.known else UNLIKE
